"""Notices of the tests' own, so that what people really hear of may change."""

import uuid

import pytest

from wallet_project.notifications.rules.catalogue import CATALOGUE
from wallet_project.notifications.rules.deliveries import Outcome, Result
from wallet_project.notifications.rules.notices import Category, ChannelKind, NoticeRow
from wallet_project.notifications.rules.variables import money, text
from wallet_project.notifications.services import deliveries
from wallet_project.notifications.services.catalogue import write_missing_notices

SENT = Outcome(result=Result.SENT, provider_id=uuid.uuid4().hex)
INBOX, SUBSCRIBE, SMS = ChannelKind.INBOX, ChannelKind.SUBSCRIBE, ChannelKind.SMS


def row(category: Category, **options) -> NoticeRow:
    return NoticeRow(
        **{
            "code": f"test.{category.lower()}",
            "category": category,
            "title": "测试",
            "channels": (INBOX, SUBSCRIBE, SMS),
            "zh": ("到账 {amount} 元", "{who}付了 {amount} 元"),
            "en": ("{amount} yuan", "{who} paid {amount} yuan"),
            "link": "pages/orders/show?number={who}",
            "variables": {"amount": money("金额"), "who": text("谁", "小明")},
            **options,
        }
    )


@pytest.fixture
def notices(db, monkeypatch):
    """One of each category: test.money, test.growth and so on."""
    for category in Category:
        monkeypatch.setitem(CATALOGUE, f"test.{category.lower()}", row(category))
    write_missing_notices()


class Channels:
    """The far ends of both channels: what they answer next, and what has reached them."""

    def __init__(self):
        self.answers = {ChannelKind.SUBSCRIBE: SENT, ChannelKind.SMS: SENT}
        self.got = []

    def __getitem__(self, channel):
        def send(delivery):
            self.got.append((channel, delivery.message_id))
            answer = self.answers[channel]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return send


@pytest.fixture
def channels(monkeypatch):
    far_ends = Channels()
    monkeypatch.setattr(deliveries, "_CHANNELS", far_ends)
    return far_ends
