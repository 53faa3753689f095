"""What migrations are made of, beside Django's own operations."""

from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel, RunPython, RunSQL
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState, StateApps

_REVERSE = "\n-- reverse\n"


class Tables(Operation):
    """
    Creates tables together; their foreign keys may point forward.

    Django alone renders everything that is related anew for each table it creates. Here all is rendered once.
    """

    category = OperationCategory.ADDITION

    def __init__(self, *tables: CreateModel) -> None:
        self.tables = tables

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # whoever asks next has all models rendered, none of them halfway
        state.is_delayed = False
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "Create tables " + ", ".join(table.name for table in self.tables)


class ByMonth(CreateModel):
    """Creates a table whose months, by its column `at`, are partitions; it takes rows once there is one."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        plain = schema_editor.sql_create_table
        schema_editor.sql_create_table = f"{plain} PARTITION BY RANGE (at)"
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        schema_editor.sql_create_table = plain


def sql_file(package: str, name: str) -> RunSQL:
    """A migration operation: the file up to its line `-- reverse`, and back with the rest of it."""
    forward, _, backward = files(package).joinpath(name).read_text(encoding="utf-8").partition(_REVERSE)
    return RunSQL(forward, backward)


def first_rows(model: str, rows: Callable[[StateApps], Iterable[dict[str, Any]]]) -> RunPython:
    """A migration operation: what a table ("app.Model") begins with. On the way back it is emptied."""

    def write(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
        table = apps.get_model(model)
        table._base_manager.bulk_create(table(**row) for row in rows(apps))

    def empty(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
        apps.get_model(model)._base_manager.all().delete()

    return RunPython(write, empty)
