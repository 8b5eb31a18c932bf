# Two commands matter: `make run` and `make test`. Everything they need is installed into .venv on the way.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# uv takes a fraction of pip's time; where it finds nothing, pip may, for it is told of mirrors in a file of its own.
LOCKED := --quiet --require-hashes --only-binary :all:
install = $(BIN)/uv pip install --python $(BIN)/python --compile-bytecode $(LOCKED) -r $(1) || $(BIN)/pip install $(LOCKED) -r $(1)

.DEFAULT_GOAL := help
.PHONY: help run demo test test-quick test-all lint format messages lock drill audit judge judges crm screenshots chromium gettext nginx redis

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: .venv/site ## Start the site with demo content at http://localhost:8000
	@$(BIN)/python -m mysite.run

demo: .venv/site ## Fill an empty database with the demo content
	@$(BIN)/python -m mysite.catalogues
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py load_demo

# More workers than a small machine has cores: many tests wait for processes, browsers and clocks.
WORKERS := -n 3
test: .venv/tests chromium gettext nginx redis judges ## Run everything: lint, types, tests, browser
	@$(BIN)/python -m mysite.catalogues
	@mkdir -p var; ( $(LINT) ) >var/lint.txt 2>&1 & lint=$$!; \
	$(BIN)/python -m pytest $(WORKERS); tests=$$?; \
	wait $$lint || { cat var/lint.txt; echo "Lint or types have failed, see above."; exit 1; }; exit $$tests

test-all: .venv/tests chromium gettext nginx redis judges lint ## Run everything, and the long forms too (an hour or more)
	@$(BIN)/python -m mysite.catalogues
	@$(BIN)/python -m pytest $(WORKERS) -m "long or not long"

QUICK := rules blocks signing delivery mailing pages web home building
test-quick: .venv/tests ## Run the tests of the rooms: no browser, no processes of their own, no guarantees, nothing slow
	@$(BIN)/python -m mysite.catalogues
	@$(BIN)/python -m pytest $(WORKERS) -m "not processes and not slow" $(QUICK:%=tests/%)

LINT := $(BIN)/ruff check . && $(BIN)/ruff format --check . && \
	$(BIN)/djhtml --check --tabwidth 2 --extra-block keep,endkeep templates && $(BIN)/mypy
lint: .venv/tests ## Check style, templates and types
	@$(LINT)

format: .venv/tests ## Put code and templates in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/djhtml --tabwidth 2 --extra-block keep,endkeep templates

messages: .venv/site gettext ## Collect new texts into locale/ and compile the catalogues
	@$(BIN)/python manage.py makemessages --locale nb --locale nn --no-location --no-obsolete --no-wrap --ignore '.venv/*' --ignore 'var/*' --ignore 'tests/*'
	@$(BIN)/python -m mysite.catalogues

COMPILE := $(BIN)/uv pip compile --python-version 3.11 --generate-hashes --no-build --no-emit-index-url --no-header --quiet
lock: .venv/tests ## Lock the dependencies of pyproject.toml with their hashes, wheels only
	@$(COMPILE) pyproject.toml --extra embedded --output-file requirements.txt
	@$(COMPILE) pyproject.toml --extra embedded --extra tests --constraint requirements.txt --output-file tests/requirements.txt
	@$(COMPILE) pyproject.toml --extra embedded --extra bench --constraint tests/requirements.txt --output-file bench/requirements.txt
	@$(COMPILE) pyproject.toml --extra production --constraint requirements.txt --output-file deploy/requirements.txt
	@$(COMPILE) --group audit --output-file deploy/audit.txt
	@$(COMPILE) --group install --output-file deploy/uv.txt
	@$(COMPILE) --group judge --output-file bench/judge/all.txt
	@$(COMPILE) --group judge-quick --constraint bench/judge/all.txt --output-file bench/judge/quick.txt

audit: ## Ask for known holes in what production installs, and write what is inside to var/sbom.json (needs the internet)
	@test -x .venv-audit/bin/pip-audit || { $(PYTHON) -m venv .venv-audit && .venv-audit/bin/pip install $(LOCKED) -r deploy/audit.txt; }
	@mkdir -p var
	@.venv-audit/bin/cyclonedx-py requirements deploy/requirements.txt --pyproject pyproject.toml --output-reproducible --output-file var/sbom.json 2>/dev/null
	@.venv-audit/bin/pip-audit --requirement deploy/requirements.txt --require-hashes --disable-pip --strict --progress-spinner off

judge: .venv/tests chromium nginx ## Have outside tools judge a served site; they are fetched into var/judge (ten minutes)
	@$(BIN)/python -m mysite.catalogues
	@$(BIN)/python -m bench.judge $(if $(WITHOUT),--without $(WITHOUT))

drill: .venv/tests ## Rehearse a restore: backup under load, empty cluster, the page of docs/operations.md
	@$(BIN)/python -m bench.drill

crm: ## Show what a membership system does with events, by the sample consumer and its fixtures (docs/examples)
	@$(PYTHON) docs/examples/consumer.py replay docs/examples/events.jsonl

screenshots: .venv/tests chromium ## Take pictures of a running site: into var/screenshots, and those of the documents
	@$(BIN)/python -m tests.screenshots
	@$(BIN)/python -m tests.doc_pictures

.venv/site: requirements.txt
	@command -v $(PYTHON) >/dev/null || { echo "Not started: $(PYTHON) is missing. Install Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Not started: Python 3.11 or newer is needed."; exit 1; }
	@test -w . || { echo "Not started: this folder cannot be written to. Clone it to a place that is yours."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "Not started: Python's venv is missing (Debian: apt-get install python3-venv)."; exit 1; }
	@echo "Installing what the site needs …"
	@$(BIN)/pip install $(LOCKED) -r deploy/uv.txt || true
	@$(call install,requirements.txt)
	@touch $@

.venv/tests: .venv/site tests/requirements.txt
	@echo "Installing what the tests need …"
	@$(call install,tests/requirements.txt)
	@touch $@

chromium: .venv/tests
	@$(BIN)/python -m tests.chromium

# The outside tools that take seconds: tests/building/test_judged.py.
judges: .venv/tests
	@$(BIN)/python -m bench.judge.tools

gettext:
	@command -v xgettext >/dev/null || { [ "$$(id -u)" = 0 ] && { apt-get update -qq; apt-get install -y -qq gettext; } >/dev/null 2>&1; } || { echo "xgettext is missing. Install gettext (Debian: apt-get install gettext)."; exit 1; }

nginx:
	@PATH="$$PATH:/usr/sbin" command -v nginx >/dev/null || { [ "$$(id -u)" = 0 ] && { apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nginx-light; } >/dev/null 2>&1; } || { echo "nginx is missing. Install it (Debian: apt-get install nginx-light)."; exit 1; }

# RUNLEVEL=1: it is installed, not started.
redis:
	@command -v redis-server valkey-server >/dev/null || { [ "$$(id -u)" = 0 ] && { apt-get update -qq; RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq redis-server; } >/dev/null 2>&1; } || { echo "redis-server is missing. Install it (Debian: apt-get install redis-server)."; exit 1; }
