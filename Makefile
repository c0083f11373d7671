# The commands of the project, each once. `make demo` and `make test` set up what they need.

SWIFT ?= swift
FORMAT = $(SWIFT) format
RELEASED = $(SWIFT) test -c release -Xswiftc -enable-testing --filter
CHECKED = --explicit-target-dependency-import-check error

.PHONY: demo test soak nets bench format lint setup build release

demo: setup
	@.ci/demo

test: setup lint
	@.ci/setup server
	$(SWIFT) build --build-tests $(CHECKED)
	.ci/tests
	.ci/workflows debug
	.ci/examples

# Longer runs of the same tests: more seeds, more kills, more mutations.
soak: setup
	@.ci/setup server
	PETREL_SOAK=1 $(SWIFT) test
	PETREL_SOAK=1 $(RELEASED) 'NaiveTests|InFlightTests'
	.ci/scrape
	POOL_CLIENTS=1000 DATABUILD='2000 50' .ci/examples package

# 10,000 random nets: the engine beside one that looks at every combination.
nets: setup
	$(RELEASED) NaiveTests

bench: setup release
	cd Benchmarks && ./run

release: setup
	$(SWIFT) build -c release --product petrel

build: setup
	$(SWIFT) build $(CHECKED)

format:
	$(FORMAT) -i -r --configuration .swift-format Sources Tests Examples Benchmarks Package.swift

lint:
	$(FORMAT) lint --strict -r --configuration .swift-format Sources Tests Examples Benchmarks Package.swift

setup:
	@.ci/setup
