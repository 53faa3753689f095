"""Base for tests: tasks run where they are queued, passwords hash fast, the sandbox is WeChat."""

import os
from urllib.parse import urlsplit

os.environ.setdefault("SECRET_KEY", "tests-only-" + "0123456789" * 5)
os.environ.setdefault("FIELD_KEYS", "1:" + "A" * 43 + "=")
os.environ.setdefault("INDEX_KEY", "B" * 42 + "A=")

from wallet_project.settings.base import *  # noqa: F403 - the keys above must exist first

ENVIRONMENT = "test"
WALLET_MODE = "licensed"
LICENCE_REF = "TEST"
CELERY_TASK_ALWAYS_EAGER = True
# Each worker of pytest-xdist empties a cache of its own.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
CACHES["default"]["LOCATION"] = urlsplit(REDIS_URL)._replace(path=f"/{int(_worker) % 16}").geturl()  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
REST_FRAMEWORK = {
    **REST_FRAMEWORK,  # noqa: F405
    "DEFAULT_THROTTLE_RATES": dict.fromkeys(REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "100000/min"),  # noqa: F405
}
