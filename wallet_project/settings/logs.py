"""JSON logs: one line, one fact, nothing secret."""

from wallet_project.settings import env

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "wallet_project.kit.logs.json_formatter"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stdout"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"handlers": ["stdout"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},  # our access line already tells of every 4xx
        "celery": {"level": "WARNING"},
    },
}
