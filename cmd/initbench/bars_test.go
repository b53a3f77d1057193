package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The bars of a drop-in: idle memory of at most 1.5 MB, a start of at most four times dumb-init's, in the same interleaved run.
const (
	maxAnon  = 1536 // kB
	maxRatio = 4.0
)

func TestBars(t *testing.T) {
	if _, err := exec.LookPath("dumb-init"); err != nil {
		t.Skip("dumb-init is not installed: the start cannot be held against it (apt-get install dumb-init)")
	}
	dir := t.TempDir()
	exeunt := filepath.Join(dir, "exeunt")
	build := exec.Command("make", "build", "BIN="+dir)
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("make build: %v\n%s", err, out)
	}
	file := filepath.Join(dir, "lifecycle.hcl")
	if err := os.WriteFile(file, []byte(sample), 0o644); err != nil {
		t.Fatal(err)
	}
	contenders := inits(exeunt, file)
	for _, c := range contenders {
		if !strings.HasPrefix(c.name, "exeunt") {
			continue
		}
		kb, err := idleMemory(c)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: idle Pss_Anon %d kB", c.name, kb)
		if kb > maxAnon {
			t.Errorf("%s: idle Pss_Anon is %d kB, the bar is %d kB", c.name, kb, maxAnon)
		}
	}
	times, err := startTimes(contenders, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"exeunt", "exeunt as dumb-init", "exeunt as tini"} {
		own, peer := times[name].undisturbed(), times["dumb-init"].undisturbed()
		ratio := float64(own) / float64(peer)
		t.Logf("start: %s %v, dumb-init %v, ratio %.2f; of the medians %.2f", name, own, peer, ratio,
			float64(times[name].typical())/float64(times["dumb-init"].typical()))
		if ratio > maxRatio {
			t.Errorf("the start of %s takes %.2f times dumb-init's, the bar is %.1f", name, ratio, maxRatio)
		}
	}
}
