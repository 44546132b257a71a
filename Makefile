# make report   install, then a page for each article of examples/ in reports/
# make test     install, then every test
# make check    ruff, formatting, types
# make bench    times, beside VADER and proselint
#
# The install is done again only when pyproject.toml or constraints.txt has changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable

.DEFAULT_GOAL := report
.PHONY: report test check bench

report: $(VENV)/installed
	$(BIN)/rhetoric report examples --output reports

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest

check: $(VENV)/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(VENV)/installed-bench
	$(BIN)/python tests/benchmarks/startup.py
	$(BIN)/python tests/benchmarks/speed.py

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) .
	@touch $@

$(VENV)/installed-%: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) ".[$*]"
	@touch $@
