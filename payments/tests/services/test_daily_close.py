"""A day is compared with WeChat's bills: everything agrees, or is in the one bucket where it belongs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.db.models import Max, Sum

from accounts.models import User
from payments.errors import DayLocked, DayNotExplained, DayOutOfRange, DifferenceEnded
from payments.gateways.wechat import bills
from payments.models import (
    BillFile,
    BillFilePart,
    CloseItem,
    DailyClose,
    Difference,
    ExceptionCase,
    FundLine,
    MerchantTransfer,
    Payment,
    Refund,
    TradeLine,
)
from payments.rules.daily_close import BUCKETS, BillKind, Bucket
from payments.selectors.daily_closes import billed_total, bucket_sums, explanation_of
from payments.selectors.outdated import outdated_trade_lines
from payments.services import bill_matching
from payments.services.bill_fetching import packed_bill
from payments.services.daily_closes import (
    due_days,
    forget_bills,
    propose_sign_off,
    reconcile_day,
    sign_off,
)
from payments.services.differences import assign, due_repairs, note, repair_difference, resolve
from payments.services.refunds import push_refund
from payments.services.returns import return_to_sources
from payments.services.transfer_sending import push_transfer
from payments.tests.factories import merchant_transfer, staff_member
from wallet.models import Journal
from wallet.rules.kinds import JournalKind
from wallet.rules.postings import Leg
from wallet.selectors.clearing import clearing_balance
from wallet.services.ledger import post_journal
from wallet.services.settlements import book_settlement
from wallet.services.wallets import open_wallet
from wallet_project.approvals.errors import OwnProposal
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock
from wallet_project.kit.jobs import StillAtWork
from wallet_project.kit.models import Job, StoredEvent
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial
from wallet_project.sandbox.testing import LocalSandbox

pytestmark = pytest.mark.django_db


def give_back(payment: Payment, amount: int) -> Refund:
    """A part of a top-up is on its way back; WeChat has accepted it."""
    wallet = open_wallet(user_id=payment.payer_id)
    with transaction.atomic():
        given: dict[str, Any] = {"user_id": payment.payer_id, "wallet_id": wallet.pk, "now": clock.now()}
        [refund] = return_to_sources(**given, amount=Fen(amount))
    push_refund(number=refund.number)
    return refund


def hear_of(wechat: LocalSandbox, *refunds: Refund) -> None:
    wechat.wait_until_idle()  # then they are final
    for refund in refunds:
        push_refund(number=refund.number)
        refund.refresh_from_db()


def pay_out(wechat: LocalSandbox, person: User) -> MerchantTransfer:
    """Own money arrives in somebody's WeChat balance."""
    transfer = merchant_transfer(person)
    push_transfer(number=transfer.number)
    wechat.end_transfer(transfer.number)
    push_transfer(number=transfer.number)
    return transfer


@pytest.fixture
def others() -> Callable[[DailyClose], set[str]]:
    """What other tests booked today for good: the subjects that are none of ours."""
    last = Journal.objects.aggregate(last=Max("pk"))["last"] or 0

    def subjects(close: DailyClose) -> set[str]:
        items = CloseItem.objects.filter(close=close, journal_id__lte=last)
        return {f"{item.kind}:{item.external_id}" for item in items}

    return subjects


@pytest.fixture
def long_ago(today):
    """A day on which nothing was booked here."""
    return today - timedelta(days=40)


def found(close: DailyClose, *, but: set[str]) -> set[tuple[str, str]]:
    everything = Difference.objects.filter(close=close).values_list("bucket", "subject")
    return {(bucket, subject) for bucket, subject in everything if subject not in but}


def moved() -> tuple[int, int]:
    return Journal.objects.count(), Refund.objects.count()


