"""What the application's database role may do, and may not, table by table."""

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privileges import READ_WRITE, WALLET_APP_ROLE

pytestmark = pytest.mark.django_db

EVERY = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
MODELS = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
STATEMENTS = {
    "UPDATE": "UPDATE {table} SET {key} = {key}",
    "DELETE": "DELETE FROM {table}",
    "TRUNCATE": "TRUNCATE {table} CASCADE",
}
FORBIDDEN = [
    pytest.param(model, verb, id=f"{verb}-{model._meta.label}")
    for model in MODELS
    for verb in STATEMENTS
    if verb not in getattr(model, "app_role_may", READ_WRITE)
]


def refused(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_suite_itself_runs_as_the_application():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")

        assert cursor.fetchone() == (WALLET_APP_ROLE, False)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_the_application_may_do_with_a_table_what_its_model_says_and_nothing_else(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT privilege FROM unnest(%s) AS privilege"
            " WHERE has_table_privilege(current_user, %s, privilege)",
            [list(EVERY), model._meta.db_table],
        )
        allowed = {privilege for (privilege,) in cursor.fetchall()}

    assert allowed == set(getattr(model, "app_role_may", READ_WRITE))


@pytest.mark.parametrize(("model", "verb"), FORBIDDEN)
def test_what_was_not_granted_is_refused(model, verb):
    statement = STATEMENTS[verb].format(table=model._meta.db_table, key=model._meta.concrete_fields[0].column)

    with pytest.raises(ProgrammingError, match="permission denied"):
        refused(statement)


def test_rows_that_are_written_once_can_be_neither_changed_nor_thrown_away_in_bulk():
    once = [model for model in MODELS if issubclass(model, AppendOnly)]

    assert once
    for model in once:
        assert "UPDATE" not in model.app_role_may, model


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP TABLE kit_job",
        "ALTER TABLE kit_job ADD COLUMN mine int",
        "CREATE INDEX mine ON kit_job (id)",
        "ALTER TABLE audit_auditentry DISABLE TRIGGER ALL",
        "DELETE FROM django_migrations",
        "CREATE ROLE mine",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_cannot_change_tables_or_rights(statement):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner|no privileges"):
        refused(statement)
