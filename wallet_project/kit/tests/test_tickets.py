"""What a client carries for us: unreadable, unchangeable, for one purpose and a while."""

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet_project.kit.tickets import TicketRefused, make_ticket, open_ticket

NOW = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=5)


def test_a_ticket_brings_its_facts_back():
    ticket = make_ticket(12, "小明（张*）", 0, purpose="wallet.payee:7", until=SOON)

    assert open_ticket(ticket, purpose="wallet.payee:7", at=NOW) == [12, "小明（张*）", 0]
    assert re.fullmatch(r"[0-9A-Za-z_-]+", ticket)


def test_nobody_reads_it_and_no_two_are_alike():
    ticket = make_ticket("小明", purpose="p", until=SOON)

    assert "小明".encode() not in base64.urlsafe_b64decode(ticket + "==")
    assert ticket != make_ticket("小明", purpose="p", until=SOON)


@pytest.mark.parametrize(
    ("purpose", "at"),
    [
        ("wallet.payee:8", NOW),
        ("wallet.receive", NOW),
        ("wallet.payee:7", SOON),
        ("wallet.payee:7", SOON + timedelta(days=9)),
    ],
)
def test_it_is_good_for_one_purpose_and_not_for_ever(purpose, at):
    ticket = make_ticket(12, purpose="wallet.payee:7", until=SOON)

    with pytest.raises(TicketRefused):
        open_ticket(ticket, purpose=purpose, at=at)


@given(st.integers(min_value=0), st.characters(codec="utf-8"))
def test_a_changed_one_is_refused(place, character):
    ticket = make_ticket(12, purpose="p", until=SOON)
    place %= len(ticket)
    changed = ticket[:place] + character + ticket[place + 1 :]
    if _same_bytes(ticket, changed):
        return  # the last character has bits that say nothing

    with pytest.raises(TicketRefused):
        open_ticket(changed, purpose="p", at=NOW)


@pytest.mark.parametrize("made_up", ["", "a", "====", "赌", "\0", "e30", "x" * 5000, "AQAB" * 20])
def test_a_made_up_one_is_refused(made_up):
    with pytest.raises(TicketRefused):
        open_ticket(made_up, purpose="p", at=NOW)


def _same_bytes(ticket, changed):
    try:
        return base64.urlsafe_b64decode(ticket + "==") == base64.b64decode(
            changed + "==", altchars=b"-_", validate=True
        )
    except ValueError:
        return False
