# make run    set up, load the demo, serve on http://localhost:8000/ (make run PORT=8020: there)
# make test   everything that must hold: style, types, layers, deployment checks, tests on both databases
# make t      one file, folder or test, quickly: make t T=tests/domain/test_times.py
# make drill  what happens when a part is stopped, hung or killed (make drill HISTORY_MINUTES=10: recorded for so long)
# make check  the part of it that runs no tests
# make coverage  how much of domain and actions their tests run; fails below the floor of pyproject.toml
# make bench  the benchmarks, on both databases (make bench SCALE=98000: with so many stories, which takes long)
# make audit  known weaknesses of the locked packages; fails if the network can't be asked, as check does not
# make clean  remove what these have made (never the database or the pictures)
# make lock   write down the exact version of every dependency (make lock ARGS=--upgrade: the newest of each)

SHELL := /bin/sh
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
# The smallest Python that is claimed: Debian 12's.
OLDEST := 3.11.2

BIN := .venv/bin
PYTHON := $(BIN)/python
# Pages, feeds and mails name the address that is served here, unless SITE_URL says otherwise. Unless HOST is asked for
# it is a name and no number, since passkeys work on names alone; 0.0.0.0 is every address of the machine, and none.
override SITE_URL := $(or $(SITE_URL:/=),http://$(if $(filter file,$(origin HOST)),localhost,$(HOST:0.0.0.0=localhost)):$(PORT))
LOCAL := DEBUG=1 SITE_URL="$(SITE_URL)"
# What looks at the code alone must neither touch the site's database nor make one.
NO_DATABASE := DATABASE_URL=sqlite:///.venv/nothing.sqlite3

.PHONY: help run test check setup setup-tests style types layers templates scripts deploy test-sqlite test-postgres t drill coverage bench audit weaknesses clean lock

help:
	@sed -n 's/^# make /make /p' Makefile

# ------------------------------------------------------------------------------------------------ set-up

# What runs the site. The lock file's copy inside the environment tells whether what is installed is what is locked.
setup:
	@if ! cmp -s requirements.lock .venv/requirements.lock || ! $(PYTHON) -c '' 2>/dev/null; then \
		[ ! -L .venv ] || { echo ".venv is a link: setting it up would empty what it leads to. Remove the link first."; exit 1; }; \
		$(find_python); \
		echo "Setting up .venv with $$("$$found" --version), the first time only."; \
		"$$found" -m venv --clear .venv && $(call install,requirements.lock,run the site); fi

# What tests it, on top.
setup-tests: setup
	@if ! cmp -s requirements-test.lock .venv/requirements-test.lock; then \
		$(call install,requirements-test.lock,test it); fi

# Shell that sets $found to the first Python that will do, or says what to install.
define find_python
found=; bare=; \
for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	if "$$name" -c 'import sys; sys.exit(sys.version_info < tuple(map(int, "$(OLDEST)".split("."))))' 2>/dev/null; then \
		if "$$name" -c 'import ensurepip, venv' 2>/dev/null; then found="$$name"; break; fi; \
		bare="$$name"; \
	fi; \
done; \
if [ -z "$$found" ] && [ -n "$$bare" ]; then \
	echo "$$bare is here, but cannot make virtual environments." \
		"Install its venv module (on Debian and Ubuntu: apt-get install python3-venv), then run make again."; exit 1; \
elif [ -z "$$found" ]; then \
	echo "Python $(OLDEST) or newer was not found." \
		"Install it (Debian: apt-get install python3 python3-venv; macOS: brew install python@3.13), then run make again."; exit 1; \
fi
endef

# Shell that installs the packages of lock file $(1), those that $(2): a line for each as it arrives.
# Only when all are there is the lock file copied, and the last word is whether it was.
define install
echo "Installing the packages that $(2), as $(1) has them:"; \
{ $(PYTHON) -m pip install --disable-pip-version-check --no-input --progress-bar off -r $(1) 2>&1 && cp $(1) .venv/$(1); } \
| tee .venv/pip.log \
| { total=$$(grep -c == $(1)); count=0; while read -r what package _; do case "$$what" in \
	Ignoring) total=$$((total - 1));; \
	Collecting|Processing) count=$$((count + 1)); echo "  $$count of $$total  $${package##*/}";; \
	Installing) echo "  All are here; unpacking them.";; \
