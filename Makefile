# Two commands are enough: `make run`, and in a second terminal `make demo`. `make help` lists the rest.
# Needs only Python 3.11 or newer; packages go into .venv, data into var/.

PYTHON := .venv/bin/python
# The stamps carry the checksum of the locked requirements: other packages, other stamp, new installation.
RUNTIME := .venv/.runtime-$(shell cksum < requirements.txt | cut -d ' ' -f 1)
TOOLS := .venv/.tools-$(shell cat requirements.txt requirements-dev.txt | cksum | cut -d ' ' -f 1)
PIP_INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes
LOCK := $(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes
APPS := wallet_project accounts wallet coupons payments feedback

# A system is a dozen processes, its tests start hundreds: what Python has compiled is kept.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run demo code test lint types rules papers scan bench messages lock clean

help:
	@echo "make run    启动整套系统（数据库、队列、网站、沙箱）        start everything; Ctrl-C stops it"
	@echo "make demo   在运行中的系统上演示一遍                        play the story on the running system"
	@echo "make code   演示员工的密码和此刻的动态码                    the demo staff's passwords and one-time codes"
	@echo "make test   全部测试，例如 make test ARGS='-k refund'       the whole suite, or what ARGS choose"
	@echo "make lint   格式、类型、架构、迁移、文档的检查              format, types, architecture, migrations, docs"
	@echo "make scan   安全扫描，报告在 var/scans/                      security scans, reports in var/scans/"
	@echo "make bench  性能测试                                        benchmarks"
	@echo "make messages  收集文字、编译翻译                           collect texts, compile translations"
	@echo "make lock   重新锁定依赖                                    lock the requirements again"
	@echo "make clean  删除 .venv 和 var/（包括演示数据）              remove .venv and var/, demo data included"

run: $(RUNTIME)
	@exec $(PYTHON) -m wallet_project.launcher run

demo: $(RUNTIME)
	@exec $(PYTHON) -m wallet_project.launcher exec python manage.py demo

code: $(RUNTIME)
	@exec $(PYTHON) -m wallet_project.launcher exec python manage.py demo_code

test: $(TOOLS)
	@exec $(PYTHON) -m wallet_project.launcher test -n 2 --dist worksteal $(ARGS)

bench: $(TOOLS)
	@exec $(PYTHON) -m wallet_project.launcher bench $(ARGS)

# Needs no database: what does is in the tests. `make -j2 lint` looks at two at once.
lint: types rules papers

# The sandbox has settings of its own, so its types are checked apart.
types: $(TOOLS)
	$(PYTHON) -m mypy $(APPS)
	SANDBOX_DIR=var $(PYTHON) -m mypy --config-file wallet_project/sandbox/mypy.ini wallet_project/sandbox

rules: $(TOOLS)
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	$(PYTHON) -m bandit --quiet --configfile pyproject.toml --recursive $(APPS)

papers: $(TOOLS)
	$(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PYTHON) manage.py errors_doc --check
	$(PYTHON) manage.py metrics_doc --check
	mkdir -p var && $(PYTHON) manage.py spectacular --validate --fail-on-warn --file var/openapi.yaml
	diff -u openapi.yaml var/openapi.yaml
	set -a && . ./.ci/production.env && $(PYTHON) manage.py check --deploy --fail-level WARNING

# For the compliance desk: `manage.py import_scan bandit var/scans/bandit.json`. Findings do not fail it, lint does.
scan: $(TOOLS)
	mkdir -p var/scans
	$(PYTHON) -m bandit --quiet --exit-zero --configfile pyproject.toml --recursive $(APPS) --format json --output var/scans/bandit.json
	$(PYTHON) -m ruff check --exit-zero --select S --output-format json --output-file var/scans/ruff.json $(APPS)

messages: $(TOOLS)
	@$(PYTHON) -W ignore::RuntimeWarning manage.py messages

lock: $(PYTHON)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt

clean:
	@test ! -x $(PYTHON) || $(PYTHON) -m wallet_project.launcher clean
	rm -rf .venv var

$(PYTHON):
	@for python in python3.11 python3 python3.12 python3.13; do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break || python=; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "✗ 找不到 Python 3.11 或更高版本，请先安装（例如 apt-get install python3 python3-venv）"; \
	  echo "  Python 3.11 or newer is missing; install it first (apt-get install python3 python3-venv)"; exit 1; fi; \
	"$$python" -m venv --clear .venv || { rm -rf .venv; \
	  echo "✗ 无法创建 .venv，可能缺少 python3-venv：apt-get install python3-venv"; \
	  echo "  Cannot create .venv; perhaps python3-venv is missing: apt-get install python3-venv"; exit 1; }

$(RUNTIME): $(PYTHON)
	@echo "· 安装依赖  Installing the packages …"
	@$(PIP_INSTALL) -r requirements.txt
	@rm -f .venv/.runtime-* && touch $@

$(TOOLS): $(RUNTIME)
	@$(PIP_INSTALL) -r requirements.txt -r requirements-dev.txt
	@rm -f .venv/.tools-* && touch $@
