"""The settings of the sandbox process. It shares nothing with the product but the source tree."""

import os
import secrets
from datetime import timedelta
from pathlib import Path

SANDBOX_DIR = Path(os.environ["SANDBOX_DIR"]).absolute()

# How long a refund, a transfer or a bill is under way here. Long enough to be seen, unless nobody looks.
ENDS_AFTER = timedelta(seconds=float(os.environ.get("SANDBOX_ENDS_AFTER", "0.5")))

# Where messages are pushed to, as the mini-program's console would know; nowhere, unless told.
PUSH_URL = os.environ.get("SANDBOX_PUSH_URL", "")

SECRET_KEY = secrets.token_urlsafe(32)  # nothing is signed with it that outlives the process
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ROOT_URLCONF = "wallet_project.sandbox.urls"
INSTALLED_APPS = ["wallet_project.sandbox"]
MIDDLEWARE = ["wallet_project.sandbox.access.AccessLog"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # a picture of two, and too large ones to refuse

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": SANDBOX_DIR / "book.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # Sixteen threads write: each transaction takes the write lock at its beginning and waits its
            # turn, instead of failing half-way when a reader wants to become a writer.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON",
        },
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    # 4xx answers are what an emulator is for; only its own failures are worth more than a line.
    "loggers": {
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "sandbox.access": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
