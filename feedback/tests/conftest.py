"""What the tests of the support desk share with those of accounts and payments."""

import pytest

from accounts.tests.conftest import client_of
from feedback.models import Agent, Chat
from feedback.rules.chats import ChatEnd, ChatState
from payments.tests.services.conftest import top_up, wechat
from wallet_project.kit import clock

__all__ = ["client_of", "empty_line", "top_up", "wechat"]


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
