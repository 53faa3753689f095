"""Everything that is named by a string exists, and every task is asked for by somebody."""

import ast
import inspect
from collections.abc import Iterator

import pytest
from celery import current_app
from django.conf import settings
from django.utils.module_loading import import_string

from wallet_project.audit.words import in_words
from wallet_project.kit.events import Event, registered_listeners
from wallet_project.settings.env import BASE_DIR

SOURCES = [
    path
    for root in ("accounts", "wallet", "coupons", "payments", "feedback", "wallet_project")
    for path in (BASE_DIR / root).rglob("*.py")
    if not {"tests", "sandbox"} & set(path.relative_to(BASE_DIR).parts)
]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
OUR_TASKS = {
    name: task for name, task in current_app.tasks.items() if not name.startswith(("celery.", "kit.tests."))
}


def calls(*names: str) -> Iterator[ast.Call]:
    for tree in TREES.values():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) in names
            ):
                yield node


def scheduled() -> set[str]:
    return {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def queued() -> set[str]:
    return {call.args[0].value for call in calls("after_commit") if isinstance(call.args[0], ast.Constant)}


def delayed() -> set[str]:
    """Tasks that other tasks start, one for each thing to do."""
    functions = {call.func.value.id for call in calls("delay") if isinstance(call.func.value, ast.Name)}
    return {name for name, task in OUR_TASKS.items() if task.__name__ in functions}


def test_every_scheduled_task_exists():
    assert scheduled() <= set(OUR_TASKS)


def test_every_queued_task_exists_and_is_named_by_a_plain_string():
    assert queued() <= set(OUR_TASKS)
    for call in calls("after_commit"):
        assert isinstance(call.args[0], ast.Constant), ast.dump(call)


def test_every_task_is_asked_for_by_somebody():
    assert set(OUR_TASKS) == scheduled() | queued() | delayed()


def test_a_task_that_is_queued_removes_its_row_when_it_is_done():
    for name in queued():
        taken = inspect.signature(OUR_TASKS[name].run, follow_wrapped=False).parameters
        assert "job_id" in taken, f"{name} must be a kit.jobs.job"


def test_a_scheduled_task_expires_before_it_piles_up():
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        if isinstance(entry["schedule"], int | float):
            assert entry["options"]["expires"] <= entry["schedule"], name


@pytest.mark.parametrize("task", sorted(OUR_TASKS))
def test_a_task_is_named_for_its_app(task):
    module = OUR_TASKS[task].__module__

    assert module.split(".")[-2] == task.split(".")[0]


def test_every_listener_can_be_found_by_its_path():
    for name, paths in registered_listeners().items():
        for path in paths:
            assert callable(import_string(path)), name


def test_every_event_has_a_name_of_its_own_and_belongs_to_its_app():
    ours = [event for event in subclasses(Event) if ".tests." not in event.__module__]
    events = [event for event in ours if not event.__subclasses__()]
    names = [event.name for event in events]

    assert len(set(names)) == len(names)
    for event in events:
        app = event.__module__.split(".")[-2]
        assert event.name.startswith(f"{app}."), event
        assert event.aggregate is not Event.aggregate, event


def test_what_the_settings_name_by_a_dotted_path_exists():
    framework = settings.REST_FRAMEWORK
    named = [
        *settings.MIDDLEWARE,
        *settings.PASSWORD_HASHERS,
        *(cache["BACKEND"] for cache in settings.CACHES.values()),
        settings.CACHES["default"]["OPTIONS"]["serializer"],
        *(path for name, value in framework.items() if name.endswith("_CLASSES") for path in value),
        *settings.CLOSURE_BLOCKERS,
        *settings.CLOSURE_STEPS,
        *settings.MERGE_STEPS,
        *settings.ACCOUNT_HISTORIES,
        framework["DEFAULT_SCHEMA_CLASS"],
        framework["EXCEPTION_HANDLER"],
    ]

    for path in named:
        assert callable(import_string(path)), path


def subclasses(parent: type) -> Iterator[type]:
    for child in parent.__subclasses__():
        yield child
        yield from subclasses(child)


def test_every_act_in_the_trail_has_a_chinese_name():
    recorded = {
        keyword.value.value
        for call in calls("record_audit")
        for keyword in call.keywords
        if keyword.arg == "action" and isinstance(keyword.value, ast.Constant)
    }

    assert len(recorded) > 20
    assert {action for action in recorded if in_words(action) == action} == set()
