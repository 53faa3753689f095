"""Notices of the tests' own, so that what people really hear of may change."""

import pytest

from wallet_project.notifications.rules.catalogue import CATALOGUE, NoticeRow
from wallet_project.notifications.rules.notices import Category, ChannelKind
from wallet_project.notifications.rules.variables import money, text
from wallet_project.notifications.services.catalogue import write_missing_notices

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
