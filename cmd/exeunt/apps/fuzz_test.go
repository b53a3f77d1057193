package apps

import (
	"strings"
	"testing"
	"time"

	"exeunt/lifecycle/lang"
)

// Whatever a command line is: it is read in no time, and a file that is written for it loads clean and fits.
func FuzzCommand(f *testing.F) {
	for _, seed := range []string{
		"nginx -g x", "dumb-init -r 15:3 -c -- app", "tini -g -e 143 -wvvs -p SIGKILL app", "catatonit -P", "docker-init -e 1\x002 x",
		"sh -c exec\x01uwsgi\x01--http\x01:80", "env A=b python3 -m gunicorn", "bundle exec rake resque:work", "dumb-init\n--rewrite=1:0 \xff`*/",
	} {
		f.Add(seed, int64(30*time.Second))
	}
	f.Fuzz(func(t *testing.T, line string, grace int64) {
		command := strings.Split(line, " ")
		for i := range command {
			command[i] = strings.ReplaceAll(command[i], "\x01", " ")
		}
		r := Request{Grace: max(LeastGrace, time.Duration(grace)), By: line}
		found := Recognise(command)
		var src []byte
		switch in, err := ReadInit(command); {
		case err != nil:
			return
		case in != nil:
			src = in.File(r)
		case found.App != nil:
			r.Port = found.Port
			src = found.App.File(r)
		default:
			return
		}
		plan, _, diags := lang.Parse("lifecycle.hcl", src, lang.Options{})
		if len(diags) > 0 {
			t.Fatalf("%v\n%s", diags, src)
		}
		for _, stop := range plan.Stops {
			if b := plan.Bound(stop); !b.Fits() {
				t.Fatalf("%v takes %v of %v\n%s", stop, b.Total, b.Allowed, src)
			}
		}
	})
}
