package apps

import (
	"fmt"
	"strings"
)

// Table is what docs/apps.md says of the applications: a table of all, then what each does on its signals.
func Table() string {
	var b strings.Builder
	b.WriteString("| `--app` | application | is asked to finish by | and, when it does not, ended by | the signals by its documentation |\n| --- | --- | --- | --- | --- |\n")
	for _, a := range All() {
		names := "`" + strings.Join(append([]string{a.Name}, a.Also...), "`, `") + "`"
		hard := "SIGKILL"
		if a.Hard != 0 {
			hard = fmt.Sprintf("%v, then SIGKILL", a.Hard)
		}
		source := ""
		if a.Source != "" {
			source = fmt.Sprintf("[%s](%s)", host(a.Source), a.Source)
		}
		fmt.Fprintf(&b, "| %s | [%s](#%s) | %s | %s | %s |\n", names, a.Title, anchor(a.heading()), a.Gently(), hard, source)
	}
	for _, a := range All() {
		fmt.Fprintf(&b, "\n### %s\n\n", a.heading())
		for _, s := range a.Signals {
			fmt.Fprintf(&b, "- %s: %s.\n", s.Names(), s.Does)
		}
		fmt.Fprintf(&b, "\n%s\n", asText(a.Why))
		if a.Set != "" {
			fmt.Fprintf(&b, "\n%s\n", asText(a.Settings(defaultGrace)))
		}
	}
	return b.String()
}

// heading is the title as it stands alone.
func (a *App) heading() string {
	for _, article := range []string{"the ", "an "} {
		if rest, ok := strings.CutPrefix(a.Title, article); ok {
			return strings.ToUpper(rest[:1]) + rest[1:]
		}
	}
	return a.Title
}

// anchor is what a heading is linked by.
func anchor(heading string) string {
	return strings.NewReplacer(" ", "-", ".", "").Replace(strings.ToLower(heading))
}

// host is the name of the site that an address is on.
func host(url string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(url, "https://"), "/")
	return strings.TrimPrefix(name, "www.")
}

// asText keeps words with underscores and stars in them from being set in italics.
func asText(text string) string {
	words := strings.Fields(text)
	for i, word := range words {
		if strings.ContainsAny(word, "_*") {
			bare := strings.Trim(word, "(),.;:")
			words[i] = strings.Replace(word, bare, "`"+bare+"`", 1)
		}
	}
	return strings.Join(words, " ")
}
