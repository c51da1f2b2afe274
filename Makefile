# ARGS go to the command behind a target: make demo ARGS="--port 8080", make test ARGS="-k zoom".
ARGS =

run = sh .ci/uv run --frozen
code = domain application adapters entrypoints deploy tests

# No look on the network for a newer pyright.
export PYRIGHT_PYTHON_IGNORE_WARNINGS = 1

.PHONY: help demo test operations check audit bench scale load abuse faults pictures words font

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

demo: ## try TimeTuna: everything on this machine, no account anywhere (Ctrl-C stops it)
	@$(run) --no-dev timetuna demo $(ARGS)

test: check ## the whole test suite, after make check; says at the end what it had to leave out
	@$(run) python -m tests.support.suite $(ARGS)

operations: ## the drills of operators: stops, kills, backups, brokers, a pooler, a fail-over, an upgrade, with real servers
	@$(run) python -m tests.operations $(ARGS)

check: ## lint, format, imports and types, in seconds
	@$(run) ruff check $(code)
	@$(run) ruff format --check $(code)
	@$(run) lint-imports --no-logo --no-cache
	@$(run) pyright

audit: ## ask the package index whether a locked package is known to be vulnerable
	@$(run) python -m tests.support.audit

bench: ## measure the speed against a bare floor; ARGS=webhooks measures one section
	@$(run) python -m tests.benchmarks $(ARGS)

scale: ## fill a database with ten million bookings (16 GB, a quarter of an hour), and compare it with a small one
	@$(run) python -m tests.scale $(ARGS)

load: ## ten minutes of mixed traffic on two web and two worker processes; ARGS=--troubled kills and restarts what they use
	@$(run) python -m tests.load $(ARGS)

abuse: ## attack a TimeTuna of its own for ten minutes, and report what reached strangers
	@$(run) python -m tests.security.abuse $(ARGS)

faults: ## kill web and worker processes a thousand times while guests book and hosts edit their calendars, and look for losses
	@$(run) python -m tests.faults $(ARGS)

pictures: ## take the pictures in docs/pictures anew
	@$(run) python -m tests.support.pictures

words: ## bring the catalogues of translations up to date with the words in the code
	@$(run) python -m tests.support.words

font: ## make the bundled typeface anew (needs npm)
	@$(run) python -m tests.support.font
