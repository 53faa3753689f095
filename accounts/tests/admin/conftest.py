"""Members of staff at the admin's own door."""

import base64
from datetime import datetime, timedelta

import pytest

from accounts.models import Authenticator, User
from accounts.rules.one_time_codes import code_at, step_at
from accounts.services.second_factors import begin_set_up, confirm_set_up
from accounts.services.staff import hire
from wallet_project.kit import clock
from wallet_project.kit.testing.browser import Browser

PASSWORD = "three unusual words"


class Colleague:
    """A member of staff with a password, an authenticator and a browser."""

    def __init__(self, username: str) -> None:
        self.user, _password = hire(
            username=username, name=username, employee_no=f"E-{username}", password=PASSWORD
        )
        self.secret = base64.b32decode(begin_set_up(staff_id=self.user.pk))
        # A step that has passed, so that the code of this moment is still to be used.
        self.recovery_codes = confirm_set_up(staff_id=self.user.pk, code=self.code(steps=-1))[1]
        self.browser = Browser()

    def code(self, *, steps: int = 0, at: datetime | None = None) -> str:
        return code_at(self.secret, step_at(at or clock.now()) + steps)

    def knock(self, *, password: str = PASSWORD, code: str | None = None, **extra: str):
        typed = {
            "username": self.user.username,
            "password": password,
            "code": self.code() if code is None else code,
        }
        return self.browser.post("/admin/login/", typed, **extra)

    @property
    def is_in(self) -> bool:
        return self.browser.get("/admin/").status_code == 200

    @property
    def authenticator(self) -> Authenticator:
        return Authenticator.objects.get(user=self.user, confirmed=True)

    def rest(self) -> None:
        """Sit out the pause that wrong codes earned."""
        Authenticator.objects.filter(user=self.user).update(paused_until=clock.now() - timedelta(seconds=1))


@pytest.fixture
def colleague(db) -> Colleague:
    return Colleague("lin")


@pytest.fixture
def administrator(db) -> User:
    return User.objects.create_superuser("chen", PASSWORD)
