# make run    set up, load the demo, serve on http://127.0.0.1:8000/
# make test   everything that must hold: style, types, layers, deployment checks, tests on both databases
# make check  the part of it that runs no tests
# make bench  the benchmarks, on both databases
# make clean  remove what these have made (never the database or the pictures)
# make lock   resolve the dependencies anew, and write down their exact versions

SHELL := /bin/sh
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2

BIN := .venv/bin
PYTHON := $(BIN)/python
LOCAL := DEBUG=1
# What looks at the code alone must neither touch the site's database nor make one.
NO_DATABASE := DATABASE_URL=sqlite:///.venv/nothing.sqlite3

.PHONY: help run test check setup style types layers templates deploy test-sqlite test-postgres bench clean lock

help:
	@sed -n 's/^# make /make /p' Makefile

# ------------------------------------------------------------------------------------------------ set-up

# The lock file's copy inside the environment tells whether what is installed is what is locked.
setup:
	@if ! cmp -s requirements.lock .venv/requirements.lock || ! $(PYTHON) -c '' 2>/dev/null; then \
		$(MAKE) --no-print-directory .venv/installed; fi

.PHONY: .venv/installed
.venv/installed:
	@found=; bare=; \
	for name in python3.11 python3.12 python3.13 python3.14 python3; do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			if "$$name" -c 'import ensurepip, venv' 2>/dev/null; then found="$$name"; break; fi; \
			bare="$$name"; \
		fi; \
	done; \
	if [ -z "$$found" ] && [ -n "$$bare" ]; then \
		echo "$$bare is here, but cannot make virtual environments." \
			"Install its venv module (on Debian and Ubuntu: apt-get install python3-venv), then run make again."; exit 1; \
	elif [ -z "$$found" ]; then \
		echo "Python 3.11 or newer was not found." \
			"Install it (Debian: apt-get install python3 python3-venv; macOS: brew install python@3.13), then run make again."; exit 1; \
	fi; \
	echo "Setting up .venv with $$("$$found" --version): about a minute, the first time only."; \
	"$$found" -m venv --clear .venv
	@$(PYTHON) -m pip install -qq --disable-pip-version-check --no-input -r requirements.lock
	@cp requirements.lock .venv/requirements.lock

lock:
	@python3 -m venv --clear .venv
	@$(PYTHON) -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb")); \
		print("\n".join(p["project"]["dependencies"] + p["dependency-groups"]["dev"]))' > .venv/wanted.txt
	@$(PYTHON) -m pip install -qq --disable-pip-version-check -r .venv/wanted.txt
	@{ echo "# Written by \`make lock\` from pyproject.toml: what runs the site, and what tests it."; \
		$(PYTHON) -m pip freeze --exclude pip --exclude setuptools; } > requirements.lock
	@cp requirements.lock .venv/requirements.lock
	@echo "requirements.lock holds $$(grep -c == requirements.lock) packages."

# --------------------------------------------------------------------------------------------------- run

run: setup
	@echo "Bringing the database up to date."
	@$(LOCAL) $(PYTHON) manage.py migrate --verbosity 0
	@$(LOCAL) $(PYTHON) manage.py demo || echo "The demo was not loaded, as said above; the site starts with the stories it has."
	@echo
	@echo "  Readers    http://$(HOST):$(PORT)/"
	@echo "  Editors    http://$(HOST):$(PORT)/admin/"
	@echo "  Auditors   http://$(HOST):$(PORT)/admin/audit/"
	@echo
	@$(LOCAL) $(PYTHON) manage.py runserver $(HOST):$(PORT)

# -------------------------------------------------------------------------------------------------- test

test: check test-sqlite test-postgres

check: style types layers templates deploy

style: setup
	@echo "Style"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "Run: $(BIN)/ruff format ."; exit 1; }

types: setup
	@echo "Types"
	@$(BIN)/mypy

layers: setup
	@echo "Layers"
	@$(BIN)/lint-imports --no-cache

templates: setup
	@echo "Templates"
	@$(BIN)/djlint templates --lint --quiet

# In production's configuration, with a key that is no one's.
deploy: setup
	@echo "Deployment and migrations"
	@DEBUG=0 SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))') \
		SITE_URL=https://news.example.org $(NO_DATABASE) \
		$(PYTHON) manage.py check --deploy --fail-level WARNING
	@$(LOCAL) $(NO_DATABASE) $(PYTHON) manage.py makemigrations --check --dry-run

test-sqlite: setup
	@echo "Tests, on SQLite"
	@DATABASE_URL= $(PYTHON) -m pytest -q -n $(WORKERS) $(ARGS)

test-postgres: setup
	@echo "Tests of what is stored, on PostgreSQL"
	@$(PYTHON) -m tests.postgres $(PYTHON) -m pytest -q -n $(WORKERS) $(ARGS)

bench: setup
	@$(PYTHON) -m tests.benchmarks.run

clean:
	rm -rf .venv staticfiles .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
