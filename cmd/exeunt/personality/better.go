package personality

import "fmt"

// Better says, a line each, what exeunt does from its start on in another way than the original would, and how to get the
// original's. What depends on what happens is said when it does.
func (r *Role) Better() []string {
	lines := []string{fmt.Sprintf("in the place of %s %s", r.Name, r.Version)}
	if r.ToTheLetter {
		return append(lines, fmt.Sprintf("with all of its habits, as %s=1 asks", Letter))
	}
	if r.Name == "catatonit" && !r.Plan.Child.None {
		lines = append(lines, fmt.Sprintf("the command can be stopped from its terminal: SIGTSTP, SIGTTIN and SIGTTOU are not blocked for it; catatonit blocks them: %s=1 does too", Letter))
	}
	return lines
}
