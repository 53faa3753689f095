"""Base on a laptop, with the sandbox: `make run` sets the environment, bare commands get throw-away keys."""

import os

import wallet_project.settings.env  # noqa: F401 - reads .env, which goes before the keys below

os.environ.setdefault("SECRET_KEY", "development-only-" + "0123456789" * 5)
os.environ.setdefault("FIELD_KEYS", "1:" + "A" * 43 + "=")
os.environ.setdefault("INDEX_KEYS", "1:" + "B" * 42 + "A=")
os.environ.setdefault("PIN_PEPPER", "1:" + "C" * 42 + "A=")
os.environ.setdefault("WALLET_MODE", "licensed")  # with play money everything can be tried
os.environ.setdefault("WECHAT_TRANSFER_SCENE", "1000")
os.environ.setdefault("WECHAT_TRANSFER_REPORTS", "活动名称=余额提现,奖励说明=本人余额")

from wallet_project.settings.base import *  # noqa: F403 - the keys above must exist first

ENVIRONMENT = "dev"
SHOPS_MAY_BE_LOCAL = True