def test_each_of_the_fourteen_kinds_is_found_in_its_bucket_and_nowhere_else(
    wechat, top_up, next_day, today, others
):
    good, amount, double, crossing, missing, fee, foreign = (top_up(1_000 + number) for number in range(7))
    backs = [give_back(top_up(5_000), 300 + number) for number in range(4)]
    hear_of(wechat, *backs)
    kept, gone, more, failed = backs
    sent, unsent = (pay_out(wechat, good.payer) for _ in range(2))
    at, day = next_day(), str(today)
    unknown = {
        kind: wechat.plant(f"{kind}_unknown", day, amount=99) for kind in ("paid", "refund", "transfer")
    }
    for kind, number in {
        "payment_missing": missing.number,
        "amount_differs": amount.number,
        "duplicate_row": double.number,
        "cross_day": crossing.number,
        "fee": fee.number,
        "other_merchant": foreign.number,
        "transfer_missing": unsent.number,
        "refund_missing": gone.number,
        "refund_amount": more.number,
        "refund_state": failed.number,
        "wrong_count": "",
        "settlement": "",
    }.items():
        wechat.plant(kind, day, number=number)
    before = moved()

    yesterday = reconcile_day(today - timedelta(days=1), at=at)
    close = reconcile_day(today, at=at)

    [again] = Difference.objects.filter(close=close, bucket=Bucket.DUPLICATE_ROWS)
    line = TradeLine.objects.get(file__close=close, position=int(again.subject.rpartition(":")[2]))
    assert line.number == double.number
    assert found(close, but=others(close)) == {
        (Bucket.PAID_OURS_MISSING, f"payment:{unknown['paid']['wechat_no']}"),
        (Bucket.PAID_WECHAT_MISSING, f"payment:{missing.transaction_id}"),
        (Bucket.AMOUNT_DIFFERS, f"payment:{amount.transaction_id}"),
        (Bucket.DUPLICATE_ROWS, again.subject),
        (Bucket.CROSS_DAY, f"payment:{crossing.transaction_id}"),
        (Bucket.REFUND_WECHAT_ONLY, f"refund:{unknown['refund']['wechat_no']}"),
        (Bucket.REFUND_OURS_ONLY, f"refund:{gone.refund_id}"),
        (Bucket.REFUND_AMOUNT, f"refund:{more.refund_id}"),
        (Bucket.REFUND_STATE, f"refund:{failed.refund_id}"),
        (Bucket.TRANSFER_WECHAT_ONLY, f"transfer:{unknown['transfer']['number']}"),
        (Bucket.TRANSFER_OURS_ONLY, f"transfer:{unsent.number}"),
        (Bucket.FEE_DIFFERS, f"payment:{fee.transaction_id}"),
        (Bucket.OTHER_MERCHANT, f"payment:{foreign.transaction_id}"),
        (Bucket.INVALID_BILL, "file:TRADE"),
    }
    assert set(BUCKETS) == {bucket for bucket, _subject in found(close, but=others(close))}
    agreed = CloseItem.objects.filter(close=close, outcome="").exclude(
        external_id__in=[subject.partition(":")[2] for subject in others(close)]
    )
    expected = {good.transaction_id, double.transaction_id, kept.refund_id, sent.number}
    expected |= {payment.transaction_id for payment in Payment.objects.filter(from_channel=5_000)}
    assert set(agreed.values_list("external_id", flat=True)) >= {
        good.transaction_id,
        kept.refund_id,
        sent.number,
    }
    assert set(agreed.values_list("external_id", flat=True)) <= expected

    # Every line of the bill is matched or an exception; what came twice is counted once more.
    billed = sum(part.billed for part in bucket_sums(close) if part.kind != "transfer")
    assert billed + again.amount == billed_total(close)
    assert close.state == "DIFFERENT"
    open_ones = Difference.objects.filter(close=close, ended="")
    assert close.open_differences == open_ones.count()
    assert close.unexplained == sum(abs(each.amount) for each in open_ones)

    # Midnight lies between the two sides: each day names the other, and nothing is left to find out.
    sides = Difference.objects.filter(subject=f"payment:{crossing.transaction_id}")
    assert {(side.close_id, side.ended, side.amount) for side in sides} == {
        (yesterday.pk, "BY_ITSELF", crossing.from_channel),
        (close.pk, "BY_ITSELF", -crossing.from_channel),
    }

    # Nothing but the two kinds is put right, and these only by what WeChat says when it is asked.
    for difference in Difference.objects.filter(close=close):
        repair_difference(difference_id=difference.pk)
    assert moved() == before
    assert Difference.objects.filter(close=close, ended="").count() == close.open_differences


