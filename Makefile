# The commands of the project. Everything goes through one virtual environment, made at the first use.

PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/installed
# More arguments for pip, for instance an index with CPU builds of torch, which saves 3 GB where there is no GPU.
PIP_ARGS ?=

.PHONY: setup demo test test-slow up down check bench faults compatibility clean

setup: $(STAMP)

$(STAMP): pyproject.toml configs/constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet $(PIP_ARGS) -c configs/constraints.txt torch==2.13.0 -e '.[dev]'
	touch $@

demo: setup          ## the whole loop on real data, measured: build/demo/report.json
	$(BIN)/hitl demo

up: setup            ## the service on this machine until Ctrl-C
	exec $(BIN)/hitl up

down: setup
	$(BIN)/hitl down

test: setup          ## everything that is quick
	$(BIN)/python -m pytest -m "not slow"

test-slow: setup     ## statistics, faults, browsers
	$(BIN)/python -m pytest -m slow

check: setup         ## style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup         ## build/bench/report.json and statistics.json
	$(BIN)/python -m tests.measure.bench
	$(BIN)/python -m hitl.cli.bench.statistics
	$(BIN)/python -m hitl.cli.bench.domains
	$(BIN)/python -m hitl.cli.bench.tracking

faults: setup        ## build/faults/report.json
	$(BIN)/python -m tests.measure.faults

compatibility: setup ## docs/compatibility.md, from the marks of the tests that passed last
	$(BIN)/python docs/make_compatibility.py

clean:
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
