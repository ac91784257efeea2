# `make` lists what there is. Everything works from a fresh clone.

PREFIX ?= /usr/local
DESTDIR ?=
SUDO ?= $(SLIPWAY_SUDO)
SEED ?=
COUNT ?=
FUZZ ?= 10

# The same flags in every debug build, so that none of them throws away what another one built.
debug_flags = --explicit-target-dependency-import-check error
release_flags = -c release --product slipway --static-swift-stdlib -Xlinker --strip-all
release_binary = .build/release/slipway
swift_sources = $(wildcard Sources Tests Benchmarks)
share = $(DESTDIR)$(PREFIX)/share

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo demo-stop test simulate fuzz bench build install check lint format clean \
	prepare-demo prepare-test

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: prepare-demo build ## install what is missing, build, play the story from commit to revert
	scripts/demo

demo-stop: ## stop what `make demo` left running
	scripts/demo --stop

test: prepare-test check ## install what is missing, check, run the whole test suite
	SLIPWAY_TEST_PYTHON="$$(scripts/test-python)" && export SLIPWAY_TEST_PYTHON && \
	scripts/run-tests $(debug_flags)

simulate: ## replay simulated faults: make simulate SEED=42 COUNT=1000
	$(if $(SEED),SEED=$(SEED)) $(if $(COUNT),COUNT=$(COUNT)) swift test $(debug_flags) --filter SimulationTests

fuzz: ## try what strangers write, changed at random: make fuzz FUZZ=60 SEED=1
	SLIPWAY_FUZZ_SECONDS=$(FUZZ) $(if $(SEED),SLIPWAY_FUZZ_SEED=$(SEED)) swift test $(debug_flags) \
		--filter 'FuzzTests|are read or refused|CodeOwnersPatternTests|noise is never|authentic is accepted'

bench: build ## measure against the budgets and print the table
	Benchmarks/run

build: ## build the release binary, .build/release/slipway
	swift build $(release_flags)

install: build ## install into PREFIX, /usr/local unless told otherwise
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(share)/slipway"
	install -m 755 $(release_binary) "$(DESTDIR)$(PREFIX)/bin/slipway"
	cp -R templates hooks "$(share)/slipway/"

check: lint ## lint, then build everything with warnings as errors and the import check
	swift build --build-tests $(debug_flags)

lint: ## check the format of the Swift files
	swift format lint --strict --parallel --recursive $(swift_sources)

format: ## rewrite the Swift files in the house's format
	swift format --in-place --parallel --recursive $(swift_sources)

clean: ## remove everything that was built
	rm -rf .build

prepare-demo:
	@SLIPWAY_SUDO="$(SUDO)" scripts/prepare --for demo

prepare-test:
	@SLIPWAY_SUDO="$(SUDO)" scripts/prepare --for test
