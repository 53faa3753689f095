"""Whoever sits at the desk."""

import pytest

from accounts.services.staff import hire
from wallet_project.staff import make_groups


@pytest.fixture
def log_in(client):
    """Sit down at the desk in this role."""

    def sit(role, name="li"):
        staff, _password = hire(
            username=name, name=name, employee_no=f"E-{name}", password="three unusual words"
        )
        staff.groups.add(make_groups()[role])
        client.force_login(staff)
        return client

    return sit
