# `make` alone lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
bin := .venv/bin

.PHONY: help bootstrap demo up test test-long check format lock tokens clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: bootstrap ## run the whole journey once; pictures in build/demo/
	@scripts/demo.sh

up: bootstrap ## start the same parts and leave them running for you; Ctrl-C stops all
	@scripts/demo.sh --stay

test: check ## checks, then all tests but the long ones; SHARES="unit app" picks some
	@scripts/test.sh $(SHARES)

test-long: bootstrap ## the tests that take longer than `make test` allows
	@scripts/test-long.sh

check: bootstrap ## lint, format, types, import directions
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports

format: bootstrap ## put the code in the house's format
	$(bin)/ruff check --fix-only .
	$(bin)/ruff format .

bootstrap: ## install what is missing (done by the others too)
	@scripts/bootstrap.sh

tokens: bootstrap ## write the style sheets' tokens.css anew from mobile/kit/tokens.json
	$(bin)/python scripts/tokens.py

lock: ## resolve requirements/all.txt anew from pyproject.toml (needs uv and a network)
	uv pip compile pyproject.toml --all-extras --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet -o requirements/all.txt

clean: ## remove what was built, but not the virtual environment
	rm -rf build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
