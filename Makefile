# Every target sets up what it needs first: nothing but Python 3.11 or newer, make and a package registry has to be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := $(VENV)/.packages
PROJECT := $(VENV)/.project

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup chat test check eval bench fuzz audit image image-test lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

setup: $(PROJECT)  ## make .venv from requirements.lock (the other targets call it)
	@:

# Standard output belongs to the conversation and standard input is what it reads, so set-up touches neither.
$(PACKAGES): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' </dev/null || { \
	  echo "Footnote needs Python 3.11 or newer, and '$(PYTHON)' isn't. Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@echo "Setting up Footnote in $(VENV): once, a minute or two ..." >&2
	@$(PYTHON) -m venv --clear $(VENV) </dev/null >&2 || { \
	  echo "'$(PYTHON) -m venv' failed. On Debian and Ubuntu it is a package of its own: python3-venv." >&2; exit 2; }
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.lock </dev/null >&2 || { \
	  echo "The pinned packages could not be installed; pip's reason stands above. Nothing is half done: run the same command again." >&2; exit 2; }
	@touch $@

$(PROJECT): $(PACKAGES) pyproject.toml
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable . </dev/null >&2
	@touch $@

chat: $(PROJECT)  ## ask the library; also answers what is piped into it
	@$(BIN)/footnote chat

test: $(PROJECT)  ## all tests
	@$(BIN)/python -m pytest $(TESTS)

# Coverage is measured where a test runs the code in its own process; programs that are started, browsers and whole
# conversations run once, in `make test`.
COVERED := tests/unit tests/integration
check: $(PROJECT)  ## format, lint, types, floors, coverage by unit and integration tests: has to pass before a change lands
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(COVERED) --cov --cov-report=term-missing:skip-covered

eval: $(PROJECT)  ## the cases against their baseline: what has to pass before changed words or rules land
	@$(BIN)/python -m tests.evaluation_gate

SIZE ?= quick
bench: $(PROJECT)  ## measure speed, memory and quality in a quarter of an hour; SIZE=full takes its time
	@$(BIN)/python -m tests.benchmarks --size $(SIZE)

fuzz: $(PROJECT)  ## thousands of inputs to everything that reads what others wrote
	@$(BIN)/python -m tests.fuzz
audit: $(PROJECT)  ## hashes, licences and known vulnerabilities of every package; exit code 3: nobody could be asked of the last
	@$(BIN)/python -m tests.tools.audit $(AUDIT)

DOCKER ?= docker
IMAGE ?= footnote
image:  ## build the container image
	$(DOCKER) build --tag $(IMAGE) --build-arg VERSION="$$(sed -n 's/^__version__ = "\(.*\)"/\1/p' bot/__init__.py)" \
	  --build-arg REVISION="$$(git rev-parse HEAD 2>/dev/null || echo unknown)" .

image-test: $(PROJECT)  ## build the image and try it out: needs a Docker engine on Linux
	FOOTNOTE_TEST_IMAGE=$(IMAGE) $(BIN)/python -m pytest tests/image

# uv doesn't read pip's configuration, so it's told of the registry that pip uses, where that isn't the usual one.
LOCK_TOOLS := build/lock
lock:  ## remake requirements.lock with the newest versions that fit pyproject.toml
	@$(PYTHON) -m venv --clear $(LOCK_TOOLS) && $(LOCK_TOOLS)/bin/python -m pip install --quiet 'uv>=0.9.8'
	@registry="$${PIP_INDEX_URL:-$$($(PYTHON) -m pip config get global.index-url 2>/dev/null)}"; \
	$(LOCK_TOOLS)/bin/uv pip compile pyproject.toml --group dev --group build --upgrade --universal \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --quiet \
	  $${registry:+--default-index "$$registry"} --output-file requirements.lock
	@if grep -nE '^(torch|triton|nvidia-|sentence-transformers)|://|^--?[a-z]' requirements.lock; then \
	  echo 'requirements.lock must hold neither a GPU build nor the address of a registry.' >&2; exit 1; fi

clean:  ## remove .venv and everything that is made
	rm -rf $(VENV) build dist .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find bot tests -name __pycache__ -type d -prune -exec rm -rf {} +
