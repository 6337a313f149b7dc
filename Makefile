# The front door: `make demo`, `make test`, `make test-all`, `make lint`. Each sets up what it needs, on a fresh machine
# too, and only what is missing (scripts/bootstrap).
SHELL := /bin/bash
PYTHON := .venv/bin/python
JUNIT := sim_builds/junit
JOBS ?= auto
PYTEST := $(PYTHON) -m pytest -n $(JOBS) --dist loadgroup --durations=15

.PHONY: help demo test test-all lint clean setup-demo setup-test

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /  \1: /p' Makefile

setup-demo:
	@scripts/bootstrap demo

setup-test:
	@scripts/bootstrap test

demo: setup-demo ## Draft a bench with the embedded model, run it, break the design, write the report
	@$(PYTHON) demo/demo.py

test: setup-test ## Everything that a change must pass
	@mkdir -p $(JUNIT)
	$(PYTEST) -m "not slow" --junitxml=$(JUNIT)/test.xml

test-all: setup-test ## The slow tests too
	@mkdir -p $(JUNIT)
	$(PYTEST) --junitxml=$(JUNIT)/test-all.xml

lint: setup-test ## ruff and mypy
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	$(PYTHON) -m mypy

clean: ## Remove tool output; .venv stays
	find sim_builds -mindepth 1 ! -name README.md ! -name .gitignore -delete