def test_a_day_that_agrees_explains_every_fen_at_wechat(wechat, top_up, next_day, today, others):
    at_first = clearing_balance(before=clock.now())
    payments = [top_up(1_000), top_up(2_500)]
    hear_of(wechat, give_back(payments[1], 400))
    at = next_day()

    close = reconcile_day(today, at=at)

    assert found(close, but=others(close)) == set()
    told = explanation_of(close)
    assert told.ties
    assert told.closing - at_first == wechat.book()["balance"] == close.wechat_balance == 3_100
    sums = {(part.kind, part.outcome): (part.count, part.billed, part.booked) for part in told.buckets}
    assert sums["payment", ""] == (2, 3_500, 3_500)
    assert sums["refund", ""] == (1, 400, 400)
    assert (told.fees, told.settled) == (0, 0)


def test_transfers_are_found_whichever_account_they_left_and_what_moves_between_the_two_is_nothing(
    wechat, top_up, next_day, today, others
):
    at_first = clearing_balance(before=clock.now())
    payer = top_up(10_000).payer
    usual, basic = (pay_out(wechat, payer) for _ in range(2))
    wechat.plant("transfer_basic", str(today), number=basic.number)
    at = next_day()

    close = reconcile_day(today, at=at)

    assert found(close, but=others(close)) == set()
    lines = FundLine.objects.filter(file__close=close).order_by("file", "position")
    lines = set(lines.values_list("file__kind", "kind", "external_id", "change"))
    assert {line for line in lines if line[1] == "transfer"} == {
        (BillKind.OPERATION, "transfer", usual.number, -usual.amount),
        (BillKind.FUND_FLOW, "transfer", basic.number, -basic.amount),
    }
    # The two sides of a move bear the same flow number, each in its account.
    moves = [line for line in lines if line[1] == "other"]
    assert len(moves) == 4
    told = explanation_of(close)
    assert (told.fees, told.settled) == (0, 0)
    assert told.closing - at_first == wechat.book()["balance"] == close.wechat_balance == 2_000

    # On a day without business there is no bill, and the accounts hold what they held.
    quiet = reconcile_day(today + timedelta(days=1), at=next_day(days=2))
    assert set(quiet.files.values_list("state", flat=True)) == {"ABSENT"}
    assert quiet.wechat_balance == 2_000


def test_a_transfer_that_is_in_both_accounts_left_twice(wechat, top_up, next_day, today):
    sent = pay_out(wechat, top_up(10_000).payer)
    wechat.plant("transfer_twice", str(today), number=sent.number)

    close = reconcile_day(today, at=next_day())

    [difference] = Difference.objects.filter(close=close, number=sent.number)
    assert (difference.bucket, difference.amount) == (Bucket.AMOUNT_DIFFERS, -sent.amount)


def test_a_day_waits_for_the_bill_of_the_operating_account(wechat, long_ago):
    wechat.plant("late", str(long_ago), bill="OPERATION")
    assert reconcile_day(long_ago, at=clock.now()).state == "WAITING"

    wechat.forget_plants()
    assert reconcile_day(long_ago, at=clock.now()).state == "MATCHED"


