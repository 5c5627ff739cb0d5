# The commands of the project. Everything goes through one virtual environment, made at the first use.

PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/installed
# More arguments for pip, for instance an index with CPU builds of torch, which saves 3 GB where there is no GPU.
PIP_ARGS ?=
# The suites run in so many processes.
WORKERS ?= 2
SUITE   = $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadscope --no-loadscope-reorder
# Every package must have a hash that configs/locked*.txt give; `make lock` writes them.
INSTALL := -m pip install --disable-pip-version-check --quiet $(PIP_ARGS) --require-hashes --no-deps
LOCKED  := $(wildcard configs/locked*.txt)
TOOLS   := build/tools
DEPLOY_TOOLS = buildah debootstrap iproute2 postgresql prometheus redis-server $(shell command -v kubectl > /dev/null || echo kubernetes-client)

# The console is built once with Node; where the machine has none, a Python wheel brings it.
CONSOLE     := serve_app/console/dist/index.html
CONSOLE_WEB := serve_app/console/web
CONSOLE_SRC := $(shell find $(CONSOLE_WEB)/src -type f) $(CONSOLE_WEB)/package.json $(CONSOLE_WEB)/package-lock.json $(CONSOLE_WEB)/build.mjs

.PHONY: setup wheel client console browser promtool demo test test-slow test-wide site deploy-tools deploy-check up down check bench soak measure-code faults compatibility suites lock sbom audit clean

setup: $(STAMP) $(CONSOLE)

$(STAMP): pyproject.toml $(LOCKED)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python $(INSTALL) -r configs/locked.txt
	$(BIN)/python $(INSTALL) -r configs/locked-torch-cpu.txt \
	|| { echo "no CPU build of torch from this index, for the reason above: installing the one with CUDA"; $(BIN)/python $(INSTALL) -r configs/locked-torch-cuda.txt; }
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	touch $@

console: $(CONSOLE)  ## the people's pages, type-checked and built; prints the size of the first load

$(CONSOLE): $(STAMP) $(CONSOLE_SRC)
	command -v npm > /dev/null || $(BIN)/python $(INSTALL) -r configs/locked-node.txt
	cd $(CONSOLE_WEB) && for step in "ci --ignore-scripts --no-audit --no-fund --loglevel=error" "run --silent types" "run --silent build"; do ./npm.sh ../../../$(BIN)/python $$step || exit 1; done

wheel: setup         ## build/wheel/: what people install, with the console and the configuration files
	$(BIN)/python -m pip wheel --disable-pip-version-check --quiet --no-deps --no-build-isolation --wheel-dir build/wheel .

client: setup        ## build/wheel/: ray-hitl-client, for programs that only talk to a service
	$(BIN)/python deploy/client/stage.py build/client
	$(BIN)/python -m pip wheel --disable-pip-version-check --quiet --no-deps --no-build-isolation --wheel-dir build/wheel ./build/client

demo: setup          ## the whole loop on real data, measured: build/demo/report.json
	$(BIN)/hitl demo

up: setup            ## the service on this machine until Ctrl-C
	exec $(BIN)/hitl up

down: setup
	$(BIN)/hitl down

promtool:            ## Debian's promtool, for the tests of alert rules and of the text that Prometheus reads
	command -v promtool > /dev/null || { mkdir -p build/prometheus && apt-get update -qq && (cd build/prometheus && apt-get download -qq prometheus \
	  && dpkg -x prometheus_*.deb . && install usr/bin/promtool /usr/local/bin/promtool) && rm -r build/prometheus; } \
	|| echo "promtool is not installed: its tests will be skipped (apt-get install prometheus)"

test: setup          ## everything that is quick; build/tests/quick.xml
	$(SUITE) -m "not slow and not wide" --junitxml build/tests/quick.xml

browser:             ## Debian's chromium, for the tests that look at the console
	test -x /usr/bin/chromium || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } \
	|| echo "chromium is not installed: the browser tests will be skipped (apt-get install chromium)"

