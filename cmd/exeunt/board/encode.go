package board

import (
	"strconv"
	"unicode/utf8"
)

// encoder writes a record's JSON. Package encoding/json would do, and PID 1 would keep some 100 kB for it as long as it lives:
// a tenth of all it has. Zero values are left out, as omitempty has it; a test holds the two against each other.
type encoder struct{ text []byte }

func (r *Record) encode() []byte {
	e := &encoder{make([]byte, 0, 1024)}
	e.begin("")
	e.word("version", r.Version)
	e.number("pid", int64(r.PID))
	e.word("state", r.State)
	e.number("began", r.Began)
	e.child(&r.Child)
	e.flag("ready", r.Ready)
	if r.Stop != nil {
		e.stop(r.Stop)
	}
	if r.Step != nil {
		e.begin("step")
		e.word("name", r.Step.Name)
		e.number("since", r.Step.Since)
		e.number("until", r.Step.Until)
		e.end('}')
	}
	if len(r.Steps) > 0 {
		e.key("steps")
		e.open('[')
		for _, d := range r.Steps {
			e.done(&d)
		}
		e.end(']')
	}
	e.number("omitted", int64(r.Omitted))
	if r.Failure != nil {
		e.begin("failure")
		e.word("text", r.Failure.Text)
		e.number("at", r.Failure.At)
		e.end('}')
	}
	e.end('}')
	return e.text[:len(e.text)-1] // the comma
}

func (e *encoder) child(c *Child) {
	e.begin("child")
	e.number("pid", int64(c.PID))
	if len(c.Command) > 0 {
		e.key("command")
		e.open('[')
		for _, word := range c.Command {
			e.quoted(word)
		}
		e.end(']')
	}
	e.number("began", c.Began)
	e.flag("awaited", c.Awaited)
	e.flag("ended", c.Ended)
	e.number("status", int64(c.Status))
	e.word("signal", c.Signal)
	e.end('}')
}

func (e *encoder) stop(s *Stop) {
	e.begin("stop")
	e.word("name", s.Name)
	e.word("signal", s.Signal)
	if s.Sender != nil {
		e.begin("sender")
		e.number("pid", int64(s.Sender.PID))
		e.number("uid", int64(s.Sender.UID))
		e.word("command", s.Sender.Command)
		e.flag("kernel", s.Sender.Kernel)
		e.end('}')
	}
	e.number("began", s.Began)
	e.number("grace", s.Grace)
	e.number("kill_at", s.KillAt)
	e.number("end_by", s.EndBy)
	e.end('}')
}

func (e *encoder) done(d *Done) {
	e.open('{')
	e.word("script", d.Script)
	e.word("step", d.Step)
	e.word("outcome", d.Outcome)
	e.word("reason", d.Reason)
	e.number("took", d.Took)
	e.end('}')
}

// begin opens an object, as the value of a key unless that is "".
func (e *encoder) begin(key string) {
	if key != "" {
		e.key(key)
	}
	e.open('{')
}

func (e *encoder) open(bracket byte) { e.text = append(e.text, bracket) }

// end closes what was opened. What is written last has a comma behind it.
func (e *encoder) end(bracket byte) {
	if last := len(e.text) - 1; e.text[last] == ',' {
		e.text = e.text[:last]
	}
	e.text = append(e.text, bracket, ',')
}

func (e *encoder) key(name string) {
	e.text = append(e.text, '"')
	e.text = append(e.text, name...)
	e.text = append(e.text, '"', ':')
}

func (e *encoder) word(key, value string) {
	if value != "" {
		e.key(key)
		e.quoted(value)
	}
}

func (e *encoder) number(key string, n int64) {
	if n != 0 {
		e.key(key)
		e.text = append(strconv.AppendInt(e.text, n, 10), ',')
	}
}

func (e *encoder) flag(key string, yes bool) {
	if yes {
		e.key(key)
		e.text = append(e.text, "true,"...)
	}
}

func (e *encoder) quoted(value string) {
	const hex = "0123456789abcdef"
	e.text = append(e.text, '"')
	for _, c := range value { // a byte that is no UTF-8 comes as U+FFFD
		switch {
		case c == '"' || c == '\\':
			e.text = append(e.text, '\\', byte(c))
		case c < ' ':
			e.text = append(e.text, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			e.text = utf8.AppendRune(e.text, c)
		}
	}
	e.text = append(e.text, '"', ',')
}