def test_a_refund_of_an_order_is_known_by_wechats_number_of_it(wechat, next_day, today):
    at = next_day()
    refund = wechat.plant("refund_unknown", str(today), amount=99)
    post_journal(
        kind=JournalKind.REFUND_SETTLED,
        key=f"refund_settled:{new_serial('R')}",
        legs=[Leg("adjustment", -99), Leg("wechat_clearing", 99)],
        facts={"refund_id": refund["wechat_no"]},
    )

    close = reconcile_day(today, at=at)

    item = CloseItem.objects.get(close=close, kind="refund", external_id=refund["wechat_no"])
    assert (item.outcome, item.trade_amount, item.ledger_amount) == ("", 99, 99)


def test_comparing_again_changes_nothing(wechat, top_up, next_day, today):
    top_up(1_000)
    at = next_day()
    wechat.plant("paid_unknown", str(today))
    reconcile_day(today, at=at)

    def everything():
        items = CloseItem.objects.order_by("kind", "external_id").values_list(
            "external_id", "outcome", "journal_id"
        )
        differences = Difference.objects.order_by("pk").values_list(
            "pk", "bucket", "amount", "due_at", "ended"
        )
        return (
            list(items),
            list(differences),
            TradeLine.objects.count(),
            BillFilePart.objects.count(),
            moved(),
        )

    before = everything()
    reconcile_day(today, at=at + timedelta(hours=1))
    assert everything() == before

    forget_bills(today)
    assert DailyClose.objects.get(day=today).state == "WAITING"
    assert TradeLine.objects.count() == FundLine.objects.count() == 0
    reconcile_day(today, at=at + timedelta(hours=2))
    assert everything() == before


def test_a_payment_we_never_heard_of_is_settled_by_the_ordinary_way(wechat, top_up, next_day, today):
    payment = top_up(1_234, heard=False)
    at = next_day()
    close = reconcile_day(today, at=at)
    [difference] = Difference.objects.filter(close=close, number=payment.number)
    assert (difference.bucket, difference.amount) == (Bucket.PAID_OURS_MISSING, 1_234)
    assert Job.objects.filter(task="payments.repair_difference").exists()
    assert difference.pk in due_repairs(limit=10)

    repair_difference(difference_id=difference.pk)
    repair_difference(difference_id=difference.pk)

    payment.refresh_from_db()
    difference.refresh_from_db()
    assert (payment.state, payment.settled_via) == ("PAID", "bill")
    assert Journal.objects.filter(key=f"wx:pay:{payment.transaction_id}").count() == 1
    assert (difference.ended, difference.repairs) == ("REPAIRED", 1)
    item = CloseItem.objects.get(close=close, external_id=payment.transaction_id)
    assert (item.outcome, item.ledger_amount) == ("", 1_234)
    reconcile_day(today, at=at)
    difference.refresh_from_db()
    assert difference.ended == "REPAIRED"


def test_a_payment_of_another_amount_becomes_a_case_and_is_then_explained(wechat, top_up, next_day, today):
    payment = top_up(1_234, heard=False)
    wechat.advance(0)
    Payment.objects.filter(pk=payment.pk).update(from_channel=1_200)
    at = next_day()
    close = reconcile_day(today, at=at)

    [difference] = Difference.objects.filter(close=close, number=payment.number)
    repair_difference(difference_id=difference.pk)

    case = ExceptionCase.objects.get(number=payment.number)
    difference.refresh_from_db()
    assert (case.kind, case.amount) == ("AMOUNT_MISMATCH", 1_234)
    assert difference.ended == "REPAIRED"


def test_a_refund_we_never_heard_the_end_of_is_heard_of_now(wechat, top_up, next_day, today):
    refund = give_back(top_up(1_000), 300)
    wechat.wait_until_idle()
    at = next_day()
    close = reconcile_day(today, at=at)
    [difference] = Difference.objects.filter(close=close, number=refund.number)
    assert (difference.bucket, difference.amount) == (Bucket.REFUND_STATE, -300)

    repair_difference(difference_id=difference.pk)

    refund.refresh_from_db()
    difference.refresh_from_db()
    assert (refund.state, difference.ended) == ("SUCCESS", "REPAIRED")


