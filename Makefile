# Needs Python 3.11 to 3.13, make and git; everything else is installed into .venv and .tools.
PYTHON ?= python3
export UV_PYTHON_DOWNLOADS = never
# A run starts several Pythons; where bytecode is not kept, each compiles the same libraries anew.
unexport PYTHONDONTWRITEBYTECODE
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
BIN := .venv/bin
CHANGED_SQL = $(shell git diff --name-only --diff-filter=d $$(git merge-base HEAD origin/main 2>/dev/null || git rev-parse HEAD~1 2>/dev/null || git rev-parse HEAD) -- 'dbt_project/*.sql'; git ls-files -o --exclude-standard -- 'dbt_project/*.sql')
SQL ?= $(filter-out dbt_project/macros/generated/%,$(sort $(CHANGED_SQL)))

.DEFAULT_GOAL := help
.PHONY: help setup setup-spark run dev test test-spark check lint lint-sql types fast proof bench sbom audit clean

help: ## Show what there is to do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: .venv/.ready ## Install what uv.lock names into .venv

.venv/.ready: uv.lock pyproject.toml
	@command -v uv >/dev/null 2>&1 || test -x .tools/bin/uv || { \
		$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
			|| { echo "ax: $(PYTHON) is not Python 3.11, 3.12 or 3.13; run make PYTHON=python3.12"; exit 1; }; \
		$(PYTHON) -m venv .tools && .tools/bin/pip install --quiet --disable-pip-version-check uv; }
	@$(UV) sync --quiet --frozen --python $(PYTHON)
	@touch $@

run: setup ## Set everything up, load every source, publish, show the scorecard
	@$(BIN)/ax run

dev: setup ## Open Dagster's pages on the same instance, with its daemon
	@eval "$$($(BIN)/ax env)" && mkdir -p "$$AX_STATE_DIR" && exec $(BIN)/dagster dev

check: lint lint-sql types fast ## Format, lint, types and the fast tests, in under a minute

lint: setup
	@$(BIN)/ruff format --check --quiet . || { echo "ax: run .venv/bin/ruff format ."; exit 1; }
	@$(BIN)/ruff check --quiet .

lint-sql: setup
	@test -z "$(SQL)" || { scratch=$$(mktemp -d) && mkdir $$scratch/warehouse \
		&& eval "$$(AX_DATA_DIR=$$scratch $(BIN)/ax env)" && $(BIN)/sqlfluff lint --nocolor --disable-progress-bar --processes 0 $(SQL); }

types: setup
	@$(BIN)/mypy --no-error-summary

fast: setup
	@$(BIN)/pytest -n auto -m "not slow and not proof and not spark"

test: setup ## Every test but the long proofs; 15 to 19 minutes on two cores
	@$(BIN)/pytest -n auto --dist loadfile -m "not proof and not spark"

SPARK_TESTS = not proof

test-spark: setup-spark ## Build all models on a Spark cluster too and compare; wants Java 17
	@command -v java >/dev/null || test -n "$$JAVA_HOME" || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
		&& apt-get update -qq && apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null; } \
		|| { echo "ax: test-spark needs Java 17; install openjdk-17-jre-headless or set JAVA_HOME"; exit 1; }
	@AX_FORBID_SKIP=1 .venv-spark/bin/pytest -n 2 --dist loadfile -m "spark and ($(SPARK_TESTS))" tests/spark

setup-spark: setup
	@UV_PROJECT_ENVIRONMENT=.venv-spark $(UV) sync --quiet --frozen --extra spark --python $(PYTHON)

proof: setup ## The long proofs; writes benchmarks/results with the commit they ran on
	@$(BIN)/pytest -m "proof and not spark"
	@if test -d .venv-spark; then .venv-spark/bin/pytest -n 0 -m "proof and spark" tests/spark; \
		else echo "proof: those on Spark are left out; make test-spark installs what they need"; fi

bench: setup ## Time each scenario beside its yardstick; writes docs/benchmarks.md, says what got slower
	@$(BIN)/python -m benchmarks $(SCENARIOS)

sbom: setup ## Write dist/sbom.cdx.json (CycloneDX) and the hashed requirements, from uv.lock
	@mkdir -p dist
	@$(UV) export --quiet --frozen --no-dev --all-extras --format cyclonedx1.5 --output-file dist/sbom.cdx.json
	@$(UV) export --quiet --frozen --no-dev --all-extras --no-emit-project --output-file dist/requirements.txt
	@echo "dist/sbom.cdx.json, dist/requirements.txt"

audit: sbom ## Ask the advisories about what uv.lock names; needs the network, or ADVISORIES=URL of a mirror
	@$(UV) tool run pip-audit --strict --disable-pip --require-hashes --requirement dist/requirements.txt $(if $(ADVISORIES),--vulnerability-service osv --osv-url $(ADVISORIES))

clean: ## Throw away environments and caches; what is in data/ stays
	@rm -rf .venv .venv-spark .tools .pytest_cache .mypy_cache .ruff_cache .hypothesis dbt_project/target dbt_project/logs
