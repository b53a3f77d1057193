package commandline

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"exeunt/lifecycle/lang"
)

func TestPages(t *testing.T) {
	pages := Pages("1.2.3")
	if want := len(every()) + 1; len(pages) != want {
		t.Errorf("%d pages, want %d", len(pages), want)
	}
	for _, p := range pages {
		switch p.Name {
		case "exeunt", "exeunt-init", FilePage:
			golden(t, p.Name+"."+p.Section, p.Text)
		}
	}
}

// No page has anything that mandoc or groff has a word to say about.
func TestPagesAreCleanRoff(t *testing.T) {
	mandoc, groff := need(t, "mandoc"), need(t, "groff")
	for _, p := range Pages("1.2.3") {
		path := filepath.Join(t.TempDir(), p.Name+"."+p.Section)
		if err := os.WriteFile(path, []byte(p.Text), 0o666); err != nil {
			t.Fatal(err)
		}
		out, _ := exec.Command(mandoc, "-T", "lint", "-W", "style", path).CombinedOutput()
		for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
			// A page has no date, so that the same version gives the same page: the version says how old it is.
			if line != "" && !strings.Contains(line, "missing date") {
				t.Error(line)
			}
		}
		if out, err := exec.Command(groff, "-man", "-ww", "-b", "-T", "utf8", "-z", path).CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("groff: %v\n%s", err, out)
		}
	}
}

// What a reader sees has all of the table in it.
func TestPagesSayAll(t *testing.T) {
	mandoc := need(t, "mandoc")
	for i, p := range Pages("1.2.3") {
		cmd := exec.Command(mandoc, "-T", "ascii", "-O", "width=1000")
		cmd.Stdin = strings.NewReader(p.Text)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		text := regexp.MustCompile(`.\x08`).ReplaceAllString(string(out), "") // bold is struck twice
		text = regexp.MustCompile(`\s+`).ReplaceAllString(text, " ")
		var wants []string
		if p.Name == FilePage {
			for _, b := range lang.Schema() {
				for _, a := range b.Attributes {
					wants = append(wants, a.Name+" = ", sentence(strings.ReplaceAll(a.Doc, "`", "")))
				}
			}
		} else {
			c := every()[i]
			for _, f := range c.Flags {
				wants = append(wants, strings.Join(f.spellings(), " "), sentence(f.Explained()))
			}
			for _, s := range c.Statuses {
				wants = append(wants, s.Code+" "+sentence(s.Doc))
			}
			for _, e := range c.Examples {
				wants = append(wants, e.Line)
			}
			wants = append(wants, c.Text...)
		}
		for _, want := range wants {
			if !strings.Contains(text, want) && !strings.Contains(text, swapped(want)) {
				t.Errorf("%s(%s) has no %q", p.Name, p.Section, want)
			}
		}
	}
}

// swapped is "-c, --config" of "--config -c".
func swapped(spellings string) string {
	long, short, _ := strings.Cut(spellings, " ")
	return short + ", " + long
}
