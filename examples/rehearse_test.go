package examples_test

import "testing"

// docs/rehearse.md says what a container engine has to grant for a rehearsal to be in a PID namespace of its own, and that it
// goes without.
func TestRehearseInAContainer(t *testing.T) {
	for place, flags := range map[string][]string{
		"as a subreaper":              nil,
		"as PID 1 of a PID namespace": {"--cap-add", "SYS_ADMIN", "--security-opt", "apparmor=unconfined"},
	} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			c := runPlainWith(t, "plain.hcl", flags, "exeunt", "rehearse", "--after", "100ms", "--repeat", "2", "--", "sh", "-c",
				`trap "exit 0" TERM; while :; do sleep 0.1; done`)
			c.waitLine(t, "rehearsal 1 of 2, "+place+": passed")
			c.waitLine(t, "2 of 2 passed")
			c.wantExit(t, 0)
		})
	}
}
