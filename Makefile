# Two commands matter: `make run` starts the centre, `make test` proves it. Both set up what is missing.
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do command -v $$p >/dev/null && \
	$$p -S -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
PYTHON := $(or $(PYTHON),python3)
BIN := .venv/bin
export PYTHONUTF8 := 1
# Some images forbid it for all; every start of every process would then compile its modules anew.
export PYTHONDONTWRITEBYTECODE :=
COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --universal --no-emit-index-url --no-header --python-version 3.11
# The long ones first, so that all workers are busy to the end; they wait for telephones more than they compute, so
# that there is one worker more than the processors of a small machine.
SUITES := $(addprefix tests/,browser acceptance telephony integration property unit)
WORKERS ?= 3
.DEFAULT_GOAL := help
.PHONY: help python run test check bench chaos demo setup setup-tests doctor lock format clean

help: ## 이 도움말
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

python:
	@$(PYTHON) -S -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "해답: Python 3.11 이상이 필요합니다. PYTHON=python3.12 make run처럼 고르십시오." >&2; exit 1; }

setup: python
	@$(PYTHON) -m setup

setup-tests: python
	@$(PYTHON) -m setup --tests

run: setup ## 빠진 것을 갖추고 센터를 시작합니다
	@exec $(BIN)/python -m haedap run

test: setup-tests ## 빠진 것을 갖추고 모든 시험을 돌립니다
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(wildcard $(SUITES)) $(ARGS)

check: setup-tests ## 모양, 형, 가져오기 규칙, 단위 시험 (3분 안)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy src tests $(wildcard bench) setup
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n 2 --dist worksteal tests/property tests/unit
	@if [ -e frontend/package-lock.json ]; then PATH="$$($(PYTHON) -m setup.node)" npm --prefix frontend run check; fi

bench: setup-tests ## 배분, 통화, 화면의 빠르기를 잽니다
	$(BIN)/haedap bench routing --agents 1000 --waiting 500 --json
	$(BIN)/haedap bench routing --agents 10000 --waiting 20000 --json
	$(BIN)/haedap bench calls --cps 40 --seconds 20 --json
	$(BIN)/haedap bench push --json

chaos: setup-tests ## 200통화 속에서 프로세스를 마구 죽이며 10분 동안 잃는 것이 없는지 봅니다
	@$(BIN)/haedap bench chaos --minutes 10 --seed 1 --calls 200

demo: setup ## 돌고 있는 센터에 시연 전화를 겁니다
	@$(BIN)/haedap demo calls

doctor: setup ## 무엇이 있고 없는지 살핍니다
	@$(BIN)/haedap doctor

lock: ## 꾸러미 잠금 파일을 새로 만듭니다 (UPGRADE=1이면 새 판으로)
	$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml --group build -o requirements/runtime.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml --group build --group dev -c requirements/runtime.txt -o requirements/dev.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) requirements/node.in -o requirements/node.txt

format: ## 코드 모양을 바로잡습니다
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## 만들어진 것을 지웁니다 (센터의 자료 var/는 남깁니다)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache frontend/node_modules
	find src -name '*.mo' -delete
