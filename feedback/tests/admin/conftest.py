"""Whoever sits at the desk."""

import pytest

from accounts.services.staff import hire
from feedback.tests.conftest import clear_the_desk
from wallet_project.kit import context
from wallet_project.staff import make_groups


@pytest.fixture(scope="module")
def roles(module_db):
    """Made once for all tests of a module, which use `db_again`."""
    clear_the_desk()
    with context.acting():
        return make_groups()


@pytest.fixture
def log_in(client, roles, db_again):
    """Sit down at the desk in this role."""

    def sit(role, name="li"):
        staff, _password = hire(
            username=name, name=name, employee_no=f"E-{name}", password="three unusual words"
        )
        staff.groups.add(roles[role])
        client.force_login(staff)
        return client

    return sit