esac; done; }; \
cmp -s $(1) .venv/$(1) || { grep -v '^WARNING' .venv/pip.log | tail -n 12; \
	echo "Not all packages could be installed. What pip said is above, and all of it in .venv/pip.log."; exit 1; }
endef

# One resolution for all files, for the smallest Python that is claimed, so that they never disagree. What is locked
# stays as it is unless pyproject.toml asks for something else.
UV := .venv/uv/bin/uv pip compile pyproject.toml --quiet --no-header --no-annotate --python-version $(OLDEST) \
	--universal --fork-strategy fewest

lock:
	@$(find_python); "$$found" -m venv .venv/uv
	@.venv/uv/bin/python -m pip install -qq --disable-pip-version-check uv==0.13.9
	@cat requirements.lock requirements-test.lock requirements-production.lock 2>/dev/null | grep '^[A-Za-z0-9].*==' > .venv/all.lock || true
	@$(UV) $(ARGS) --group dev --extra production --output-file .venv/all.lock
	@$(UV) --constraints .venv/all.lock --output-file .venv/run.lock
	@$(UV) --constraints .venv/all.lock --extra production --output-file .venv/production.lock
	@{ echo "# Written by \`make lock\` from pyproject.toml: what runs the site."; \
		cat .venv/run.lock; } > requirements.lock
	@{ echo "# Written by \`make lock\` from pyproject.toml: what Redis, metrics, S3 and an error reporter need, beside requirements.lock."; \
		grep -vxF -f .venv/run.lock .venv/production.lock; } > requirements-production.lock
	@{ echo "# Written by \`make lock\` from pyproject.toml: what tests it, beside requirements.lock."; \
		grep -vxF -f .venv/run.lock .venv/all.lock; } > requirements-test.lock
	@echo "requirements.lock holds $$(grep -c == requirements.lock) packages," \
		"requirements-test.lock $$(grep -c == requirements-test.lock) more."

# --------------------------------------------------------------------------------------------------- run

# A process in a session of its own: what ends it reaches those that it has started, such as runserver's reloader.
ALONE := $(PYTHON) -c 'import os, sys; os.setsid(); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])' manage.py

run: setup
	@echo "Bringing the database up to date."
	@$(LOCAL) $(PYTHON) manage.py migrate --verbosity 0
	@$(LOCAL) $(PYTHON) manage.py demo || echo "The demo was not loaded, as said above; the site starts with the stories it has."
	@echo
	@echo "  Readers    $(SITE_URL)/"
	@echo "  Editors    $(SITE_URL)/admin/"
	@echo "  Auditors   $(SITE_URL)/admin/audit/"
	@echo
	@export $(LOCAL); over=; trap 'over=1' INT TERM HUP; \
	$(ALONE) deliver --watch & worker=$$!; \
	$(ALONE) runserver $(HOST):$(PORT) & web=$$!; \
	while [ -z "$$over" ] && kill -0 $$worker 2>/dev/null && kill -0 $$web 2>/dev/null; do sleep 1; done; \
	[ -n "$$over" ] || echo "The site or its worker ended, so the other is ended too."; \
	for each in $$worker $$web; do kill -TERM -$$each 2>/dev/null || kill -TERM $$each 2>/dev/null; done; \
	wait; [ -n "$$over" ]

# -------------------------------------------------------------------------------------------------- test

# Each part runs whatever became of those before it.
test: setup-tests
	@failed=; for part in style types layers templates scripts deploy weaknesses test-sqlite test-postgres; do \
		$(MAKE) --no-print-directory $$part || failed="$$failed $$part"; done; \
	if [ -n "$$failed" ]; then echo "FAILED:$$failed. The other parts hold."; exit 1; fi; \
	echo "Everything holds."

check: style types layers templates scripts deploy weaknesses

style: setup-tests
	@echo "Style"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "Run: $(BIN)/ruff format ."; exit 1; }

types: setup-tests
	@echo "Types"
	@$(BIN)/mypy

layers: setup-tests
	@echo "Layers"
	@$(BIN)/lint-imports --no-cache

templates: setup-tests
	@echo "Templates"
	@$(BIN)/djlint templates --lint --quiet

scripts: setup-tests
	@echo "Scripts"
	@$(BIN)/oxlint --quiet stories/static

