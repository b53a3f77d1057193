package timeline

import (
	"context"
	"time"

	"exeunt/lifecycle"
)

// live is a live value that is only ever shown.
type live[T any] string

func (live[T]) Eval(context.Context, lifecycle.Scope) (value T, err error) { return value, nil }
func (l live[T]) String() string                                           { return string(l) }

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

func exec(name string, timeout float64) *lifecycle.Hook {
	return &lifecycle.Hook{Name: name, Timeout: seconds(timeout), Do: &lifecycle.Exec{Argv: live[[]string](`["/hooks/` + name + `"]`)}}
}

func forward(s lifecycle.Signal) *lifecycle.Forward {
	return &lifecycle.Forward{Signal: s, To: lifecycle.Session}
}

func escalate(after float64, s lifecycle.Signal) *lifecycle.Escalate {
	return &lifecycle.Escalate{After: seconds(after), Signal: s, To: lifecycle.Session}
}

func stop(name string, steps ...lifecycle.Step) *lifecycle.Script {
	return &lifecycle.Script{Kind: lifecycle.StopScript, Name: name, On: []lifecycle.Signal{lifecycle.SIGTERM, lifecycle.SIGINT}, Steps: steps}
}

func exits(hooks ...lifecycle.Step) *lifecycle.Script {
	return &lifecycle.Script{Kind: lifecycle.ExitScript, Steps: hooks}
}

// samples are the lifecycles that the pictures are drawn of.
func samples() map[string]*lifecycle.Lifecycle {
	quit := lifecycle.SIGQUIT
	return map[string]*lifecycle.Lifecycle{
		// the one page of the language
		"page": {
			Grace: seconds(30),
			Stops: []*lifecycle.Script{stop("graceful",
				&lifecycle.Hook{Name: "not-ready", Timeout: seconds(1), Do: &lifecycle.Write{Path: live[string](`"/run/app/draining"`)}},
				&lifecycle.Hook{Name: "deregister", Timeout: seconds(3), Retries: 2, RetryDelay: seconds(1), Do: &lifecycle.HTTP{
					Method: "PUT", URL: live[string](`"http://127.0.0.1:8500/v1/agent/service/deregister/${env.HOSTNAME}"`)}},
				&lifecycle.Drain{Delay: seconds(5), Until: live[bool]("connections(local.port) == 0"), Every: seconds(0.25), Timeout: seconds(8)},
				forward(quit), escalate(6, lifecycle.SIGTERM), escalate(2, lifecycle.SIGKILL))},
			Exit: lifecycle.Exit{Linger: seconds(2), Hooks: exits(exec("ship-logs", 2))},
		},
		"nginx": {
			Grace: seconds(30),
			Stops: []*lifecycle.Script{stop("graceful", exec("not-ready", 1), &lifecycle.Drain{Delay: seconds(3)},
				forward(quit), escalate(20, lifecycle.SIGTERM), escalate(2, lifecycle.SIGKILL))},
		},
		// what Docker grants by default, and a stop made for Kubernetes: not even without the drain does it fit
		"too-long": {
			Grace: seconds(10),
			Stops: []*lifecycle.Script{stop("graceful", exec("deregister", 3), &lifecycle.Drain{Delay: seconds(5)},
				forward(lifecycle.SIGTERM), escalate(6, quit), escalate(2, lifecycle.SIGKILL))},
			Exit: lifecycle.Exit{Hooks: exits(exec("ship-logs", 2))},
		},
		// the drain is cut, and then it fits
		"cut": {
			Grace: seconds(20),
			Stops: []*lifecycle.Script{stop("graceful", exec("deregister", 3),
				&lifecycle.Drain{Delay: seconds(2), Until: live[bool](`file_exists("/run/drained")`), Every: seconds(0.5), Timeout: seconds(30)},
				forward(lifecycle.SIGTERM), escalate(5, lifecycle.SIGKILL))},
		},
		"no-grace": {
			Stops: []*lifecycle.Script{stop("patient", &lifecycle.Drain{Delay: seconds(2)}, forward(lifecycle.SIGTERM), escalate(10, lifecycle.SIGKILL))},
		},
		"endless": {
			Stops: []*lifecycle.Script{stop("trusting", exec("not-ready", 1), forward(lifecycle.SIGTERM))},
			Exit:  lifecycle.Exit{Linger: seconds(2), Hooks: exits(exec("ship-logs", 2))},
		},
		"parallel": {
			Grace: seconds(20),
			Stops: []*lifecycle.Script{
				stop("graceful", &lifecycle.Parallel{Hooks: []*lifecycle.Hook{exec("deregister", 4), exec("flush-cache", 2), exec("tell-<&>-peers", 3)}},
					&lifecycle.Drain{Delay: seconds(2)}, forward(0), escalate(6, lifecycle.SIGKILL)),
				{Kind: lifecycle.StopScript, Name: "at-once", On: []lifecycle.Signal{quit}, Steps: []lifecycle.Step{forward(lifecycle.SIGKILL)}},
			},
		},
		// a drain without a timeout takes what the others leave; nothing but the budget ends the child
		"open": {
			Grace: seconds(60),
			Stops: []*lifecycle.Script{stop("graceful", exec("not-ready", 1),
				&lifecycle.Drain{Delay: seconds(5), Until: live[bool]("connections(5432) == 0"), Every: seconds(1)},
				&lifecycle.Hook{Name: "shut-down", Timeout: seconds(15), WaitExit: true, Do: &lifecycle.Exec{Argv: live[[]string](`["pg_ctl", "stop"]`)}},
				forward(quit))},
			Exit: lifecycle.Exit{Linger: seconds(2), Hooks: exits(exec("ship-logs", 4))},
		},
	}
}
