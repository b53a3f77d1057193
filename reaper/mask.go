package reaper

// RestoreMask gives this thread, which has to be locked, the signal mask that exeunt was started with: what it starts from then on by
// other ways than [Start] would inherit what keeps signals waiting until [Listen] (entry.go), for its whole life.
func RestoreMask() error {
	_, err := setMask(inheritedMask)
	return err
}
