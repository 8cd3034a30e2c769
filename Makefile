# glacis: `make` lists what there is. A second run installs nothing.

PYTHON ?= python3
VENV ?= .venv
PYTEST_ARGS ?=

BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
INSTALL := $(PIP) install --constraint constraints.txt

.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: help demo serve test slow browser fuzz page lint types docs bench wheel clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

demo: $(STAMPS)/package ## install glacis into .venv and run its demonstration
	@$(BIN)/glacis demo

serve: $(STAMPS)/package ## open the page on this machine
	@$(BIN)/glacis serve

test: $(STAMPS)/test ## run the tests, the slow ones left out
	@$(BIN)/python -m pytest -n auto --dist loadfile $(PYTEST_ARGS)

slow: $(STAMPS)/test ## run the slow tests
	@$(BIN)/python -m pytest -m slow $(PYTEST_ARGS)

browser: $(STAMPS)/test $(STAMPS)/browser web/node_modules ## run the browser tests (they need Chromium)
	@$(BIN)/python -m pytest -m browser $(PYTEST_ARGS)

fuzz: $(STAMPS)/test $(STAMPS)/fuzz ## ask the server thousands of generated requests
	@$(BIN)/python -m pytest -m fuzz $(PYTEST_ARGS)

page: web/node_modules ## build the page from web/ (needs Node 20), test and check it
	@npm --prefix web run --silent check
	@npm --prefix web test --silent
	@npm --prefix web run --silent build

web/node_modules: web/package-lock.json
	@npm --prefix web ci --silent --no-audit --no-fund
	@touch $@

lint: $(STAMPS)/lint ## check format and lint
	@$(BIN)/ruff format --check --diff --quiet .
	@$(BIN)/ruff check --quiet .
	@echo "Format and lint: nothing to say"

types: $(STAMPS)/lint ## check types
	@$(BIN)/mypy

docs: $(STAMPS)/docs ## build the documentation; a warning is an error
	@$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "Documentation: docs/_build/html/index.html"

bench: $(STAMPS)/benchmarks ## run our benchmarks, and those against other programs
	@$(BIN)/glacis bench
	@for script in benchmarks/*.py; do [ -e "$$script" ] || continue; $(BIN)/python "$$script" || exit 1; done

wheel: $(STAMPS)/build ## build sdist and wheel into dist
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation --outdir dist . >$(STAMPS)/wheel.log 2>&1 || { cat $(STAMPS)/wheel.log; exit 1; }
	@ls dist

clean: ## remove what was built (the environment stays: rm -r .venv)
	@rm -rf build dist docs/_build .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks glacis-report.html
	@find src tests benchmarks scripts docs -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "glacis needs Python 3.11 or newer; name one: make PYTHON=python3.11 demo"; exit 1; }
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { echo "no venv module; on Debian: apt install python3-venv"; exit 1; }
	@$(INSTALL) --upgrade pip # dependency groups need pip 25.1
	@mkdir -p $(STAMPS)
	@touch $@

$(STAMPS)/package: pyproject.toml constraints.txt | $(STAMPS)/venv
	@echo "Installing glacis and what it needs (a minute or two, once)"
	@$(INSTALL) --build-constraint constraints.txt --editable .
	@touch $@

# test, lint, docs, benchmarks, build: the dependency groups of pyproject.toml.
$(STAMPS)/%: pyproject.toml constraints.txt $(STAMPS)/package
	@echo "Installing what '$*' needs (once)"
	@$(INSTALL) --group $*
	@touch $@
