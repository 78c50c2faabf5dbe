# `make` lists the targets. The two that matter are `make verify` and `make test`.

CARGO ?= cargo
# What `logitlab verify` is to be given, for example: make verify ARGS=--help
ARGS ?=
# What is to be fuzzed, for example: make fuzz TARGET="claim npz" FUZZ_SECONDS=600
TARGET ?=

.DEFAULT_GOAL := help
PYTHON ?= python3

.PHONY: help setup setup-proofs setup-tests setup-all build verify test proofs campaign fuzz bench wheel test-python test-engines book clean announce

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## install what the build needs (SETUP=no: only say what is missing)
	@scripts/setup.sh

setup-proofs: ## install Coq, too (265 MB to download, 1.1 GB on disk)
	@scripts/setup.sh proofs

setup-tests: ## install all that the tests judge with, too: Coq, Gappa, Sollya, PARI/GP, z3, LaTeX, Chromium (442 MB, 1.7 GB)
	@scripts/setup.sh tests

setup-all: ## install the optional tools, too: Python
	@scripts/setup.sh all

# The long step of a first build says so before it begins: gmp-mpfr-sys keeps what it built in the user's cache.
announce: setup
	@cache="$${GMP_MPFR_SYS_CACHE-$${XDG_CACHE_HOME:-$$HOME/.cache}/gmp-mpfr-sys}"; \
	for built in "$$cache"/* "$$HOME"/Library/Caches/gmp-mpfr-sys/* \
	    "$${CARGO_TARGET_DIR:-target}"/*/build/gmp-mpfr-sys-*/out/lib/libmpfr.a; do \
	    if [ -e "$$built" ]; then exit 0; fi; \
	done; \
	echo "building GMP and MPFR the first time takes about three minutes on two cores"

build: announce ## build the release binary
	$(CARGO) build --release

# make itself ends with 2 whenever a command fails; the command's own exit code is in its last line, `Error <code>`.
verify: build ## build the release binary and run `logitlab verify`
	$(CARGO) run --quiet --release -- verify $(ARGS)

# Cheap checks first, the tests and their result last.
test: export INSTA_UPDATE = no
test: setup-tests announce ## check format, lints and documentation, run all the tests, and list what was left out
	$(CARGO) fmt --all --check
	$(CARGO) check --no-default-features --lib
	$(CARGO) clippy --workspace --all-targets --all-features -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps
	scripts/not-run.sh $(CARGO) test --workspace

proofs: announce setup-proofs ## check the theorems of proofs/coq by coqc and again by coqchk, and all derivations by coqc
	scripts/proofs.sh proofs/coq target/coq check
	$(CARGO) run --quiet --bin logitlab -- export coq --all --fresh

campaign: announce ## run the checks that take long: every f32 into 16 bits, bounds on all logits of 8 and 16 bits, 10^5 rows, mutants of claims, 10^4 random statements, 1000 checked runs
	LOGITLAB_CAMPAIGN=1 $(CARGO) test --release --test numbers when_asked -- --skip reference::
	LOGITLAB_CAMPAIGN=1 $(CARGO) test --release --test numbers reference::campaign::all_when_asked -- --nocapture
	LOGITLAB_CAMPAIGN=1 $(CARGO) test --release --test judges when_asked -- --nocapture
	LOGITLAB_CAMPAIGN=1 $(CARGO) test --release --test proof when_asked -- --nocapture
	$(CARGO) run --release -- compare --exhaustive --yes --k 3 --modes e4m3fn,e5m2 --formulas closed,direct,tail,factored
	$(CARGO) run --release -- compare --exhaustive --yes --modes bf16,bf16-stored,fp16 --formulas closed,tail
	$(CARGO) run --release -- simulate --check --runs 1000 --steps 100 --modes f32,bf16,bf16-stored,fp16,e4m3fn

fuzz: announce ## feed every parser and reader made-up inputs (TARGET=claim FUZZ_SECONDS=600; more in scripts/fuzz.sh)
	scripts/fuzz.sh $(TARGET)

# The package's own workspace builds the core again, optimised: about five minutes on two cores the first time.
VENV = target/python
# Debian's Python comes without it.
GET_VENV = [ "$(SETUP)" != no ] && [ "$$(id -u)" = 0 ] && apt-get update -q && apt-get install -qy python3-venv
$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "the Python package needs Python 3.11 or later: make PYTHON=python3.11 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); $(GET_VENV) && $(PYTHON) -m venv $(VENV); } || { rm -rf $(VENV); \
	    echo "a virtual environment needs the module venv: apt-get install python3-venv"; exit 1; }

wheel: announce $(VENV)/bin/pip ## build the Python package into target/dist (Python 3.11 or later, with its module venv)
	$(VENV)/bin/pip install --quiet 'maturin>=1.9,<2'
	CARGO_TARGET_DIR=$(CURDIR)/target/wheel $(VENV)/bin/maturin build --release --manifest-path python/Cargo.toml --out target/dist

# What README says, but built as the other tests are, whose crates it finds built: two minutes instead of five.
PYTEST = cd python/tests && LOGITLAB_BINARY=$(CURDIR)/target/debug/logitlab $(CURDIR)/$(VENV)/bin/python -m pytest -q -rs \
    -p no:cacheprovider --doctest-modules --pyargs logitlab .
INSTALL_PYTHON = MATURIN_PEP517_ARGS="--profile dev" CARGO_TARGET_DIR=$(CURDIR)/target $(VENV)/bin/pip install --quiet ./python
test-python: announce $(VENV)/bin/pip ## install the Python package into a virtual environment and test it against the command line
	$(VENV)/bin/pip install --quiet numpy ml_dtypes pyarrow polars pytest
	$(INSTALL_PYTHON)
	$(CARGO) build --bin logitlab
	$(PYTEST)

test-engines: announce $(VENV)/bin/pip ## the same with DuckDB, Dask and Ray, too (1.1 GB)
	$(VENV)/bin/pip install --quiet numpy ml_dtypes pyarrow polars pytest duckdb dask pandas 'ray[data]'
	$(INSTALL_PYTHON)
	$(CARGO) build --bin logitlab
	$(PYTEST)

bench: announce ## run the benches
	$(CARGO) bench

# Version and cost: mdBook 0.5.4, 123 crates that cargo downloads and compiles in about a minute on two idle cores.
MDBOOK_VERSION = 0.5.4
MDBOOK = target/tools/bin/mdbook

book: ## build the book docs/book into target/book; installs mdBook into target/tools if it is not there
	@if [ ! -x $(MDBOOK) ]; then \
	    if [ "$(SETUP)" = no ]; then echo "mdBook is missing: cargo install mdbook@$(MDBOOK_VERSION)"; exit 1; fi; \
	    echo "installing mdBook $(MDBOOK_VERSION) into target/tools: 123 crates, about a minute on two idle cores"; \
	    $(CARGO) install mdbook --version $(MDBOOK_VERSION) --locked --no-default-features --features search \
	        --root target/tools; \
	fi
	$(MDBOOK) build docs/book

clean: ## remove what was built
	$(CARGO) clean