test-slow: setup browser  ## statistics, faults, browsers; build/tests/slow.xml
	$(SUITE) -m "slow and not wide" --junitxml build/tests/slow.xml

site: setup          ## build/site/: the documentation as a site, built strictly in an environment of its own
	test -x build/site-tools/bin/mkdocs || { $(PYTHON) -m venv build/site-tools && build/site-tools/bin/python $(INSTALL) -r configs/locked-site.txt; }
	build/site-tools/bin/mkdocs build --strict

deploy-tools:        ## Debian's programs that the checks of deploy/ start; none of them is left running
	dpkg -s $(DEPLOY_TOOLS) > /dev/null 2>&1 || { apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(DEPLOY_TOOLS); } \
	|| echo "not installed, so their checks will be skipped (apt-get install $(DEPLOY_TOOLS))"

deploy-check: setup browser deploy-tools  ## deploy/: every way to run the service, by its own commands; says what it could not look at
	$(BIN)/python -m pytest -rs tests/deploy tests/cluster/test_a_second_cluster.py tests/adapters/test_managed_store.py tests/adapters/test_object_store.py

test-wide: setup browser deploy-tools  ## clients of other projects with their real packages, from the index: build/wide/report.xml
	mkdir -p build/wide
	$(BIN)/python -m pytest -m wide --junitxml build/wide/report.xml
	$(BIN)/python -m pytest tests/deploy/test_monitoring.py -rs

check: setup         ## style, types, import contracts; the console's types and unit tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	command -v npm > /dev/null || $(BIN)/python $(INSTALL) -r configs/locked-node.txt
	cd $(CONSOLE_WEB) && for step in types unit; do ./npm.sh ../../../$(BIN)/python run --silent $$step || exit 1; done

bench: setup browser ## build/bench/: report.json, statistics.json, domains.json, domains_over_http.json, imported.json, documents.json, pictures.json, storage.json, figures.json, walk/report.json; build/idle/report.json
	$(BIN)/python -m tests.measure.bench
	$(BIN)/python -m tests.measure.imported
	$(BIN)/python -m tests.measure.documents
	$(BIN)/python -m tests.measure.picture_load
	$(BIN)/python -m tests.measure.storage
	$(BIN)/python -m tests.measure.walk
	$(BIN)/python -m tests.measure.statistics
	$(BIN)/python -m tests.measure.domains
	$(BIN)/python -m tests.measure.over_http
	$(BIN)/python -m tests.measure.tracking
	$(BIN)/python -m tests.measure.tracing
	$(BIN)/python -m tests.measure.figures
	$(BIN)/python -m tests.measure.idle

soak: setup          ## SOAK_MINUTES (120) of light load: build/soak/report.json, memory.png; fails unless memory stays
	$(BIN)/python -m tests.measure.soak

measure-code: setup  ## build/measure-code/report.json: types, events, arrows, names, sizes
	$(BIN)/python -m tests.measure.code --report

faults: setup        ## build/faults/report.json
	$(BIN)/python -m tests.measure.faults --kills

compatibility: setup ## docs/compatibility.md, from the marks of the tests that passed last
	$(BIN)/python docs/make_compatibility.py

suites: setup        ## docs/suites.md: how long the suites took, from the last make test and make test-slow
	$(BIN)/python docs/make_suites.py

$(TOOLS)/installed: configs/locked-tools.txt
	test -x $(TOOLS)/bin/python || $(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python $(INSTALL) -r configs/locked-tools.txt
	touch $@

lock: $(TOOLS)/installed  ## configs/locked*.txt, from pyproject.toml and configs/constraints.txt
	$(TOOLS)/bin/python docs/make_constraints.py

sbom: setup          ## build/sbom.json: the software bill of materials (CycloneDX)
	$(BIN)/python docs/make_sbom.py

audit: $(TOOLS)/installed  ## known weaknesses of every locked package; says so where the registries cannot be asked
	$(TOOLS)/bin/python docs/audit_dependencies.py

clean:
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
