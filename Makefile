# Needs python3 (3.11 or later) with venv, and make; everything else comes from the lock file.
SHELL := /bin/bash
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
export UV_CACHE_DIR ?= $(CURDIR)/.venv/uv-cache
# Many libraries are behind a proxy whose certificate only the machine knows.
export UV_SYSTEM_CERTS ?= true
UV := $(BIN)/uv
# uv reads no configuration of the machine: what is installed is what the lock file says.
SYNC := VIRTUAL_ENV=$(CURDIR)/.venv $(UV) pip sync --quiet --require-hashes

.PHONY: run test check fix messages bench crashtest lock setup setup-dev chromium clean

# Where no ALLOWED_HOSTS is given the site answers on the loopback address only, so plain HTTP is safe there.
run: setup
	@PORT=$(PORT) $(if $(ALLOWED_HOSTS),,PLAIN_HTTP=true) $(BIN)/python manage.py serve

test: setup-dev chromium check
	@$(BIN)/python -m pytest -n 2 --dist loadgroup
	@echo 'And what touches the database once more, on PostgreSQL:'
	@$(BIN)/python -m tests.on_postgres -n 2 -m "not browser" --ignore tests/engine

check: setup-dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy . && $(BIN)/lint-imports
	@git ls-files '*.html' | xargs $(BIN)/djade --check --target-version 5.2
	@SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') ALLOWED_HOSTS=training.example.org $(BIN)/python manage.py check --deploy --fail-level WARNING
	@$(BIN)/python manage.py makemigrations --check --dry-run

fix: setup-dev
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format . ; git ls-files '*.html' | xargs $(BIN)/djade --target-version 5.2

# The Spanish of the interface, from the code to the catalogue and from there to what Django reads; needs gettext.
messages: setup-dev
	@$(BIN)/python manage.py makemessages -l es --no-location --no-obsolete -i .venv -i var -i tests
	@$(BIN)/python manage.py compilemessages -l es -i .venv

# Timings live here and never in a test: see tests/bench.py.
bench: setup-dev
	@$(BIN)/python -m tests.bench

# Kills a playing server over and over and counts what was acknowledged: see tests/crash.py.
crashtest: setup-dev
	@$(BIN)/python -m tests.crash

setup: .venv/installed
setup-dev: .venv/installed-dev

# The lock files have hashes and versions and no addresses, so any package index will do.
.venv/uv:
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@touch $@

.venv/installed: .venv/uv requirements.txt
	@test -e .venv/installed-dev || $(SYNC) requirements.txt requirements-uv.txt
	@touch $@

.venv/installed-dev: .venv/uv requirements.txt requirements-dev.txt
	@$(SYNC) requirements-dev.txt requirements-uv.txt
	@touch $@ .venv/installed

chromium:
	@command -v chromium >/dev/null || { echo "Installing Chromium for the browser tests…"; \
	  $$([ $$(id -u) = 0 ] || echo sudo) sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null'; }

lock: .venv/uv
	@echo 'uv' | $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements-uv.txt -
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.txt
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml --group dev -o requirements-dev.txt

clean:
	rm -rf .venv
