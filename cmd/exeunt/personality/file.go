package personality

import (
	"slices"

	"exeunt/lifecycle"
)

// Under lays a file under a role: what the file says wins, block by block; what it is silent about stays as the original has it.
//
//   - A stop or signal block takes its signals from the personality: no rewrite, no swallowing, no suspension is left of them.
//   - A signal that neither names goes where the original sends it.
//   - exit.status: a status that the file maps is mapped so; the others as the command line asks (tini -e).
//   - exit.linger replaces the SIGTERM that dumb-init says farewell with.
//   - The terminal is exeunt's to keep where the file names one of its signals, or these would not get to it.
//   - All else (grace_period, child, start, exit hooks) the originals do not know: it is the file's.
func (r *Role) Under(file *lifecycle.Lifecycle) *lifecycle.Lifecycle {
	plan := *file
	r.File = file
	named := func(s lifecycle.Signal) bool {
		has := func(script *lifecycle.Script) bool { return slices.Contains(script.On, s) }
		return slices.ContainsFunc(file.Stops, has) || slices.ContainsFunc(file.Signals, has)
	}
	free := func(scripts []*lifecycle.Script) []*lifecycle.Script {
		return slices.DeleteFunc(slices.Clone(scripts), func(s *lifecycle.Script) bool { return slices.ContainsFunc(s.On, named) })
	}
	plan.Stops = slices.Concat(file.Stops, free(r.Plan.Stops))
	plan.Signals = slices.Concat(file.Signals, free(r.Plan.Signals))
	plan.Unnamed = r.Plan.Unnamed
	plan.Child.None = r.Plan.Child.None
	plan.Exit.Farewell = r.Plan.Exit.Farewell
	plan.Exit.Status = map[int]int{}
	for from, to := range r.Plan.Exit.Status {
		plan.Exit.Status[from] = to
	}
	for from, to := range file.Exit.Status {
		plan.Exit.Status[from] = to
	}
	return &plan
}