# In production's configuration, with a key that is no one's.
deploy: setup-tests
	@echo "Deployment and migrations"
	@DEBUG=0 SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))') \
		SITE_URL=https://news.example.org $(NO_DATABASE) \
		$(PYTHON) manage.py check --deploy --fail-level WARNING
	@$(LOCAL) $(NO_DATABASE) $(PYTHON) manage.py makemigrations --check --dry-run

# A worker that has nothing left takes from another's: the last minute is both workers'.
PARALLEL := -q -n $(WORKERS) --dist worksteal

test-sqlite: setup-tests
	@echo "Tests, on SQLite"
	@DATABASE_URL= $(PYTHON) -m pytest $(PARALLEL) $(ARGS)

test-postgres: setup-tests
	@echo "Tests of what is stored, on PostgreSQL"
	@$(PYTHON) -m tests.postgres $(PYTHON) -m pytest $(PARALLEL) $(ARGS)

# One file, folder or test while it is written: in order, in one process. A test of the domain that imports nothing of
# Django's starts without it: no fixtures of tests/conftest.py, and hypothesis's own profile for slow machines.
ALONE_IN_ORDER := -q -p no:randomly -p no:xdist
WITHOUT_DJANGO := -p no:django --noconftest -o addopts=--import-mode=importlib --hypothesis-profile=ci \
	-W ignore::pytest.PytestConfigWarning
NEEDS_DJANGO := ^from (django|stories\.(models|queries)|tests\.(factories|archives))

t: setup-tests
	@[ -n "$(T)" ] || { echo "Say which test: make t T=tests/domain/test_times.py"; exit 1; }
	@case "$(T)" in \
	tests/domain*) grep -rqE '$(NEEDS_DJANGO)' --include='*.py' $(firstword $(subst ::, ,$(T))) || plain='$(WITHOUT_DJANGO)';; \
	esac; \
	DATABASE_URL= $(PYTHON) -m pytest $(ALONE_IN_ORDER) $$plain '$(T)' $(ARGS)

# What needs more than seconds: servers stopped under a running worker, processes killed. Those of a module go one after
# the other; most of the time they wait, so that two modules at once take little more than the longer one.
DRILLS := -q -m drill -n $(WORKERS) --dist loadscope

drill: setup-tests
	@echo "Drills, on SQLite"
	@DATABASE_URL= $(PYTHON) -m pytest $(DRILLS) $(ARGS)
	@echo "Drills, on PostgreSQL"
	@$(PYTHON) -m tests.postgres $(PYTHON) -m pytest $(DRILLS) $(ARGS)

# By the tests of the two layers alone: what only a page's test runs has no test of its own.
coverage: setup-tests
	@DATABASE_URL= $(PYTHON) -m coverage run -m pytest -q -n 0 tests/domain tests/actions $(ARGS)
	@echo "The files of which least is run"
	@$(PYTHON) -m coverage report --sort=cover --skip-covered --fail-under=0 | head -n 22
	@$(PYTHON) -m coverage report --format=total | sed 's/.*/In all: & %/'
	@$(PYTHON) -m coverage report >/dev/null || { echo "That is less than the floor in pyproject.toml."; exit 1; }

bench: setup-tests
	@$(PYTHON) -m tests.benchmarks.run $(if $(SCALE),--scale $(SCALE))

# Of the packages that run the site; with an environment of its own, since it needs others.
AUDIT := .venv/audit-2.10.1

audit: setup
	@[ -x $(AUDIT)/bin/pip-audit ] || { $(PYTHON) -m venv $(AUDIT) && \
		$(AUDIT)/bin/python -m pip install -qq --disable-pip-version-check pip-audit==2.10.1; }
	@$(AUDIT)/bin/pip-audit --strict --no-deps --disable-pip -r requirements.lock -r requirements-production.lock

# What pip-audit asks for is of this kind. A mirror of packages, as many houses have one, may answer for a package and
# for none of its releases, whose weaknesses these are.
ADVISORIES := https://pypi.org/pypi/pip/24.0/json

weaknesses: setup
	@echo "Known weaknesses of packages"
	@if $(PYTHON) -c 'import json, sys, urllib.request as web; json.load(web.urlopen(sys.argv[1], timeout=10))["vulnerabilities"]' \
		$(ADVISORIES) 2>/dev/null; then $(MAKE) --no-print-directory audit; \
	else echo "NOT LOOKED FOR: $(ADVISORIES) does not answer here. Run make audit where it does."; fi

clean:
	rm -rf .venv staticfiles .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