def test_a_refund_that_both_have_under_way_keeps_no_day_open(wechat, top_up, next_day, today):
    wechat.fault("refund_processing")
    refund = give_back(top_up(1_000), 300)
    at = next_day()

    close = reconcile_day(today, at=at)

    difference = Difference.objects.get(close=close, number=refund.number)
    assert (difference.bucket, difference.ended, difference.amount) == (
        Bucket.REFUND_STATE,
        "BY_ITSELF",
        -300,
    )
    assert not Difference.objects.filter(close=close, ended="", number=refund.number).exists()

    # Once it has failed at WeChat, and not here, it is open again.
    wechat.plant("refund_state", str(today), number=refund.number, state="FAIL")
    forget_bills(today)
    reconcile_day(today, at=at)
    difference.refresh_from_db()
    assert difference.ended == ""


def test_what_the_next_bill_brings_closes_itself_and_what_it_does_not_is_missing(
    wechat, top_up, next_day, today, monkeypatch
):
    late, lost = top_up(1_000), top_up(2_000)
    wechat.plant("cross_day", str(today), number=late.number, to="after")
    wechat.plant("payment_missing", str(today), number=lost.number)
    monkeypatch.setattr(bill_matching, "CUT_OFF", timedelta(days=1))
    reconcile_day(today, at=next_day())
    awaited = Difference.objects.filter(
        subject__in=[f"payment:{each.transaction_id}" for each in (late, lost)]
    )
    assert set(awaited.values_list("bucket", "ended")) == {(Bucket.CROSS_DAY, "")}

    reconcile_day(today + timedelta(days=1), at=next_day(days=2))

    states = dict(awaited.filter(close__day=today).values_list("number", "ended"))
    assert states == {late.number: "BY_ITSELF", lost.number: ""}
    assert awaited.get(number=lost.number).bucket == Bucket.PAID_WECHAT_MISSING


def test_a_day_waits_for_its_bills_and_somebody_hears_of_it_at_noon_once(wechat, next_day, today):
    wechat.plant("late", str(today))
    early = next_day(at=timedelta(hours=10))
    assert today not in due_days(at=early)
    at = next_day()
    DailyClose.objects.get_or_create(day=today - timedelta(days=1))

    assert today in due_days(at=at)
    assert reconcile_day(today, at=at).state == "WAITING"
    for hours in (11, 12, 13):
        due_days(at=next_day(at=timedelta(hours=hours)))

    heard = StoredEvent.objects.filter(name="payments.close.late", payload__day=str(today))
    assert heard.count() == 1
    assert BillFile.objects.get(close__day=today, kind=BillKind.TRADE).problem == "微信还在生成账单"
    wechat.forget_plants()
    assert reconcile_day(today, at=at).state != "WAITING"


@pytest.mark.parametrize("spoilt", ["wrong_hash", "gbk", "empty", "bomb"])
def test_a_file_that_is_no_bill_is_not_used_and_asked_for_again(wechat, long_ago, monkeypatch, spoilt):
    monkeypatch.setattr(bills, "MOST_BYTES", 1024 * 1024)
    stranger = wechat.plant("paid_unknown", str(long_ago))
    wechat.plant(spoilt, str(long_ago))
    before = moved()

    close = reconcile_day(long_ago, at=clock.now())

    assert (close.state, close.open_differences) == ("WAITING", 1)
    [difference] = Difference.objects.filter(close=close)
    assert (difference.bucket, difference.subject) == (Bucket.INVALID_BILL, "file:TRADE")
    bill = BillFile.objects.get(close=close, kind=BillKind.TRADE)
    assert (bill.state, TradeLine.objects.filter(file=bill).count(), bill.parts.count()) == ("INVALID", 0, 0)
    wechat.forget_plants()
    wechat.plant("paid_unknown", str(long_ago), number=stranger["number"])
    close = reconcile_day(long_ago, at=clock.now())
    difference.refresh_from_db()
    assert difference.ended == "BY_ITSELF"
    assert close.state == "DIFFERENT"
    assert moved() == before


