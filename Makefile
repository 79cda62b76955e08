# The commands of the project. `make help` lists them.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OTHERS := .venv-accuracy
SCRAPYD := .venv-scrapyd
READERS := .venv-readers
UV_VERSION := 0.13.9

.PHONY: help setup demo replica crawl test check lint format lock bench accuracy crash week season browser scrapyd readers deploy docs clean
.DEFAULT_GOAL := help

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: $(VENV)/.run ## create .venv with the packages of a crawl

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "jiji needs Python 3.11 or newer: make PYTHON=python3.11 ..." >&2; exit 1; }
	@echo "Setting up $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.run: $(BIN)/uv requirements.txt
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -r requirements-dev.txt
	@touch $@

demo: $(VENV)/.run ## crawl the replica into output/demo/national.jsonl; needs no network
	@$(BIN)/python -m devtools.demo

replica: $(VENV)/.run ## serve the replica, a local imitation of the site, until Ctrl-C
	@$(BIN)/python -m devtools.replica

crawl: $(VENV)/.run ## crawl all sections of the live site in turn; ARGS="-s NAME=value" goes to each run
	@status=0; for section in $$($(BIN)/scrapy list); do \
		$(BIN)/scrapy crawl $$section $(ARGS) || { code=$$?; echo "$$section: exit status $$code" >&2; [ $$status -ne 0 ] || status=$$code; }; \
	done; exit $$status

test: $(VENV)/.dev $(SCRAPYD)/.run $(READERS)/.run browser ## run the tests; sets up everything that they need
	@$(BIN)/python -m pytest -n auto --dist loadfile

check: lint test ## lint, then test

lint: $(VENV)/.dev ## check format, style, types, imports and generated docs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m devtools.generate_docs --check

docs: $(VENV)/.dev ## generate the reference docs from the code
	@$(BIN)/python -m devtools.generate_docs

format: $(VENV)/.dev ## format the code and apply the safe fixes of ruff
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/.dev $(OTHERS)/.run ## measure the speed of parsing and crawling beside selectors, peers and bare Scrapy; ARGS=--quick takes two minutes
	@$(BIN)/python -m devtools.bench $(OTHERS)/bin/python $(ARGS)

accuracy: $(VENV)/.dev $(OTHERS)/.run ## measure precision and recall beside Fundus, trafilatura and newspaper4k
	@$(BIN)/python -m devtools.accuracy $(OTHERS)/bin/python

$(OTHERS)/.run: $(BIN)/uv requirements-accuracy.txt
	@$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python $(OTHERS)
	@$(BIN)/uv pip sync --quiet --python $(OTHERS)/bin/python requirements-accuracy.txt
	@touch $@

crash: $(VENV)/.dev ## run the long crash tests: 1,000 killed writers, 200 killed crawlers, 500 crawls under all faults
	@$(BIN)/python -m pytest -m crash -s

week: $(VENV)/.dev ## simulate a week of half-hourly runs of all sections
	@$(BIN)/python -m pytest -m week -s

season: $(VENV)/.dev ## simulate 60 days of half-hourly runs with misbehaviour of every kind
	@$(BIN)/python -m pytest -m season -s

scrapyd: $(SCRAPYD)/.run ## create .venv-scrapyd with the server and its client

$(SCRAPYD)/.run: $(BIN)/uv requirements-scrapyd.txt
	@$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python $(SCRAPYD)
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(SCRAPYD)/bin/python -r requirements-scrapyd.txt
	@touch $@

readers: $(READERS)/.run ## create .venv-readers with pandas, Polars, DuckDB and others that read feeds in tests

$(READERS)/.run: $(BIN)/uv requirements-readers.txt
	@$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python $(READERS)
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(READERS)/bin/python -r requirements-readers.txt
	@touch $@

deploy: $(SCRAPYD)/.run ## deploy to the scrapyd of scrapy.cfg or SCRAPYD_URL; ARGS=--rollback goes back to the version before
	@$(SCRAPYD)/bin/python -m devtools.deploy $(ARGS)

browser: ## install Chromium and the other programs of the tests if they are missing
	@.ci/tools

lock: $(BIN)/uv ## upgrade the pinned versions and hashes in requirements*.txt
	@for name in requirements requirements-dev requirements-accuracy requirements-scrapyd requirements-readers; do \
		$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" $$name.in -o $$name.txt; \
	done

clean: ## remove environments, caches and builds; feeds stay
	rm -rf $(VENV) $(OTHERS) $(SCRAPYD) $(READERS) .npm-tests build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
