# huawu: every target says what it does in `make help`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GO ?= go
# Where Asterisk and its kin are put; install.sh knows the default.
CACHE_BIN := $(shell deploy/asterisk/install.sh --where):$(shell deploy/qemu.sh --where)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# What an optional toolchain decides: the race detector needs a C compiler.
RACE := $(shell $(GO) env CGO_ENABLED | grep -q 1 && command -v $$($(GO) env CC) >/dev/null && echo -race)

# Rooms with goroutines of their own are tested under the race detector; the
# pure ones cannot race.
PURE_ROOMS := fact calendar call routing scripts norms callback center
PURE := ./media $(foreach room,$(PURE_ROOMS),$(if $(wildcard $(room)),./$(room)/...))
TAGS := asterisk,postgres
TIMEOUT ?= 20m
# Tests with a real Asterisk in them share two cores badly.
PARALLEL ?= 2

# What install.sh fetched is found where the machine has none of its own.
WITH_TOOLS := env PATH="$$PATH:$(CACHE_BIN)"

.PHONY: help
help: ## Explain every target
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build the one binary, bin/huawu
	$(GO) build -trimpath -o bin/huawu ./cmd/huawu

.PHONY: asterisk
asterisk: ## Put Asterisk, SIPp, espeak-ng and PostgreSQL into the cache folder (no root needed)
	@deploy/asterisk/install.sh >/dev/null

.PHONY: qemu
qemu: ## Put an emulation of arm64 into the cache folder, for tests on another machine (no root needed)
	@deploy/qemu.sh >/dev/null

.PHONY: test
test: asterisk qemu ## Run every test: unit, property, conformance, end to end on a real Asterisk
	@test -n "$(RACE)" || echo "no C compiler: the race detector is off"
	$(GO) vet -tags $(TAGS) ./...
	$(WITH_TOOLS) $(GO) test -timeout $(TIMEOUT) -p $(PARALLEL) -tags $(TAGS) $(PURE)
	$(WITH_TOOLS) $(GO) test $(RACE) -timeout $(TIMEOUT) -p $(PARALLEL) -tags $(TAGS) $$(comm -23 <($(GO) list ./... | sort) <($(GO) list $(PURE) | sort))

.PHONY: quick
quick: ## Run the tests that need neither Asterisk nor PostgreSQL
	$(GO) test -timeout $(TIMEOUT) ./...

.PHONY: race
race: asterisk qemu ## Run every test under the race detector, pure rooms included
	$(WITH_TOOLS) $(GO) test -race -timeout 30m -p $(PARALLEL) -tags $(TAGS) ./...

.PHONY: lint
lint: ## Vet, staticcheck and format
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "not formatted:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet -tags $(TAGS) ./...
	$(GO) run $(STATICCHECK) -tags $(TAGS) ./...

FUZZTIME ?= 20s
.PHONY: fuzz
fuzz: ## Fuzz every fuzz test for FUZZTIME (20s)
	@grep -rlE '^func Fuzz' --include='*_test.go' . | while read -r file; do \
	  for target in $$(sed -nE 's/^func (Fuzz[A-Za-z0-9_]*)\(.*/\1/p' "$$file"); do \
	    echo "== $$target in $$(dirname "$$file")"; \
	    $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")" </dev/null || exit 1; \
	  done; done

.PHONY: e2e
e2e: asterisk ## Run the end-to-end tests alone: real SIP phones, a real Asterisk, the built huawu
	$(WITH_TOOLS) $(GO) test -v -timeout $(TIMEOUT) -tags $(TAGS) ./test/e2e/...

# The program itself, not go run: signals are to reach it.
.PHONY: bin/demo
bin/demo:
	@$(GO) build -trimpath -o bin/demo ./test/demo

.PHONY: demo
demo: asterisk build bin/demo ## Real calls end to end on this machine, told as a timeline and verified
	@exec $(WITH_TOOLS) bin/demo -huawu bin/huawu

RUN_HOST ?= 127.0.0.1
.PHONY: run
run: asterisk build bin/demo ## The same, left running for softphones; RUN_HOST=<address>[:port] lets those of the network register
	@exec $(WITH_TOOLS) bin/demo -huawu bin/huawu -stay -host $(RUN_HOST)

.PHONY: crash
crash: asterisk build ## Kill huawu ten times with callers in every state, and see that nobody is lost
	$(WITH_TOOLS) $(GO) test -v -count 1 -timeout $(TIMEOUT) -tags $(TAGS) ./test/crash/... -args -kills 10

.PHONY: bench
bench: asterisk build ## Measure against app_queue on the same Asterisk; writes what docs/benchmarks.md tells
	$(WITH_TOOLS) $(GO) run ./test/bench -huawu bin/huawu
	$(GO) test -run '^$$' -bench Day -benchtime 1x ./simulate

.PHONY: compose-check
compose-check: ## Bring docker-compose.yml up, place a call through it, take it down
	deploy/compose-check.sh

.PHONY: clean
clean: ## Remove what was built here; the cache folder stays
	rm -rf bin