def test_a_line_that_is_wrong_is_kept_and_changes_nothing_else(wechat, long_ago):
    stranger = wechat.plant("paid_unknown", str(long_ago), amount=321)
    wechat.plant("bad_line", str(long_ago), text="`2026-10-19 12:00:00,`=1+1,`-5.00")

    close = reconcile_day(long_ago, at=clock.now())

    kinds = dict(Difference.objects.filter(close=close).values_list("subject", "bucket"))
    assert kinds == {
        f"payment:{stranger['wechat_no']}": Bucket.PAID_OURS_MISSING,
        "row:TRADE:2": Bucket.INVALID_BILL,
        "file:TRADE": Bucket.INVALID_BILL,
    }
    kept = TradeLine.objects.get(file__close=close, position=2)
    assert (kept.amount, kept.raw) == (0, "`2026-10-19 12:00:00,`=1+1,`-5.00")


def test_very_many_wrong_lines_are_one_difference(wechat, long_ago, monkeypatch):
    monkeypatch.setattr(bill_matching, "_MOST_ROWS", 2)
    for _ in range(3):
        wechat.plant("bad_line", str(long_ago), text="`wrong")

    close = reconcile_day(long_ago, at=clock.now())

    subjects = set(Difference.objects.filter(close=close).values_list("subject", flat=True))
    assert subjects == {"rows:TRADE:INVALID_BILL", "file:TRADE"}


def test_the_file_is_kept_sealed_as_it_came(wechat, long_ago):
    stranger = wechat.plant("paid_unknown", str(long_ago))
    close = reconcile_day(long_ago, at=clock.now())

    bill = BillFile.objects.get(close=close, kind=BillKind.TRADE)
    text = "\n".join(bills.lines_of(packed_bill(bill)))

    assert stranger["wechat_no"] in text
    assert stranger["wechat_no"].encode() not in bytes(bill.parts.get().content_sealed)


def test_days_that_are_not_over_or_too_long_ago_are_refused(wechat, today):
    for day in (today, today + timedelta(days=1), today - timedelta(days=91)):
        with pytest.raises(DayOutOfRange):
            reconcile_day(day, at=clock.now())
    assert not DailyClose.objects.exists()


def test_two_do_not_compare_a_day_at_once(wechat, long_ago):
    DailyClose.objects.create(day=long_ago, working_until=clock.now() + timedelta(minutes=1))

    with pytest.raises(StillAtWork):
        reconcile_day(long_ago, at=clock.now())
    assert reconcile_day(long_ago, at=clock.now() + timedelta(minutes=2)).state == "MATCHED"


def test_a_difference_is_assigned_noted_and_resolved_with_a_reason(wechat, long_ago):
    wechat.plant("paid_unknown", str(long_ago), amount=321)
    close = reconcile_day(long_ago, at=clock.now())
    [difference] = close.differences.all()
    person = User.objects.create(username="lin", is_staff=True)
    with pytest.raises(DayNotExplained):
        propose_sign_off(day=long_ago, reason="全部核对", maker_id=person.pk)

    assign(difference_id=difference.pk, assignee_id=person.pk)
    note(difference_id=difference.pk, text="已询问微信支付")
    resolve(difference_id=difference.pk, reason="商户平台测试订单", staff_id=person.pk)

    difference.refresh_from_db()
    close.refresh_from_db()
    assert (difference.ended, difference.ended_by, difference.assignee_id) == (
        "RESOLVED",
        person.pk,
        person.pk,
    )
    assert (close.state, close.open_differences, close.unexplained) == ("MATCHED", 0, 0)
    with pytest.raises(DifferenceEnded):
        resolve(difference_id=difference.pk, reason="再来一次", staff_id=person.pk)
    reconcile_day(long_ago, at=clock.now())
    difference.refresh_from_db()
    assert difference.ended == "RESOLVED"

    # Of another amount it is another question.
    TradeLine.objects.filter(file__close=close).delete()
    forget_bills(long_ago)
    wechat.plant("amount_differs", str(long_ago))
    assert reconcile_day(long_ago, at=clock.now()).unexplained == 322


