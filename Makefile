.DEFAULT_GOAL := help
PYTHON ?= python3
REFERENCE ?= ../shared/reference
WHEELS ?= wheels
SOURCE ?= ../shared/source/calcinosis.txt

help: ## Show the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

install: ## Install the package with what the tests need, editable
	$(PYTHON) -m pip install -e '.[test]'

test: ## Run all tests
	$(PYTHON) -m pytest

check: ## Lint, types, faults of the ontology, and whether generated files are up to date
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	$(PYTHON) -m calcinosis_kg build --out ontology --check
	$(PYTHON) -m calcinosis_kg conflicts --kind quality

build: ## Build ontology/calcinosis-kg.trig again
	$(PYTHON) -m calcinosis_kg build --out ontology

verify: ## Hold the claims against the source document
	$(PYTHON) -m calcinosis_kg verify $(SOURCE)

compare-reasoners: ## Let HermiT and rustdl reason over the ontology, and compare
	$(PYTHON) scripts/compare_reasoners.py

slices: ## Make the import slices again from reference files and wheels
	$(PYTHON) scripts/make_slices.py --reference $(REFERENCE) --wheels $(WHEELS) --out ontology/imports

docs: ## Build the documentation into build/docs; a warning is an error
	$(PYTHON) -m sphinx -E -a -W --keep-going -n -b html docs build/docs

queries-table: ## Write queries/README.md again
	$(PYTHON) scripts/make_query_table.py

.PHONY: help install test check build verify compare-reasoners slices docs queries-table
