# Two commands are all a fresh machine needs: `make tour` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready
export JAX_COMPILATION_CACHE_DIR ?= $(CURDIR)/.cache/jax
export JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS ?= 0.2

.PHONY: setup tour test test-all torture lint lowest bench bench-formulas clean

setup: $(STAMP)

# uv is quick where it is installed; plain venv and pip do the same. --seed: studies are added with pip later.
$(STAMP): pyproject.toml constraints.txt
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --seed --clear --python "$(PYTHON)" .venv && \
		uv pip install --quiet --compile-bytecode --python $(BIN)/python --constraint constraints.txt --editable '.[test]'; \
	else \
		"$(PYTHON)" -c 'import ensurepip' 2>/dev/null || \
			{ echo "netphysics: $(PYTHON) has no ensurepip; install it (Debian: apt install python3-venv)" >&2; exit 1; }; \
		"$(PYTHON)" -m venv --clear .venv && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'; \
	fi
	@touch $(STAMP)

tour: $(STAMP)
	$(BIN)/netphysics tour

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist worksteal

test-all: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "slow or not slow"

# Faults by the thousand: files, kills, full disks, command lines, slow clients. An hour on one core.
torture: $(STAMP)
	$(BIN)/python -m pytest tests/torture --torture -m "slow or not slow"

lint: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# The oldest libraries that pyproject.toml allows.
lowest:
	PYTHON="$(PYTHON)" sh scripts/lowest_versions.sh

bench: $(STAMP)
	@for script in benchmarks/*.py; do echo "$$script"; $(BIN)/python $$script || exit 1; done

# Our search for formulas beside gplearn and pyoperon, which get an environment of their own.
bench-formulas: $(STAMP)
	"$(PYTHON)" -m venv .cache/formulas
	.cache/formulas/bin/python -m pip install --quiet --disable-pip-version-check --requirement benchmarks/peers/formulas.txt
	$(BIN)/python benchmarks/formulas.py --peer .cache/formulas/bin/python

clean:
	rm -rf .venv .cache
