# Kaohe: `make demo` and `make test` set everything up on a fresh machine with Python 3.11, its venv, and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
CITY := var/demo-cli/city
MANAGE := KAOHE_HOME=var/check DJANGO_SETTINGS_MODULE=kaohe.web.config.settings $(BIN)/django-admin

.PHONY: setup demo demo-reset demo-cli test check prove bench

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml uv.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv sync --frozen --inexact --quiet
	@touch $@

# the web system with an invented city, at http://127.0.0.1:$(PORT)/; the second time it goes on from what is there
demo: setup
	@$(BIN)/kaohe demo --home var/demo --port $(PORT)

demo-reset: setup
	@$(BIN)/kaohe demo --home var/demo --port $(PORT) --reset

# the engine alone: from a folder of records to the circular
demo-cli: setup
	@test -d $(CITY) || $(BIN)/kaohe synthesise $(CITY) --scale 1 --seed 2010
	@$(BIN)/kaohe assess $(CITY) --round annual --year 2010

# everything on SQLite; on PostgreSQL what writes most, and the rest of the web in `prove`
test: setup
	@$(BIN)/python -m pytest -q -n auto
	@KAOHE_TEST_DATABASE=postgresql $(BIN)/python -m pytest -q -n auto tests/web/journal tests/web/jobs

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@mkdir -p var/check
	@$(MANAGE) makemigrations --check --dry-run

# with a database behind them a hundred examples of each property, without one a thousand
prove: setup
	@KAOHE_DEPTH=prove $(BIN)/python -m pytest -q -n auto --ignore=tests/web
	@KAOHE_DEPTH=prove KAOHE_EXAMPLES=100 $(BIN)/python -m pytest -q -n auto tests/web
	@KAOHE_TEST_DATABASE=postgresql $(BIN)/python -m pytest -q -n auto tests/web

bench: setup
	@for question in bench/measure_*.py; do $(BIN)/python $$question || exit 1; done
