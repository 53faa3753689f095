"""A callback that waited here is acted upon once, or becomes a case; it is never tried for ever."""

import json

import pytest

from payments.models import CallbackReceipt, ExceptionCase
from payments.services.receipts import act_on_receipt
from payments.tests.gateways.wechat.factories import TRANSACTION, envelope
from wallet.models import Journal

pytestmark = pytest.mark.django_db
OLD = "o" * 32


@pytest.fixture
def kept():
    """It opened when it came, and waited, while the APIv3 key was changed."""
    body = envelope(json.dumps(TRANSACTION), apiv3_key=OLD)
    return CallbackReceipt.objects.create(
        notice_id="EV-1",
        event_type="TRANSACTION.SUCCESS",
        headers={},
        body=body.decode(),
        state=CallbackReceipt.State.RECEIVED,
    )


def test_what_no_key_opens_any_more_becomes_a_case_once(kept):
    before = Journal.objects.count()

    for _ in range(2):
        act_on_receipt(receipt_id=kept.pk)

    kept.refresh_from_db()
    [case] = ExceptionCase.objects.filter(receipt=kept)
    assert (kept.state, case.kind) == ("CASE", "UNREADABLE_NOTICE")
    assert kept.handled_at is not None
    assert Journal.objects.count() == before


def test_what_the_key_of_before_still_opens_is_acted_upon(kept, settings):
    settings.WECHAT = settings.WECHAT | {"apiv3_other_key": OLD}

    act_on_receipt(receipt_id=kept.pk)

    kept.refresh_from_db()
    assert kept.subject == TRANSACTION["out_trade_no"]
    assert not ExceptionCase.objects.filter(receipt=kept, kind="UNREADABLE_NOTICE").exists()
