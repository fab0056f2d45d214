# Two words are enough: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(PYTHON) -m pip --python $(BIN)/python install -qq --disable-pip-version-check --no-warn-script-location \
          --no-compile --cache-dir .cache/pip --root-user-action ignore
# Compiled by all cores at once, which pip's own step is not; a file that is meant for another Python is passed over, and
# so are the tests of others.
COMPILE := $(BIN)/python -m compileall -qq -j 0 -x '/tests?/' $(VENV)/lib bot || true
# A lock names everything with its hashes, so that pip has nothing to resolve.
LOCKED  := --require-hashes --only-binary :all: --no-deps
PYTHONS ?= python3.11 python3.12 python3.13

.PHONY: help run test test-all e2e check format lint types coverage lock clean bench soak bench-deals attacks agreement load simulate mutants calendar zones
.DEFAULT_GOAL := help

help:  ## list what can be made
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Pactwire needs Python 3.11 or later; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv --without-pip $(VENV)

# `venv --without-pip` and pip's own `--python` work where a system splits ensurepip off, as Debian does.
$(VENV)/run.stamp: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Setting up $(VENV) (once, about a minute) ..."
	@$(PIP) $(LOCKED) -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --no-index -e .
	@$(COMPILE)
	@touch $@

# What only development needs, beside the rest and not after it: pip keeps one core busy with choosing files.
$(VENV)/tools.stamp: requirements-dev.lock requirements.lock | $(BIN)/python
	@awk '/==/ { named = (FNR != NR) && !($$1 in run) } FNR == NR && /==/ { run[$$1] } named' \
	  requirements.lock requirements-dev.lock > $(VENV)/tools.lock
	@$(PIP) $(LOCKED) -r $(VENV)/tools.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock requirements.lock pyproject.toml
	@$(MAKE) --no-print-directory -j 2 $(VENV)/run.stamp $(VENV)/tools.stamp
	@$(COMPILE)
	@touch $@

run: $(VENV)/run.stamp  ## play the tour, or run the bot where there is a config.toml
	@$(BIN)/pactwire

test: $(VENV)/dev.stamp  ## the whole suite
	@$(BIN)/python -m pytest -n auto --dist worksteal

test-all:  ## the suite on every supported Python found here
	@for python in $(PYTHONS); do \
	  if command -v $$python >/dev/null && $$python -m pip --version >/dev/null 2>&1; then \
	    echo "== $$python"; $(MAKE) --no-print-directory test PYTHON=$$python VENV=.venv-$$python || exit 1; \
	  else echo "== $$python: not found here, skipped"; fi; done

e2e: $(VENV)/dev.stamp  ## the bot at a Discord on this machine (minutes; needs Node, and says so where it is not)
	@PACTWIRE_E2E=1 $(BIN)/python -m pytest tests/e2e -rs

check: $(VENV)/dev.stamp lint types coverage  ## format, lint, types, tests, coverage

format: $(VENV)/dev.stamp  ## rewrite the code in its one format
	@$(BIN)/ruff format -q bot tests
	@$(BIN)/ruff check -q --fix bot tests

lint: $(VENV)/dev.stamp
	@$(BIN)/ruff format --check bot tests
	@$(BIN)/ruff check bot tests

types: $(VENV)/dev.stamp
	@$(BIN)/mypy

coverage: $(VENV)/dev.stamp
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -n auto
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report --skip-covered --fail-under 90

simulate: $(VENV)/dev.stamp  ## SEEDS=0-199: a year of faults for each; KILLS=2000: SIGKILL at random
	@if [ -n "$(KILLS)" ]; then folder=$$(mktemp -d); $(BIN)/python -m tests.crash.random_kills $$folder $(KILLS) \
	  || { echo "What is left lies in $$folder"; exit 1; }; rm -rf $$folder; \
	else $(BIN)/python -m tests.simulation $(or $(SEEDS),0-39) $(or $(DAYS),365) $(or $(JOBS),2); fi

mutants: $(VENV)/dev.stamp  ## break the program in twelve ways, and show that something notices
	@$(BIN)/python -m tests.simulation.mutants

calendar: $(VENV)/dev.stamp  ## a year of digests for ten channels, for a person to check
	@$(BIN)/python -m tests.simulation.calendar_year $(YEAR)

zones: $(VENV)/dev.stamp  ## every time zone, 2020 to 2036, eight times of day: one digest a local date
	@$(BIN)/python -m tests.simulation.zones

lock:  ## solve the dependencies anew (needs uv)
	uv pip compile pyproject.toml --extra build --universal --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra build --extra dev --universal --generate-hashes --no-emit-index-url --no-header -q -o requirements-dev.lock
	uv pip compile pyproject.toml --extra build --extra bench --universal --generate-hashes --no-emit-index-url --no-header -q -o requirements-bench.lock

$(VENV)/bench.stamp: requirements-bench.lock $(VENV)/dev.stamp
	@$(PIP) $(LOCKED) -r requirements-bench.lock
	@touch $@

DATA ?=
bench-deals: $(VENV)/dev.stamp  ## measure recognising (DATA=folder of labelled posts) and matching against 100,000 deals
	@$(BIN)/python -m tests.bench.deals $(DATA)

bench: $(VENV)/bench.stamp  ## measure polling against a bare loop and another library (minutes)
	@$(BIN)/python -m tests.bench

attacks: $(VENV)/dev.stamp  ## send the worst feeds we know of to a worker, and print what they cost (minutes)
	@$(BIN)/python -m tests.workers.attacks

agreement: $(VENV)/dev.stamp  ## FEEDS=folder: do both readers of feeds agree, and is nothing new the second time?
	@$(BIN)/python -m tests.feeds.agreement $(FEEDS)

load: $(VENV)/dev.stamp  ## 1,000 channels at once, two years, a week without a chat, 50 hostile feeds (a quarter of an hour)
	@$(BIN)/python -m tests.load

soak: $(VENV)/dev.stamp  ## 50,000 cycles with 5,000 digests: does anything grow? (a quarter of an hour)
	@$(BIN)/python -m tests.soak

clean:  ## remove what make has set up (never your data)
	rm -rf $(VENV) .venv-* .cache .mypy_cache .ruff_cache .coverage*
