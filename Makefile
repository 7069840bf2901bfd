# One command runs everything on this machine, one checks everything. `make help` lists them.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BIN := bin

# Where a machine lacks something, tests that need it are skipped; not here.
export MIGLOBE_REQUIRE_POSTGRES := 1
export MIGLOBE_REQUIRE_BROWSER := 1

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: require-run assets ## build and start everything on this machine; ARGS="--speed 2000" lets months pass, ARGS="--state DIR" keeps state elsewhere
	@scripts/build-local.sh
	@$(BIN)/miglobe-local run $(ARGS)

.PHONY: build
build: require-run assets ## build bin/miglobe (production) and bin/miglobe-local
	go build -buildvcs=false -o $(BIN)/miglobe ./cmd/miglobe
	@scripts/build-local.sh

# The root module is checked first: it is quick, and a mistake there shows before the engine is compiled,
# which happens once, for the checks and the tests of local/ together.
.PHONY: test
test: require-test assets lint-root test-root vet-local test-local ## all checks and all tests

.PHONY: lint
lint: require-run assets lint-root lint-local ## gofmt, vet, staticcheck, workflowcheck

.PHONY: lint-root
lint-root: $(BIN)/staticcheck $(BIN)/workflowcheck
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	$(BIN)/staticcheck ./...
	$(BIN)/workflowcheck -test=false ./workflows/...

.PHONY: test-root
test-root:
	go test -timeout 15m ./...

# What hangs on the workflow engine's server takes the analyser minutes to read; `make lint` looks at that, too.
.PHONY: vet-local
vet-local: $(BIN)/staticcheck
	cd local && go vet ./...
	cd local && ../$(BIN)/staticcheck . ./backup ./mailcatcher ./ports ./postgres ./state

.PHONY: lint-local
lint-local: $(BIN)/staticcheck
	cd local && go vet ./...
	cd local && ../$(BIN)/staticcheck ./...

.PHONY: test-local
test-local:
	cd local && go test -p 1 -timeout 20m ./...

.PHONY: backup
backup: require-run ## save consultations and engine of the local run together; TO=FOLDER, also while it runs
	@$(if $(TO),,echo "make backup TO=FOLDER" >&2; exit 2)
	@scripts/build-local.sh
	@$(BIN)/miglobe-local backup $(ARGS) "$(TO)"

.PHONY: restore
restore: require-run ## bring back what was saved; FROM=FOLDER, ARGS="--replace" moves aside what is there
	@$(if $(FROM),,echo "make restore FROM=FOLDER" >&2; exit 2)
	@scripts/build-local.sh
	@$(BIN)/miglobe-local restore $(ARGS) "$(FROM)"

.PHONY: secrets
secrets: ## make passwords and settings for docker-compose.yml; what is there is kept
	@deploy/init.sh

.PHONY: sequences
sequences: ## play random sequences through the workflows; N=10000 how many, SEED=1 the first
	go test ./workflows -run RandomSequences -count=1 -timeout 60m -v -seed $(or $(SEED),1) -sequences $(or $(N),10000)

.PHONY: chaos
chaos: require-run assets ## kill every part at random while people work, and check what was promised; N=2000 inputs, SEED=1 again
	cd local && go test ./chaos -count=1 -timeout 30m -v -seed $(or $(SEED),0) -inputs $(or $(N),2000)

.PHONY: record
record: require-run assets ## keep today's engine histories for the replay tests of all later releases
	cd local && go test ./engine -count=1 -record $(CURDIR)/workflows/testdata

.PHONY: bench
bench: build ## measure, and write docs/benchmarks.md; ARGS="--only d,e" measures some parts
	cd local && go build -buildvcs=false -o ../$(BIN)/miglobe-bench ./cmd/miglobe-bench
	$(BIN)/miglobe-bench $(ARGS)

# The analysers are tools of go.mod, built once a version.
$(BIN)/staticcheck: go.mod
	go build -buildvcs=false -o $@ honnef.co/go/tools/cmd/staticcheck
$(BIN)/workflowcheck: go.mod
	go build -buildvcs=false -o $@ go.temporal.io/sdk/contrib/tools/workflowcheck

.PHONY: assets
assets: server/static/kern/kern.min.css ## put the design system's files from npm in place

server/static/kern/kern.min.css: package.json package-lock.json scripts/assets.sh
	npm ci --no-progress --loglevel=error
	scripts/assets.sh

.PHONY: require-run require-test
require-run:
	@scripts/require.sh go node postgresql
require-test:
	@scripts/require.sh go node postgresql chromium

.PHONY: clean
clean: ## remove what was built and fetched; the state of local runs stays
	rm -rf $(BIN) node_modules
	find server/static/kern -mindepth 1 ! -name README.md -delete
