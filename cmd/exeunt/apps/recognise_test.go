package apps

import (
	"strings"
	"testing"
	"time"
)

func TestRecognise(t *testing.T) {
	for _, test := range []struct {
		command string // words between "|" where one has a space
		app     string
		port    int
		note    string
	}{
		{"nginx -g daemon off;", "nginx", 0, ""},
		{"/usr/sbin/nginx", "nginx", 0, ""},
		{"/docker-entrypoint.sh nginx", "nginx", 0, ""},
		{"docker-php-entrypoint php-fpm", "php-fpm", 0, ""},
		{"php-fpm8.2 --nodaemonize", "php-fpm", 0, ""},
		{"apache2ctl -D FOREGROUND", "apache", 0, "apache2ctl is a shell script"},
		{"docker-entrypoint.sh postgres -c shared_buffers=1GB", "postgres", 0, ""},
		{"gunicorn -b :8000 app:app", "gunicorn", 0, ""},
		{"python3 -m gunicorn app:app", "gunicorn", 0, ""},
		{"/venv/bin/python /venv/bin/celery -A proj worker", "celery", 0, ""},
		{"python3.12 -u -m uvicorn main:app", "uvicorn", 0, ""},
		{"poetry run uvicorn main:app --port 9000", "uvicorn", 0, ""},
		{"uv run -- gunicorn app", "gunicorn", 0, ""},
		{"uwsgi --http :9090 --wsgi-file app.py", "uwsgi", 9090, ""},
		{"uwsgi --socket=127.0.0.1:3031", "uwsgi", 3031, ""},
		{"bundle exec puma -C config/puma.rb", "puma", 0, ""},
		{"bundle exec sidekiq -c 5", "sidekiq", 0, ""},
		{"bundle exec rake resque:work", "resque", 0, ""},
		{"bundle install", "", 0, ""},
		{"bin/rails server -b 0.0.0.0", "puma", 0, ""},
		{"ruby bin/unicorn -c unicorn.rb", "unicorn", 0, ""},
		{"node server.js --port 4000", "node", 4000, ""},
		{"npm start", "node", 0, "npm starts the program as a process of its own"},
		{"java -jar app.jar", "java", 0, ""},
		{"catalina.sh run", "java", 0, ""},
		{"env -u HOME LANG=C.UTF-8 redis-server", "redis", 0, ""},
		{"gosu redis redis-server", "redis", 0, ""},
		{"su-exec 999:999 memcached", "memcached", 0, ""},
		{"setpriv --reuid=1 --clear-groups haproxy -W", "haproxy", 0, ""},
		{"nice -n 5 mysqld", "mysql", 0, ""},
		{"mysqld_safe", "mysql", 0, "mysqld_safe starts a server that ends again"},
		{"dumb-init -r 15:3 -c -- nginx", "nginx", 0, ""},
		{"tini -g -e 143 -- rq worker", "rq", 0, ""},
		{"exeunt -c /x.hcl -- envoy", "envoy", 0, ""},
		{"sh|-c|exec nginx -g 'daemon off;'", "nginx", 0, ""},
		{"sh|-c|./migrate && exec gunicorn 'a b'", "gunicorn", 0, ""},
		{"bash|-lc|source env; php-fpm", "php-fpm", 0, "A shell stands before PHP-FPM"},
		{"sh|-c|echo 'nginx; nginx' # nginx\nunicorn", "unicorn", 0, "A shell stands before Unicorn"},
		{"sh start.sh nginx", "", 0, ""},
		{"./app --port 3000", "", 0, ""},
		{"node-exporter", "", 0, ""},
		{"", "", 0, ""},
		{"sh|-c|", "", 0, ""},
		{"exec", "", 0, ""},
	} {
		words := strings.Fields(test.command)
		if strings.Contains(test.command, "|") {
			words = strings.Split(test.command, "|")
		}
		f := Recognise(words)
		app := ""
		if f.App != nil {
			app = f.App.Name
		}
		notes := strings.Join(f.Notes, "\n")
		if app != test.app || f.Port != test.port || (notes == "") != (test.note == "") || !strings.Contains(notes, test.note) {
			t.Errorf("%s: %q, port %d, notes %q; want %q, %d, %q", test.command, app, f.Port, notes, test.app, test.port, test.note)
		}
	}
}

// One wrapper around the other does not take for ever.
func TestRecogniseEnds(t *testing.T) {
	Recognise(strings.Fields(strings.Repeat("exec ", 10000) + "nginx"))
	Recognise([]string{"sh", "-c", strings.Repeat("sh -c '", 100)})
}

func TestInitFiles(t *testing.T) {
	for name, command := range map[string]string{
		"dumb-init":              "dumb-init -- app",
		"dumb-init-rewrites":     "dumb-init -r 15:3 -r2:3 --rewrite=1:0 --rewrite 10:12 -v app -x",
		"dumb-init-child":        "dumb-init -vc -r 15:3 -r 28:0 -- app",
		"dumb-init-deaf":         "/usr/bin/dumb-init --rewrite=15:0 --rewrite 9:15 -r 17:1 app",
		"tini":                   "tini -- app",
		"tini-group":             "/tini -g -e 143 -e130 -- app",
		"tini-noisy, tini-like":  "tini-static -wvvs -p SIGKILL app",
		"catatonit, tini-like":   "catatonit -g -- app",
		"docker-init, tini-like": "/sbin/docker-init -- app",
	} {
		t.Run(name, func(t *testing.T) {
			in, err := ReadInit(strings.Fields(command))
			if err != nil || in == nil {
				t.Fatal(in, err)
			}
			if in.Command[0] != "app" {
				t.Errorf("the command is %q", in.Command)
			}
			for _, grace := range graces {
				src := in.File(Request{Grace: grace, By: "exeunt init -- " + command})
				fits(t, src)
				if grace == 30*time.Second && !strings.HasSuffix(name, "tini-like") {
					golden(t, "inits/"+name+".hcl", src)
				}
			}
		})
	}
}

func TestInitMistakes(t *testing.T) {
	for command, want := range map[string]string{
		"dumb-init":               "dumb-init: no command stands behind its options",
		"dumb-init -c --":         "dumb-init: no command stands behind its options",
		"dumb-init -r":            "dumb-init: option -r has no value",
		"dumb-init --rewrite":     "dumb-init: option --rewrite has no value",
		"dumb-init -r 15 app":     `dumb-init: -r "15" is no rewrite of two signal numbers like 15:3`,
		"dumb-init -r 15:40 app":  `dumb-init: -r "15:40" is no rewrite of two signal numbers like 15:3`,
		"dumb-init -r TERM:3 app": `dumb-init: -r "TERM:3" is no rewrite of two signal numbers like 15:3`,
		"dumb-init -x app":        "dumb-init: option -x is not known",
		"dumb-init --what app":    "dumb-init: option --what is not known",
		"tini -e 256 app":         `tini: -e "256" is no exit status from 0 to 255`,
		"tini --version":          "tini: option --version is not known",
		"catatonit -P":            "catatonit: -P runs no command, and has nothing to stop",
	} {
		if _, err := ReadInit(strings.Fields(command)); err == nil || err.Error() != want {
			t.Errorf("%s: %v\nwant %s", command, err, want)
		}
	}
	for _, command := range []string{"nginx", "dumb", "tiny -g app"} {
		if in, err := ReadInit(strings.Fields(command)); in != nil || err != nil {
			t.Errorf("%s: %v, %v", command, in, err)
		}
	}
}
