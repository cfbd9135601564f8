# Kaohe: `make demo` and `make test` set everything up on a fresh machine with Python 3.11, its venv, and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
CITY := var/demo/city

.PHONY: setup demo demo-reset test check prove bench

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml uv.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv sync --frozen --inexact --quiet
	@touch $@

demo: setup
	@test -d $(CITY) || $(BIN)/kaohe synthesise $(CITY) --scale 1 --seed 2010
	@$(BIN)/kaohe assess $(CITY) --round annual --year 2010

demo-reset:
	@rm -rf var/demo
	@$(MAKE) --no-print-directory demo

test: setup
	@$(BIN)/python -m pytest -q -n auto

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

prove: setup
	@KAOHE_DEPTH=prove $(BIN)/python -m pytest -q -n auto

bench: setup
	@for question in bench/measure_*.py; do $(BIN)/python $$question || exit 1; done
