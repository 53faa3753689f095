"""One request id, whatever process does a part of the work."""

import sys
import time
import types
import uuid

import pytest
from celery import shared_task

from wallet_project.kit import context
from wallet_project.kit.models import StoredEvent
from wallet_project.kit.tracing import trace_if_wished

pytestmark = pytest.mark.committed


@shared_task(name="kit.tests.parent")
def parent(*, family, **_later):
    leave_word(family)
    child.delay(family=family)


@shared_task(name="kit.tests.child")
def child(*, family, **_later):
    leave_word(family)


def leave_word(family):
    StoredEvent.objects.create(
        name="kit.tests.traced", aggregate=family, payload=context.current().request_id
    )


@pytest.fixture
def trace(worker):
    """The request ids that a task and the task it starts have seen."""

    def follow(*, start):
        family = uuid.uuid4().hex
        start(family=family)
        words = StoredEvent.objects.filter(name="kit.tests.traced", aggregate=family)
        with worker():
            deadline = time.monotonic() + 20
            while words.count() < 2:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        return list(words.order_by("pk").values_list("payload", flat=True))

    return follow


def test_what_a_request_starts_keeps_its_id_over_two_tasks(trace):
    with context.acting(request_id="r-12345678"):
        assert trace(start=parent.delay) == ["r-12345678"] * 2


def test_what_the_clock_starts_has_an_id_of_its_own_and_so_has_what_that_starts(trace):
    first, second = trace(start=parent.delay)

    assert first.startswith("task-")
    assert second == first
    assert context.current().request_id == ""


def test_spans_are_sent_only_where_it_is_installed_and_told_where_to(monkeypatch):
    begun = []
    trace_if_wished()
    package = "opentelemetry.instrumentation.auto_instrumentation"
    for name in ("opentelemetry", "opentelemetry.instrumentation", package):
        module = types.ModuleType(name)
        module.__spec__ = types.SimpleNamespace()
        monkeypatch.setitem(sys.modules, name, module)
    sys.modules[package].initialize = lambda: begun.append(True)
    trace_if_wished()
    assert begun == []

    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    trace_if_wished()

    assert begun == [True]
