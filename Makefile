# Two commands are enough: `make run` and `make test`. `make help` lists the others.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
SPARK := .venv/.spark
CODE := bot handlers campaigns segmentation storage sandbox main.py tests bench scripts

# What Python compiled is kept, whatever the machine says: the tests start it a hundred times.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test suite check lint types contracts rules format lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 12

run: $(READY) ## Run everything here: database, sandbox with its web chat, bot (Ctrl-C stops it)
	@$(BIN)/python main.py run

test: lint contracts $(SPARK) ## Check everything and run every test
	@$(MAKE) --no-print-directory -j2 types suite

suite: $(READY)
	-@$(BIN)/pytest --collect-only -qq >/dev/null 2>&1 # Once for all: else each process compiles every test for itself.
	$(BIN)/pytest -n 5 --dist loadscope --no-loadscope-reorder -q

check: lint types contracts rules ## What every commit must pass; under a minute

lint: $(READY) ## Style and habits
	$(BIN)/ruff format --check --quiet $(CODE)
	$(BIN)/ruff check --quiet $(CODE)

types: $(READY) ## Types, tests included
	$(BIN)/mypy $(CODE)

contracts: $(READY) ## Who may enter which room
	$(BIN)/lint-imports --no-cache

rules: $(READY) ## The pure rules and the house rules
	$(BIN)/pytest -q -n 2 tests/house tests/campaigns/test_*_rules.py tests/campaigns/test_*_reading.py

format: $(READY) ## Format the code
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

lock: $(READY) ## Compile both locks anew from requirements.in and requirements-spark.in
	$(BIN)/uv pip compile requirements.in --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --upgrade --quiet --output-file requirements.lock
	$(BIN)/uv pip compile requirements-spark.in --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --upgrade --quiet --output-file requirements-spark.lock

$(SPARK): $(READY) requirements-spark.lock
	@if java -version >/dev/null 2>&1; then \
		echo "A JDK is here: installing Spark for its tests (about 450 MB to load, once) …"; \
		$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-spark.lock \
			&& touch $(SPARK); \
	else \
		echo "No JDK here: the tests of Spark say so and are skipped."; \
	fi

clean: ## Remove the virtual environment and caches (var/ and its data stay)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(READY): requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed: install python3." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V). Try: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv module is missing: install your system's python3-venv package." >&2; exit 1; }
	@echo "Installing the locked packages into .venv …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@touch $(READY)
