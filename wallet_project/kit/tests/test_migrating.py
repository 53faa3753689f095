"""What migrations are made of. Tables come and go in memory: the suite's own role may change none."""

import pytest
from django.apps import apps
from django.db import ConnectionHandler, models
from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ModelState, ProjectState

from wallet_project.kit import clock
from wallet_project.kit.migrating import Tables, first_rows
from wallet_project.kit.models import Heartbeat

NAMES = [f"Link{number}" for number in range(8)]


def link(name, following):
    fields = [("id", models.BigAutoField(primary_key=True))]
    if following:
        fields.append(("next", models.ForeignKey(f"chain.{following}", models.PROTECT)))
    return CreateModel(name, fields)


CHAIN = Tables(*map(link, NAMES, [*NAMES[1:], None]))


@pytest.fixture
def memory(django_db_blocker):
    with django_db_blocker.unblock():
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
        connection = ConnectionHandler({"default": database})["default"]
        yield connection
        connection.close()


@pytest.fixture
def rendered(monkeypatch):
    """The models that were rendered, in order."""
    names = []
    render = ModelState.render

    def render_and_tell(state, registry):
        names.append(state.name)
        return render(state, registry)

    monkeypatch.setattr(ModelState, "render", render_and_tell)
    return names


def test_tables_may_point_to_those_that_come_later_and_each_is_rendered_once(memory, rendered):
    before, after = ProjectState(), ProjectState()
    assert after.apps.get_models() == []  # rendered, as in the middle of a run of migrations
    CHAIN.state_forwards("chain", after)

    with memory.schema_editor() as editor:
        CHAIN.database_forwards("chain", editor, before, after)

    assert memory.introspection.table_names() == [f"chain_{name.lower()}" for name in NAMES]
    assert rendered == NAMES

    with memory.schema_editor() as editor:
        CHAIN.database_backwards("chain", editor, after, before)

    assert memory.introspection.table_names() == []


@pytest.mark.django_db
def test_the_first_rows_of_a_table_go_as_they_came():
    first = first_rows("kit.Heartbeat", lambda _apps: [{"name": "first", "at": clock.now()}])

    first.code(apps, None)
    assert Heartbeat.objects.filter(name="first").exists()

    first.reverse_code(apps, None)
    assert not Heartbeat.objects.exists()
