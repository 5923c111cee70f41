# `make` alone shows what there is. Every target sets up what it needs first.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check protos docs bench lock clean
PYTHON := .venv/bin/python
ARGS ?=

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "\n%s\n", substr($$0, 5)} /^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile
	@printf '\nARGS passes options on, such as `make demo ARGS=--exit` or `make test ARGS="-k minutes"`.\n'

##@ Use
setup: ## prepare everything: packages, the project, Kafka's jars (again: without effect)
	@scripts/setup
demo: setup ## start the local stack with the sample and show the agenda; Ctrl-C stops it
	@.venv/bin/madang demo $(ARGS)

##@ Develop
test: setup ## the whole suite, as one run
	$(PYTHON) -m pytest $(ARGS)
check: setup ## all that is checked before the tests: format, lint, types, contracts, lock
	@scripts/check
protos: setup ## generate Python from the .proto files
	scripts/protos
docs: setup ## write docs/generated from code and contracts
	$(PYTHON) scripts/generate_docs.py
bench: setup ## the measurements of benchmarks/
	$(PYTHON) -m benchmarks $(ARGS)

##@ Maintain
lock: setup ## resolve the packages anew, with hashes, and Kafka's jars
	.venv/bin/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.lock
	$(PYTHON) scripts/kafka_jars.py --resolve
clean: ## remove what can be made again (not .local: `madang down --purge` does that)
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