def test_what_wechat_took_and_sent_to_the_bank_is_booked_when_two_people_have_signed(wechat, long_ago):
    wechat.plant("settlement", str(long_ago), amount=5_000)
    close = reconcile_day(long_ago, at=clock.now())
    maker, checker = staff_member(), staff_member()
    held = clearing_balance(before=clock.now())
    propose_sign_off(day=long_ago, reason="全部核对", maker_id=maker.pk)
    proposal = Proposal.objects.get(kind="payments.daily_close", facts__day=str(long_ago))
    assert (close.fees, close.settled) == (proposal.facts["fees"], proposal.facts["settled"]) == (0, 5_000)
    assert clearing_balance(before=clock.now()) == held

    with transaction.atomic(), pytest.raises(DayNotExplained):
        sign_off(day=long_ago, fees=0, settled=4_999, maker_id=maker.pk, checker_id=checker.pk)
    assert clearing_balance(before=clock.now()) == held
    with transaction.atomic():
        sign_off(day=long_ago, fees=0, settled=5_000, maker_id=maker.pk, checker_id=checker.pk)

    journal = Journal.objects.get(key=f"wx:settlement:{long_ago}")
    assert {entry.account.code: entry.amount for entry in journal.entries.all()} == {
        "wechat_clearing": 5_000,
        "bank_deposits": -5_000,
    }
    assert clearing_balance(before=clock.now()) == held - 5_000


def test_what_was_booked_of_a_signed_day_is_no_difference_of_the_next(wechat, next_day, today, others):
    with transaction.atomic():
        book_settlement(day=today - timedelta(days=1), fees=6, settled=94)
    at = next_day()

    close = reconcile_day(today, at=at)

    assert found(close, but=others(close)) == set()
    assert explanation_of(close).ties


def test_two_people_close_a_day_and_then_nobody_changes_it(wechat, long_ago):
    wechat.plant("paid_unknown", str(long_ago), amount=321)
    reconcile_day(long_ago, at=clock.now())
    maker, checker = (
        User.objects.create_superuser(name, "a long enough password") for name in ("lin", "zhou")
    )
    difference = Difference.objects.get(close__day=long_ago)
    resolve(difference_id=difference.pk, reason="商户平台测试订单", staff_id=maker.pk)

    propose_sign_off(day=long_ago, reason="全部核对", maker_id=maker.pk)
    proposal = Proposal.objects.get(kind="payments.daily_close")
    with pytest.raises(OwnProposal):
        approve(proposal_id=proposal.pk, checker_id=maker.pk)
    approve(proposal_id=proposal.pk, checker_id=checker.pk)

    close = DailyClose.objects.get(day=long_ago)
    assert (close.state, close.proposed_by, close.approved_by) == ("LOCKED", maker.pk, checker.pk)
    assert StoredEvent.objects.filter(name="payments.close.signed", payload__day=str(long_ago)).exists()
    refused: list[Callable[[], object]] = [
        lambda: reconcile_day(long_ago, at=clock.now()),
        lambda: forget_bills(long_ago),
        lambda: propose_sign_off(day=long_ago, reason="再来一次", maker_id=maker.pk),
        lambda: assign(difference_id=difference.pk, assignee_id=maker.pk),
    ]
    for act in refused:
        with pytest.raises(DayLocked):
            act()
    bill = BillFile.objects.get(close=close, kind=BillKind.TRADE)
    tampering: list[Callable[[], object]] = [
        lambda: DailyClose.objects.filter(pk=close.pk).update(unexplained=1),
        lambda: DailyClose.objects.filter(pk=close.pk).update(state="MATCHED"),
        lambda: Difference.objects.filter(close=close).update(resolution="别的"),
        lambda: Difference.objects.create(
            close=close, subject="x", bucket=Bucket.FEE_DIFFERS, due_at=clock.now()
        ),
        lambda: CloseItem.objects.filter(close=close).update(outcome=""),
        lambda: CloseItem.objects.filter(close=close).delete(),
        lambda: BillFile.objects.filter(close=close).update(digest=""),
        lambda: TradeLine.objects.filter(file=bill).delete(),
        lambda: TradeLine.objects.create(file=bill, position=9, kind="payment", amount=1, fee=0),
        lambda: FundLine.objects.filter(file__close=close).delete(),
        lambda: BillFilePart.objects.filter(file=bill).delete(),
    ]
    for act in tampering:
        with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
            act()


