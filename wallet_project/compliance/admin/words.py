"""How the desk says days, tables and results."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps

from wallet_project.compliance.models import RetentionRun
from wallet_project.kit.admin import show_label

RUN_COLOURS = {"DONE": "success", "RUNNING": "info", "UNFINISHED": "warning", "FAILED": "danger"}


def show_days(days: int) -> str:
    """180 天, 10 年"""
    return f"{days // 365} 年" if days % 365 == 0 else f"{days} 天"


def show_tables(labels: Iterable[str]) -> str:
    return "、".join(str(apps.get_model(label)._meta.verbose_name) for label in labels)


def show_run(state: str) -> Any:
    return show_label(RetentionRun.State(state).label, RUN_COLOURS[state])
