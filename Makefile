# oneseed: make, make demo, make test, make bench, make lint, make install. Everything is set up by scripts/setup.
PREFIX ?= /usr/local
PYTHON := .venv/bin/python
BUILD := build

.PHONY: all build package demo test bench lint fuzz sanitize conformance install clean

all: build package
	@echo "$(BUILD)/oneseed is ready: $(BUILD)/oneseed --help"

# The packages that a bare machine lacks; a stamp makes the second call quick.
.stamps/system: scripts/setup
	@scripts/setup system

.stamps/venv: scripts/setup .stamps/system
	@scripts/setup venv

.stamps/charts: scripts/charts.py .stamps/venv
	@scripts/setup charts

.stamps/demo: tests/requirements-demo.txt .stamps/venv
	@scripts/setup demo

.stamps/oracles: tests/requirements.txt tests/requirements-numpy126.txt tests/requirements-frameworks.txt .stamps/venv
	@scripts/setup oracles

.stamps/browser: scripts/setup .stamps/system
	@scripts/setup browser

.stamps/postgres: scripts/setup
	@scripts/setup postgres

.stamps/slurm: scripts/setup
	@scripts/setup slurm

.stamps/bench: bench/requirements.txt bench/requirements-studies.txt .stamps/venv
	@scripts/setup bench

.stamps/lint: scripts/setup .stamps/venv
	@scripts/setup lint

build: .stamps/system .stamps/venv .stamps/charts
	@scripts/build $(BUILD)

package: build
	@scripts/setup package

demo: build package .stamps/demo
	@scripts/demo

test: build package .stamps/demo .stamps/oracles .stamps/browser .stamps/postgres .stamps/slurm
	@scripts/test

bench: build package .stamps/demo .stamps/oracles .stamps/bench
	@scripts/bench

lint: build .stamps/lint
	@scripts/lint

fuzz: .stamps/lint
	@scripts/fuzz

sanitize: .stamps/lint
	@scripts/sanitize

conformance: build .stamps/oracles
	@$(PYTHON) scripts/conformance

install: build
	@DESTDIR="$(DESTDIR)" cmake --install $(BUILD) --prefix "$(PREFIX)"

clean:
	rm -rf $(BUILD) build-* .stamps
