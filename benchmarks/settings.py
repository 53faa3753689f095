"""The product's settings, plus the ledgers to measure ours against."""

from importlib.util import find_spec

from wallet_project.settings.dev import *  # noqa: F403 - the product's settings, and then some

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.straightforward"]  # noqa: F405
HAS_HORDAK = find_spec("hordak") is not None
if HAS_HORDAK:
    INSTALLED_APPS += ["mptt", "djmoney", "hordak"]
    DEFAULT_CURRENCY = "CNY"
    CURRENCIES = ["CNY"]
