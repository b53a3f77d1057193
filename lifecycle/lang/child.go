package lang

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"exeunt/lifecycle"
)

func decodeChild(b *block) lifecycle.Child {
	c := lifecycle.Child{
		Command: b.texts("command"),
		Process: lifecycle.Process{
			Dir:             b.text("workdir"),
			Env:             b.environment("env"),
			User:            b.text("user"),
			Group:           b.text("group"),
			NoNewPrivileges: b.flag("no_new_privileges"),
			Limits:          decodeLimits(b),
		},
		PIDFile: b.text("pid_file"),
		Ready:   liveValue(b, "ready", boolShape()),
	}
	if mask, ok := b.octal("umask"); ok {
		if mask > 0o777 {
			b.report(problem(b.valueAt("umask"), "Invalid octal number", "umask is octal, from \"0000\" to \"0777\"."))
		}
		n := int(mask)
		c.Process.Umask = &n
	}
	if b.known("command") && c.Command != nil {
		b.program("command", c.Command)
	}
	b.absolute("workdir", c.Process.Dir)
	b.absolute("pid_file", c.PIDFile)
	return c
}

// environment decodes variables that are set once.
func (b *block) environment(name string) map[string]string {
	m := b.textMap(name)
	for _, bad := range badEnvironment(m) {
		b.report(problem(b.item(name, bad), "Invalid variable", "The variable %q can't be set: a name is neither empty nor has = in it, and nothing has a zero byte.", bad))
	}
	return m
}

// absolute reports a path that would hang on exeunt's own directory, which is "/".
func (b *block) absolute(name, path string) {
	if b.known(name) && !strings.HasPrefix(path, "/") {
		b.report(problem(b.valueAt(name), "Relative path", "%s is an absolute path, and %q is not.", name, path))
	}
}

// limitNames are those of prlimit(1).
func limitNames() []string {
	return []string{"as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack"}
}

const unlimited = ^uint64(0)

func decodeLimits(b *block) map[string]lifecycle.Limit {
	v, e, ok := b.once("limits")
	if !ok {
		return nil
	}
	if v.IsNull() || !v.Type().IsObjectType() && !v.Type().IsMapType() {
		b.report(problem(e.at(), "Wrong type", "limits is a map, and this is %s.\nWrite limits = { nofile = 65536 }", typeName(v.Type())))
		return nil
	}
	limits := map[string]lifecycle.Limit{}
	for _, name := range keysOf(v) {
		limit, fits := parseLimit(v.AsValueMap()[name])
		switch {
		case !slices.Contains(limitNames(), name):
			b.report(problem(b.item("limits", name), "Unknown limit", "There is no limit called %q; there are %s.%s", name, listed(limitNames(), "and"), didYouMean(name, limitNames())))
		case !fits:
			b.report(problem(b.item("limits", name), "Invalid limit", "%s is a number, \"unlimited\", or \"SOFT:HARD\" with SOFT not above HARD.\nWrite %s = 65536, or %s = \"1024:65536\"", name, name, name))
		}
		limits[name] = limit
	}
	return limits
}

func parseLimit(v cty.Value) (lifecycle.Limit, bool) {
	if v.IsNull() {
		return lifecycle.Limit{}, false
	}
	switch v.Type() {
	case cty.Number:
		n, exact := v.AsBigFloat().Uint64()
		return lifecycle.Limit{Soft: n, Hard: n}, exact == big.Exact && n != unlimited
	case cty.String:
		soft, hard, two := strings.Cut(v.AsString(), ":")
		if !two {
			hard = soft
		}
		s, sok := parseLimitWord(soft)
		h, hok := parseLimitWord(hard)
		return lifecycle.Limit{Soft: s, Hard: h}, sok && hok && s <= h
	}
	return lifecycle.Limit{}, false
}

func parseLimitWord(text string) (uint64, bool) {
	if text == "unlimited" {
		return unlimited, true
	}
	n, err := strconv.ParseUint(text, 10, 64)
	return n, err == nil && n != unlimited
}
