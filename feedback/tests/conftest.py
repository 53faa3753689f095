"""What the tests of the support desk share with those of accounts and payments."""

import pytest
from django.db import connection

from accounts.tests.conftest import client_of
from feedback.models import Agent, Chat
from feedback.rules.chats import ChatEnd, ChatState
from payments.tests.services.conftest import top_up, wechat
from wallet_project.kit import clock
from wallet_project.kit.privileges import WALLET_APP_ROLE

__all__ = ["client_of", "empty_desk", "empty_line", "top_up", "wechat"]

_KEPT = ("ticket", "invitation", "suggestion", "consultation", "attachment", "agent")


@pytest.fixture(autouse=True)
def empty_desk(request):
    """Tests that commit leave their rows behind; in their own transaction the others begin without."""
    theirs = {"committed_db", "module_db", "db_again"} & set(request.fixturenames)
    if not theirs and ("db" in request.fixturenames or request.node.get_closest_marker("django_db")):
        request.getfixturevalue("db")
        clear_the_desk()


def clear_the_desk():
    with connection.cursor() as cursor:
        left = " OR ".join(f"EXISTS (SELECT FROM feedback_{name})" for name in _KEPT)
        cursor.execute(f"SELECT {left}")
        if cursor.fetchone()[0]:
            cursor.execute("SET LOCAL ROLE none")
            cursor.execute(f"TRUNCATE {', '.join(f'feedback_{name}' for name in _KEPT)} CASCADE")
            cursor.execute(f"SET LOCAL ROLE {WALLET_APP_ROLE}")


@pytest.fixture
def empty_line(committed_db):
    """Nobody waits and nobody is there, neither when a test begins that commits, nor when it is over."""
    _go_home()
    yield
    _go_home()


def _go_home():
    going_on = Chat.objects.exclude(state=ChatState.ENDED)
    going_on.update(state=ChatState.ENDED, end=ChatEnd.LEFT, ended_at=clock.now())
    Agent.objects.update(takes_new=False)
