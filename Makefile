# demo, serve, test, check, messages, bench, planted, found, oracle, settlement, lock, clean. Needs Python 3.11 or later (with venv) and make.
# make demo [FILE=path] [SERVE=no] [PORT=8000]

PYTHON ?= python3
PORT ?= 8000
PY = .venv/bin/python
DEMO = env -u DATABASE_URL -u REDIS_URL -u ALLOWED_HOSTS -u DEBUG -u PAID_HTTPS PAID_DEMO=1 $(PY) manage.py

# What is installed is known by the sum of the lock file: an unchanged one needs no network.
sum = $(shell cksum < $(1) | tr -d ' ')
INSTALLED = .venv/installed-$(call sum,requirements.txt)
INSTALLED_DEV = .venv/installed-dev-$(call sum,requirements-dev.txt)
INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
OLD_PYTHON = $(PYTHON) is older than Python 3.11. Say which to use: make PYTHON=python3.12

.PHONY: demo serve test check messages bench planted found oracle settlement lock clean
.DELETE_ON_ERROR:

demo: $(INSTALLED)
	@$(DEMO) migrate --verbosity 0
	@$(DEMO) demo --port $(PORT) $(if $(FILE),--file "$$FILE") $(if $(filter no 0,$(SERVE)),--no-serve)

serve: $(INSTALLED)
	@$(PY) -m config.serve --port $(PORT)

test: $(INSTALLED_DEV)
	@$(PY) tests/run.py

check: $(INSTALLED_DEV)
	@$(PY) tests/run.py --checks-only

messages: $(INSTALLED)  # make messages LANGUAGES="sw pt_BR": the words for translators, in config/locale
	@$(PY) -m config.messages $(LANGUAGES)

bench: $(INSTALLED_DEV)
	@$(PY) -m tests.benchmarks

planted: $(INSTALLED_DEV)
	@$(PY) -m tests.planted

found: $(INSTALLED_DEV)  # needs the real files (REAL_DATA)
	@$(PY) -m tests.real.found

oracle: $(INSTALLED_DEV)  # needs the real files (REAL_DATA)
	@$(PY) -m tests.real.oracle

settlement: $(INSTALLED_DEV)  # needs the real files (REAL_DATA)
	@$(PY) -m tests.real.settlement

lock: $(INSTALLED_DEV)
	$(PY) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --output-file requirements.txt requirements.in
	$(PY) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --output-file requirements-dev.txt requirements-dev.in

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "var/ is left as it is: it holds the database."

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(OLD_PYTHON)"; exit 1; }
	@$(PYTHON) -m venv .venv

$(INSTALLED): | $(PY)
	@echo "Installing what the product runs on (once) ..."
	@$(INSTALL) -r requirements.txt
	@rm -f .venv/installed-[0-9]*; touch $@

$(INSTALLED_DEV): | $(PY)
	@echo "Installing what the product and its tests run on (once) ..."
	@$(INSTALL) -r requirements-dev.txt
	@rm -f .venv/installed-*; touch $@ $(INSTALLED)