def test_a_day_cannot_be_locked_past_its_differences(wechat, long_ago):
    close = reconcile_day(long_ago, at=clock.now())
    now = clock.now()

    for wrong in (
        {"proposed_by": 1, "approved_by": 1},
        {"proposed_by": 1, "approved_by": 2, "unexplained": 1},
        {"proposed_by": 1, "approved_by": 2, "open_differences": 1},
        {"proposed_by": 1},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            DailyClose.objects.filter(pk=close.pk).update(state="LOCKED", signed_at=now, **wrong)


def test_a_day_by_hand_is_told_and_ends_well_only_when_nothing_is_open(wechat, long_ago, capsys):
    call_command("reconcile", date=long_ago)
    assert "unexplained 0.00, open 0" in capsys.readouterr().out

    wechat.plant("paid_unknown", str(long_ago), amount=321)
    with pytest.raises(CommandError):
        call_command("reconcile", date=long_ago, again=True)

    assert "unexplained 3.21, open 1" in capsys.readouterr().out


def test_days_that_were_missed_are_made_up_for(wechat, today):
    DailyClose.objects.create(day=today - timedelta(days=4), state="MATCHED")

    due_days(at=clock.start_of_day(clock.now()) + timedelta(hours=11))

    days = set(DailyClose.objects.values_list("day", flat=True))
    assert days == {today - timedelta(days=number) for number in range(1, 5)}
    assert DailyClose.objects.filter(state="WAITING").aggregate(sum=Sum("unexplained"))["sum"] == 0


def test_a_day_that_nobody_has_asked_for_is_late_only_when_its_bills_do_not_come(today):
    late = StoredEvent.objects.filter(name="payments.close.late")
    afternoon = clock.start_of_day(clock.now()) + timedelta(hours=15)

    missed = due_days(at=afternoon)

    assert missed
    assert not late.exists()
    DailyClose.objects.filter(day__in=missed[1:]).update(state="MATCHED")

    due_days(at=afternoon + timedelta(minutes=15))

    assert [event.payload["day"] for event in late] == [str(missed[0])]


def test_what_the_files_said_may_be_forgotten_half_a_year_later_and_nothing_else(today):
    now = clock.now()
    close = DailyClose.objects.create(day=today - timedelta(days=200), state="MATCHED")
    long_since = now - timedelta(days=181)
    bill = BillFile.objects.create(close=close, kind=BillKind.TRADE, state="STAGED", fetched_at=long_since)
    TradeLine.objects.create(file=bill, position=1, kind="payment", amount=1, fee=0)
    CloseItem.objects.create(close=close, kind="payment", external_id="42001")
    close.state, close.signed_at, close.proposed_by, close.approved_by = "LOCKED", now, 1, 2
    close.save()

    assert outdated_trade_lines(before=now - timedelta(days=180)).count() == 1
    TradeLine.objects.filter(file=bill).delete()

    with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
        CloseItem.objects.filter(close=close).delete()
