# Everything a developer or an operator of the demonstration types. `make help` lists it.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: bench help demo test check format screenshots states

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input install --quiet --require-hashes
CHECKED := opss desk readiness intake escalation command incidents moves notify rest accounts audit govuk kernel bench
# The first interpreter that is new enough and can make an environment.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
FRONTEND := static/vendor/govuk-frontend.min.css
NPM_CI := ci --ignore-scripts --no-audit --no-fund --cache .build/npm --loglevel error

help: ## List what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do \
		printf '  %-12s %s\n' "make $$name" "$$what"; done

demo: $(VENV)/demo.stamp $(FRONTEND) ## Serve a seeded demonstration until Ctrl-C (PORT=8000 DATA_DIR=.data)
	@$(PY) manage.py demo

test: $(VENV)/dev.stamp $(FRONTEND) ## Run every test (ARGS="tests/unit/kernel -x" for some)
	@$(PY) -m pytest -n 2 --dist worksteal $(ARGS)

check: $(VENV)/dev.stamp ## Formatting, lint, types, layers, migrations, templates and deploy checks
	@$(PY) -m ruff format --check --quiet . || { echo "Run: make format"; exit 1; }
	@$(PY) -m ruff check --quiet .
	@PYTHONPATH=. $(VENV)/bin/lint-imports --no-logo
	@$(PY) -m mypy $(CHECKED) manage.py
	@OPSS_ENV=test $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(PY) -m djlint --lint --quiet templates
	@OPSS_ENV=production OPSS_ALLOWED_HOSTS=incidents.example OPSS_TRUSTED_PROXIES=1 \
		OPSS_SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))') \
		DATABASE_URL=postgres://127.0.0.1:9/opss REDIS_URL=redis://127.0.0.1:9/0 \
		OPSS_BASE_URL=https://incidents.example OPSS_EMAIL_URL=smtps://127.0.0.1 OPSS_EMAIL_FROM=incidents@example.gov.uk \
		$(PY) manage.py check --deploy --fail-level WARNING

bench: $(VENV)/demo.stamp $(FRONTEND) ## Measure beside bare psycopg2, one JSON object a line (BENCH_SIZES=10000,100000)
	@$(PY) -m bench

screenshots: $(VENV)/dev.stamp $(VENV)/demo.stamp $(FRONTEND) ## Take the pictures of the README from a demonstration of its own
	@$(PY) -m tests.screenshots

states: $(VENV)/demo.stamp ## Draw the state machines into docs/states/ from the code
	@OPSS_ENV=test $(PY) -W ignore::RuntimeWarning manage.py draw_states

format: $(VENV)/dev.stamp ## Format the code
	@$(PY) -m ruff format --quiet .
	@$(PY) -m ruff check --fix --quiet .

$(VENV)/made.stamp:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed (on Debian: python3 and python3-venv)"; exit 1; }
	@echo "Making the environment in $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# The stamps of the two sets stand side by side: the demonstration never needs a developer's tools.
$(VENV)/demo.stamp: requirements/demo.txt | $(VENV)/made.stamp
	@echo "Installing what the demonstration needs ..."
	@$(PIP) -r $<
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt | $(VENV)/made.stamp
	@echo "Installing what the tests and checks need ..."
	@$(PIP) -r $<
	@$(PY) -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "opss-root.pth").write_text("$(CURDIR)\n")'
	@touch $@

# By the machine's own npm; where there is none or it fails, by the one of a wheel.
$(FRONTEND): package-lock.json opss/frontend.py | $(VENV)/made.stamp
	@echo "Fetching GOV.UK Frontend ..."
	@if ! { command -v npm >/dev/null 2>&1 && npm $(NPM_CI); }; then \
		$(PIP) -r requirements/build.txt && PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(VENV)/bin/npm $(NPM_CI); fi
	@$(PY) -m opss.frontend
