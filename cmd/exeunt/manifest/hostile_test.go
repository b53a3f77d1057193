package manifest_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"exeunt/cmd/exeunt/manifest"
)

const pod = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: app
    image: acme/web
    command: [exeunt, --, web]
`

// What is no manifest, or one that means ill, gives one clear line, whatever it is.
func TestUnreadable(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"empty":                {"a.yaml", " \n\n", `a.yaml: it is empty`},
		"comments only":        {"a.yaml", "# nothing\n---\n# here\n", `a.yaml: there is nothing in it but comments`},
		"a scalar":             {"a.yaml", "hello", `a.yaml:1:1: it is no Kubernetes object, no compose file and no Dockerfile`},
		"another file":         {"values.yaml", "image:\n  tag: 1\n", `values.yaml:1:1: it is no Kubernetes object, no compose file and no Dockerfile`},
		"bad yaml":             {"a.yaml", pod + "  - name: [\n", `a.yaml:9: it is no YAML: did not find expected node content`},
		"bad indentation":      {"a.yaml", "a:\n   b: 1\n  c: 2\n", `a.yaml:2: it is no YAML: did not find expected key`},
		"tabs":                 {"a.yaml", "apiVersion: v1\nkind: Pod\nspec:\n\tcontainers: []\n", `a.yaml:4: a tab indents this line`},
		"twice the key":        {"a.yaml", pod + "kind: Job\n", `a.yaml:9:1: the key "kind" is there twice`},
		"no such anchor":       {"a.yaml", "a: *b\n", `a.yaml: it is no YAML: unknown anchor 'b' referenced`},
		"binary":               {"a.yaml", "\x7fELF\x02\x01\x01\x00\x00", `a.yaml:1: it is no text: byte 0x00`},
		"latin 1":              {"a.yaml", "a: 1\nname: caf\xe9\n", `a.yaml:2: it is no text: byte 0xe9`},
		"control":              {"a.yaml", "a: \x01\n", `a.yaml: it is no YAML: control characters are not allowed`},
		"an anchor itself":     {"a.yaml", "services: &a\n  web: *a\n", `a.yaml:2:8: the anchor "a" contains itself`},
		"helm":                 {"a.yaml", "apiVersion: v1\nkind: Pod\n{{- if .Values.x }}\nspec: 1\n{{- end }}\n", `a.yaml:3: it is a template`},
		"helm by accident":     {"a.yaml", strings.Replace(pod, "acme/web", "{{ .Values.image }}", 1), `a.yaml:7:12: it is a template`},
		"a kustomization":      {"k.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n", `k.yaml:1:1: it is a kustomization`},
		"an old one":           {"k.yaml", "resources: [a.yaml]\npatches: []\n", `k.yaml:1:1: it is a kustomization`},
		"a json patch":         {"k.yaml", "- op: replace\n  path: /spec/x\n  value: 1\n", `k.yaml:1:1: it is a patch, and says little without what it patches`},
		"a service that isn't": {"compose.yaml", "services:\n  web: nginx\n", `compose.yaml:2:3: the service "web" is no mapping`},
		"no FROM":              {"Dockerfile", "# nothing\nARG A=1\n", `Dockerfile: there is no FROM in it`},
		"too early":            {"Dockerfile", "RUN true\nFROM debian\n", `Dockerfile:1:1: RUN comes before the first FROM`},
		"no instruction":       {"Dockerfile", "FROM debian\n  ENTRYPONT [\"x\"]\n", `Dockerfile:2:3: there is no instruction "ENTRYPONT" in a Dockerfile`},
		"an empty FROM":        {"web.Dockerfile", "FROM\n", `web.Dockerfile:1:1: FROM names no image`},
		"no end":               {"Dockerfile", "FROM debian\nRUN <<EOF\ntrue\n", `Dockerfile:2:1: the here-document EOF has no end`},
		"a template too":       {"Dockerfile", "FROM debian\n{{ if x }}\nRUN true\n", `Dockerfile:2:1: it is a template`},
		"a folder's name":      {"Containerfile", "hello: world\n", `Containerfile:1:1: there is no instruction "HELLO:" in a Dockerfile`},
		"broken json":          {"a.json", `{"apiVersion": "v1", "kind": `, `a.json:1: it is no YAML: did not find expected node content`},
	} {
		t.Run(name, func(t *testing.T) {
			doc, err := manifest.Read(c.file, []byte(c.text))
			if err == nil {
				t.Fatalf("it was read: %+v", doc)
			}
			if err.Error() != c.want {
				t.Errorf("%s\nwant %s", err, c.want)
			}
		})
	}
}

// What looks odd is read all the same.
func TestReadable(t *testing.T) {
	units := utf16.Encode([]rune("\ufeff" + pod))
	little, big := []byte{}, []byte{}
	for _, u := range units {
		little = append(little, byte(u), byte(u>>8))
		big = append(big, byte(u>>8), byte(u))
	}
	for name, text := range map[string]string{
		"byte order mark":  "\ufeff" + pod,
		"Windows":          strings.ReplaceAll(pod, "\n", "\r\n"),
		"UTF-16":           string(little),
		"UTF-16, big":      string(big),
		"no last line end": strings.TrimRight(pod, "\n"),
		"json with escapes": `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","annotations":{"a":"\ud83d\ude00\\\/\u00e9"}},
			"spec":{"containers":[{"name":"app","image":"acme\/web","command":["exeunt","--","web"]}]}}`,
		"a document end":   "---\n" + pod + "...\n---\n# the end\n",
		"tags":             strings.Replace(pod, "name: app", "name: !!str app", 1),
		"unknown fields":   pod + "  surprise: [1, {a: b}]\n",
		"nulls":            strings.Replace(pod, "  containers:", "  terminationGracePeriodSeconds: ~\n  initContainers:\n  volumes: [~]\n  containers:\n  -", 1),
		"surprising types": pod + "  hostPID: {a: 1}\n  shareProcessNamespace: [yes]\n  securityContext: 3\n  volumes: text\n",
	} {
		t.Run(name, func(t *testing.T) {
			doc, err := manifest.Read("pod.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if n := len(doc.Containers); n != 1 {
				t.Fatalf("%d containers", n)
			}
			c := doc.Containers[0]
			if c.String() != `Pod "web", container "app"` || fmt.Sprint(c.Entrypoint.Argv) != "[exeunt -- web]" || c.Image.V != "acme/web" {
				t.Errorf("%v %v %v", c, c.Entrypoint, c.Image)
			}
		})
	}
}

// Files that are large, deep or written to hurt: they end in seconds, with one line where they are refused.
func TestHostile(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c <= 'k'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c, ", c-1), 9), ", "))
	}
	noise := make([]byte, 1<<20)
	random := rand.NewChaCha8([32]byte{})
	random.Read(noise)
	many := strings.Repeat(pod+"---\n", 2000)
	for name, c := range map[string]struct{ text, want string }{
		"a billion laughs":   {"services: {web: {image: x}}\n" + bomb, "its aliases, written out, are more than 1048576 values"},
		"laughs by merging":  {"x: &a {k: 1}\ny: &b {<<: [*a, *a, *a]}\nservices: {web: {<<: [*b, *b], image: x}}\n", ""},
		"deep in brackets":   {strings.Repeat("[", 200_000), "exceeded max depth"},
		"deep in braces":     {strings.Repeat("{a: ", 200_000), "exceeded max depth"},
		"deep and closed":    {"services: {web: {image: x, x-deep: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}}", ""},
		"deep by indenting":  {indented(3000), "it is no Kubernetes object"},
		"huge":               {strings.Repeat("# nothing\n", 1<<20), "more than 8388608 are not read"},
		"many documents":     {many, ""},
		"many instructions":  {"FROM debian\n" + strings.Repeat("ENV A=$A$A\n", 1000), ""},
		"a variable in ever": {"ARG A=" + strings.Repeat("${A:-", 5000) + "\nFROM $A\n", ""},
		"many stages":        {strings.Repeat("FROM a AS b\n", 2000), "more than 1000 stages"},
		"a long variable":    {"FROM debian\nENV A=" + strings.Repeat("x", 1<<16) + "\nENV B=" + strings.Repeat("$A", 1<<18) + "\n", ""},
		"a long line":        {"FROM debian\nRUN " + strings.Repeat("x", 1<<20) + "\n", ""},
		"continued for ever": {"FROM debian\nRUN true \\\n" + strings.Repeat("# no\n\\\n", 100_000), ""},
		"noise":              {string(noise), "it is no text"},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			_, err := manifest.Read("file", []byte(c.text))
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("it took %v", took)
			}
			switch {
			case err == nil && c.want != "":
				t.Error("it was read")
			case err != nil && (c.want == "" || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%.300s", err)
			case err != nil && strings.Contains(err.Error(), "\n"):
				t.Errorf("more than one line: %.300s", err)
			}
		})
	}
}

func indented(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}
