"""Quiet hours by the clock, pages of ours, and texts that speak only of what they may."""

from datetime import datetime, time

import pytest

from wallet_project.kit.clock import SHANGHAI
from wallet_project.kit.sms.messages import TEXTS
from wallet_project.notifications.rules.catalogue import CATALOGUE
from wallet_project.notifications.rules.deliveries import STEPS, next_try
from wallet_project.notifications.rules.notices import ChannelKind, is_page
from wallet_project.notifications.rules.quiet_hours import end_of_quiet
from wallet_project.notifications.rules.variables import (
    as_kept,
    examples,
    in_words,
    is_template,
    variables_of,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "begins", "ends", "until"),
    [
        ("2026-11-29T21:59", 22, 8, None),
        ("2026-11-29T22:00", 22, 8, "2026-11-30T08:00"),
        ("2026-12-31T23:59", 22, 8, "2027-01-01T08:00"),
        ("2026-11-29T00:00", 22, 8, "2026-11-29T08:00"),
        ("2026-11-29T07:59:59", 22, 8, "2026-11-29T08:00"),
        ("2026-11-29T08:00", 22, 8, None),
        ("2026-11-29T12:30", 12, 14, "2026-11-29T14:00"),
        ("2026-11-29T14:00", 12, 14, None),
        ("2026-11-29T09:00", 9, 9, None),
    ],
)
def test_who_is_left_alone_until_when(now, begins, ends, until):
    end = end_of_quiet(at(now), begins=time(begins), ends=time(ends))

    assert end == (until and at(until))


@pytest.mark.parametrize(
    ("link", "is_ours"),
    [
        ("pages/orders/show?number={order_no}", True),
        ("pages/home", True),
        ("pages/a/b?x=1&y={amount}", True),
        ("pages/{order_no}", False),
        ("https://evil.example/pages/a", False),
        ("pages/../secret", False),
        ("pages/a?x={b}#frag", False),
        ("/pages/a", False),
        ("pages/a?x=1\n", False),
    ],
)
def test_a_link_opens_a_page_of_ours_and_a_fact_is_never_its_path(link, is_ours):
    assert is_page(link) is is_ours


def test_tries_are_further_and_further_apart_and_end():
    begin = at("2026-11-29T10:00")

    waits = [next_try(at=begin, used=used) for used in range(1, len(STEPS) + 2)]

    assert [(each - begin).total_seconds() for each in waits[:-1]] == list(STEPS)
    assert waits[-1] is None


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_a_notice_speaks_only_of_its_facts_and_fits_its_columns(code):
    row = CATALOGUE[code]
    words = in_words(row.variables, as_kept(row.variables, examples(row.variables)))

    assert row.code == code
    assert len(code) <= 48
    assert len(row.title) <= 40
    assert ChannelKind.INBOX in row.channels
    assert len(set(row.channels)) == len(row.channels)
    assert row.link == "" or is_page(row.link)
    for title, body in (row.zh, row.en):
        for text in (title, body, row.link):
            assert is_template(text)
            assert variables_of(text) <= set(words)
        assert 0 < len(title) <= 40
        assert 0 < len(body) <= 300
    assert (ChannelKind.SMS in row.channels) == bool(row.sms)
    assert not row.sms or variables_of(TEXTS[row.sms]) <= set(row.variables)
