# The few words one needs here; `make` alone lists them.
PYTHON ?= python3
PY := .venv/bin/python
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := help

.PHONY: help
help: ## Say what there is to make
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

.PHONY: run
run: .venv/run.stamp ## Start Helpdesk with demo data at http://127.0.0.1:8000/ (HOST, PORT, DATA_DIR, DEMO=0)
	@exec $(PY) manage.py serve

.PHONY: test
test: .venv/test.stamp ## Run the tests (ARGS="…" goes to pytest, PARTS="sqlite postgres production browser firefox" chooses)
	@exec $(PY) -m tests.run $(PARTS) -- $(ARGS)

.PHONY: check
check: .venv/test.stamp ## Run every check that needs no server, and show all that fail
	@$(MAKE) --keep-going --output-sync=target --jobs=2 $(CHECKS) && echo "All checks passed."

.PHONY: tidy
tidy: .venv/test.stamp ## Bring Python into its one form
	@$(PY) -m ruff check --quiet --fix .
	@$(PY) -m ruff format --quiet .

.PHONY: messages
messages: .venv/test.stamp ## Bring the translations up to date with the code (needs gettext); then translate what it names
	@$(PY) locale/update

.PHONY: cost
cost: .venv/test.stamp ## Measure what the embedded default costs: start, memory, processor, a message's way
	@$(PY) -m bench.cost

.PHONY: bench
bench: .venv/test.stamp ## Measure production beside a plain Channels consumer, in a quarter of an hour (ARGS=--quick: two minutes)
	@exec $(PY) -m bench.run $(ARGS)

.PHONY: soak
soak: .venv/test.stamp ## Let 200 chats talk for ten minutes while every part is broken in turn (ARGS="--seed 7 --minutes 1 --chats 50")
	@exec $(PY) -m tests.production.soak $(ARGS)

.PHONY: lock
lock: ## Renew the locks from pyproject.toml (needs uv; ARGS="--upgrade" takes the newest)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: $(PYTHON) -m pip install uv"; exit 1; }
	$(COMPILE) --output-file requirements/run.txt pyproject.toml
	$(COMPILE) --group test --constraints requirements/run.txt --output-file requirements/test.txt pyproject.toml

UV ?= uv
# Without these flags the locks would name the registry that this machine happens to use.
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url $(ARGS)

# The environment. A stamp is older than its lock when there is something to install. Python compiles a module when it
# is first used; to let pip compile all of them would make a first start wait for thousands that nobody uses.
.venv/%.stamp: requirements/%.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Helpdesk needs Python 3.11 or newer, and $(PYTHON) is: $$($(PYTHON) --version 2>&1)." ; \
	  echo "Name another one with: make PYTHON=python3.13 …" ; exit 1 ; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv" ; exit 1 ; }
	@$(PY) -c 'import pip' 2>/dev/null || { \
	  echo "Making a virtual environment in .venv" ; $(PYTHON) -m venv --clear .venv ; }
	@echo "Installing $<"
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r $<
	@touch $@

# The checks
CHECKS := lint form types layers templates migrations system deploy vendored translations
.PHONY: $(CHECKS)

# Neither a developer's settings nor a developer's data are what is checked.
CLEAN := env -u DEMO -u DEBUG -u DATABASE_URL -u REDIS_URL DATA_DIR=.venv/check
PRODUCTION := DATABASE_URL=postgresql://helpdesk@db/helpdesk REDIS_URL=redis://redis:6379 \
	PUBLIC_URL=https://help.example.com EMAIL_URL=submission://mail.example.com \
	SECRET_KEY=only-for-this-check-4c1b9e7d2f6a8053e1d7c9b4a65f02d8

lint: .venv/test.stamp
	@$(PY) -m ruff check --quiet .
form: .venv/test.stamp
	@$(PY) -m ruff format --quiet --check . || { echo "make tidy brings the code into its form"; exit 1; }
types: .venv/test.stamp
	@$(PY) -m mypy
layers: .venv/test.stamp
	@.venv/bin/lint-imports --no-logo
templates: .venv/test.stamp
	@$(PY) -m djlint --lint --quiet --use-gitignore .
migrations: .venv/test.stamp
	@$(CLEAN) $(PY) manage.py makemigrations --check --dry-run
system: .venv/test.stamp
	@$(CLEAN) $(PY) manage.py check --fail-level WARNING
deploy: .venv/test.stamp
	@$(CLEAN) $(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING
vendored: .venv/test.stamp
	@$(PY) static/vendor/update --check
translations: .venv/test.stamp
	@$(PY) locale/update --check
