# `make demo` and `make test` are all a newcomer needs; the rest is for those who change things.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

# Compiled modules are kept, whatever the environment says: tests and the demo start many processes.
export PYTHONDONTWRITEBYTECODE =

.PHONY: demo test lint types lock generate bench

demo: $(STAMP)
	@$(BIN)/python -m demo

test: $(STAMP)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

$(STAMP): requirements/dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-compile -r requirements/dev.txt
	@touch $(STAMP)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(STAMP)
	$(BIN)/mypy .

# Shopify's client is generated from operations and the cut schema; CI checks that nothing differs.
generate: $(STAMP)
	$(BIN)/python -m scripts.generate_shopify

lock: $(STAMP)
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" pyproject.toml -o requirements/runtime.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" --extra dev pyproject.toml -o requirements/dev.txt

# Figures of the real stack on this machine; see benchmarks/.
bench: $(STAMP)
	$(BIN)/python -m benchmarks.return_claims $(ARGS)
	$(BIN)/python -m benchmarks.purchase_orders --plus $(ARGS)
	$(BIN)/python -m benchmarks.inventory_feed --plus
	$(BIN)/python -m benchmarks.campaign_readiness
