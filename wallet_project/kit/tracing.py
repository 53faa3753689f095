"""
One request id from the web over the relay and the workers to whoever is asked outside.

Events and jobs carry it in their rows, requests of ours in the header Request-Id; here are the other tasks,
those that beat starts and those that tasks start: their messages carry it, and what nobody's request has
caused has the task's own id.
"""

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun

from wallet_project.kit import context
from wallet_project.kit.context import Context


@before_task_publish.connect
def _send_along(headers: dict[str, Any], **_facts: Any) -> None:
    headers.setdefault("request_id", context.current().request_id)


@task_prerun.connect
def _begin(task_id: str, task: Any, **_facts: Any) -> None:
    if not task.request.is_eager:  # then it runs in the context of whoever has called it
        sent = (task.request.headers or {}).get("request_id")
        context.begin(Context(request_id=sent or f"task-{task_id}"))


@task_postrun.connect
def _end(task: Any, **_facts: Any) -> None:
    if not task.request.is_eager:
        context.begin(Context())


def trace_if_wished() -> None:
    """
    OpenTelemetry, where its packages are installed (opentelemetry-distro, -exporter-otlp and the
    instrumentations) and OTEL_EXPORTER_OTLP_ENDPOINT says where to send; what it does it reads from OTEL_….
    """
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") and find_spec("opentelemetry"):
        import_module("opentelemetry.instrumentation.auto_instrumentation").initialize()
