# make           says what there is
# make build     gives bin/exeunt
# make test      is what CI runs

.DEFAULT_GOAL := help

BIN ?= bin
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

# -E: the binary begins at a few lines of assembly that note the signal mask and the ignored signals exeunt was given, before the Go
# runtime changes both, and keep the signals that come before exeunt listens. For that they have to know a table of the runtime's: hence
# -checklinkname=0 and the build tag (reaper/entry.go).
# asyncpreemptoff: the scheduler's SIGURG to its own threads is told by its sender (reaper/siginfo.go), and where the user's queue of
# signals is full (RLIMIT_SIGPENDING) the kernel delivers a signal without one: it would go to the child. Nothing here loops for long.
LDFLAGS := -s -w \
	-E=exeunt/reaper.entry \
	-checklinkname=0 \
	-X=runtime.godebugDefault=asyncpreemptoff=1 \
	-X=main.version=$(VERSION)
GO_BUILD := CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags entry -ldflags "$(LDFLAGS)"

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# The race detector needs cgo. -count=1: a cached result of a test that starts processes says nothing.
GO_TEST_FLAGS := -race -count=1 -timeout 12m
FUZZTIME ?= 30s

# go vet, gofmt and staticcheck see testdata only when it is named.
CHILD := ./examples/testdata/child

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: build
build: ## bin/exeunt, static, for this machine (BIN=folder: there)
	@mkdir -p $(BIN)
	$(GO_BUILD) -o $(BIN)/exeunt ./cmd/exeunt

.PHONY: build-all
build-all: ## bin/exeunt-linux-amd64 and -arm64
	@mkdir -p $(BIN)
	GOOS=linux GOARCH=amd64 $(GO_BUILD) -o $(BIN)/exeunt-linux-amd64 ./cmd/exeunt
	GOOS=linux GOARCH=arm64 $(GO_BUILD) -o $(BIN)/exeunt-linux-arm64 ./cmd/exeunt

.PHONY: man
man: build ## bin/share: the manual pages and what completes the command line in bash, zsh and fish
	$(BIN)/exeunt man --all $(BIN)/share/man
	@mkdir -p $(BIN)/share/bash-completion/completions $(BIN)/share/zsh/site-functions $(BIN)/share/fish/vendor_completions.d
	$(BIN)/exeunt completion bash >$(BIN)/share/bash-completion/completions/exeunt
	$(BIN)/exeunt completion zsh >$(BIN)/share/zsh/site-functions/_exeunt
	$(BIN)/exeunt completion fish >$(BIN)/share/fish/vendor_completions.d/exeunt.fish

.PHONY: demo
demo: build ## a stop, step by step, in under a minute; no container engine needed
	EXEUNT=$(abspath $(BIN))/exeunt cmd/exeunt/testdata/demo/run

.PHONY: test
test: ## every test, those in containers too; installs what it needs (Debian, root)
	.ci/install
	go vet ./... $(CHILD)
	.ci/test -count=1 ./cmd/initbench # alone: what else runs would be measured too
	CGO_ENABLED=1 .ci/test $(GO_TEST_FLAGS) $$(go list ./... | grep -v /initbench)

.PHONY: e2e
e2e: ## the container tests alone
	.ci/install
	.ci/test -count=1 -timeout 12m ./examples/...

.PHONY: bench
bench: build ## exeunt beside other inits; installs them (Debian, root)
	.ci/install bench
	go run ./cmd/initbench

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME (30s) each
	@grep -rn --include='*_test.go' '^func Fuzz' . | sed -E 's|/[^/]*:[0-9]+:func (Fuzz[A-Za-z0-9_]*).*| \1|' | \
	while read -r folder target; do \
		echo "$$folder $$target"; \
		go test "$$folder" -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) || exit 1; \
	done

.PHONY: update
update: ## rewrite the goldens; commit only what you understand
	@go test -count=1 $$(grep -rlE --include='*_test.go' 'flag\.Bool\("update"' . | xargs -r -n1 dirname | sort -u) -update

.PHONY: check
check: ## gofmt, go vet, staticcheck
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "not gofmt'ed:"; echo "$$unformatted"; exit 1; fi
	go vet ./... $(CHILD)
	GOARCH=arm64 go vet ./...
	go run $(STATICCHECK) ./... $(CHILD)

.PHONY: clean
clean: ## remove bin/
	rm -rf $(BIN)
