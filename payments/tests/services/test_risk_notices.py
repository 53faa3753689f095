"""Whose move or wallet is stopped reads it on their phone at once, and how to object."""

import uuid

import pytest

from accounts.rules.screening import Move, Outcome, Standing
from payments.models import RiskListEntry
from payments.services.risk_cases import let_go
from payments.services.screening import screen
from payments.tests.factories import held_move, staff_member
from wallet.rules.freezes import FreezeCause, FreezeScope
from wallet.services.freezes import freeze_wallet, unfreeze_wallet
from wallet.tests.dealings import somebody
from wallet_project.kit import clock, context
from wallet_project.kit.money import Fen

pytestmark = pytest.mark.committed


@pytest.fixture
def owner(committed_db):
    person = somebody(500_00)
    person.user.set_phone(f"139{uuid.uuid4().int % 10**8:08d}", at=clock.now())
    person.user.save()
    return person


@pytest.fixture
def texts(owner, sandbox, outbox):
    """What their phone has received, newest first."""

    def read():
        outbox.deliver()
        return [message["text"] for message in sandbox.messages(owner.user.phone)]

    return read


def denied_transfer(owner):
    standing = Standing(uid=str(owner.user.uid))
    return screen(
        Move(
            operation="wallet.transfer",
            user_id=owner.id,
            amount=Fen(100_00),
            is_final=True,
            standing=standing,
        )
    )


def test_a_refused_move_is_told_to_the_phone_with_the_number_to_object_by(owner, texts):
    deny(owner)

    verdict = denied_transfer(owner)

    assert verdict.outcome is Outcome.DENY
    (text,) = texts()
    assert "“转账”未获准进行" in text
    assert verdict.number in text


def test_a_thiefs_many_tries_do_not_cost_a_message_each(owner, texts):
    deny(owner)

    for _ in range(7):
        denied_transfer(owner)

    assert len(texts()) == 5


def test_a_held_move_that_was_cleared_may_be_made_again(owner, texts):
    case = held_move(owner.user)

    with context.acting():
        let_go(number=case.number, staff_id=staff_member().pk, conclusion="本人给父母转账")

    (text,) = texts()
    assert "已核实通过" in text
    assert case.decision.number in text


def test_a_stopped_wallet_says_why_and_that_it_goes_on(owner, texts):
    freeze_wallet(
        wallet_id=owner.wallet.pk, reason="来函 12 号", scope=FreezeScope.ALL, cause=FreezeCause.COMPLAINT
    )
    (stopped,) = texts()
    unfreeze_wallet(wallet_id=owner.wallet.pk, reason="投诉撤回")

    assert "暂停收支，原因：投诉处理中" in stopped
    assert "来函" not in stopped
    assert "恢复使用" in texts()[0]


def deny(owner):
    RiskListEntry.objects.create(
        kind="USER",
        value=str(owner.user.uid),
        list="DENY",
        reason="试",
        added_at=clock.now(),
        added_by="staff:1",
    )
