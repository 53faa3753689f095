"""Base for tests: tasks run where they are queued, passwords hash fast, the sandbox is WeChat."""

import os

os.environ.setdefault("SECRET_KEY", "tests-only-" + "0123456789" * 5)
os.environ.setdefault("FIELD_KEYS", "1:" + "A" * 43 + "=")
os.environ.setdefault("INDEX_KEYS", "1:" + "B" * 42 + "A=")
os.environ.setdefault("PIN_PEPPER", "1:" + "C" * 42 + "A=")
os.environ.setdefault("WECHAT_TRANSFER_SCENE", "1000")
os.environ.setdefault("WECHAT_TRANSFER_REPORTS", "活动名称=余额提现,奖励说明=本人余额")

from wallet_project.settings.base import *  # noqa: F403 - the keys above must exist first

ENVIRONMENT = "test"
SHOPS_MAY_BE_LOCAL = True
PUBLIC_URL = "http://127.0.0.1:9"  # nobody's: WeChat's callbacks must not reach a system on the usual port
WALLET_MODE = "licensed"
LICENCE_REF = "TEST"
CELERY_TASK_ALWAYS_EAGER = True
for cache in CACHES.values():  # noqa: F405
    cache["KEY_FUNCTION"] = "wallet_project.kit.testing.cold_cache.key_of_this_test"
# Everybody here shares one address, and a story asks for its codes within seconds.
CODE_CAPS = dict.fromkeys(CODE_CAPS, ((60, 10000),))  # noqa: F405
# Every story here has its faults; those that tell of circuits set their own.
CIRCUIT_FAILURES = 1_000_000
# Each test's client builds its own middleware: there the files are looked for when they are asked for.
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PIN_HASH = {"memory_cost": 8, "time_cost": 1, "parallelism": 1}
REST_FRAMEWORK = {
    **REST_FRAMEWORK,  # noqa: F405
    "DEFAULT_THROTTLE_RATES": dict.fromkeys(REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "100000/min"),  # noqa: F405
}
