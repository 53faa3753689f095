"""The wallet: what a merchant runs behind its WeChat mini-program."""

from wallet_project.celery import app as celery_app

__all__ = ["celery_app"]
