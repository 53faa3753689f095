"""Whoever was stopped objects once, by the number they were told, and hears what was found."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from accounts.models import WeChatIdentity
from accounts.services.freezing import freeze_user
from accounts.tests.factories import logged_in
from feedback.models import Ticket
from feedback.rules.tickets import TicketState
from feedback.services.merging import merge_ticket
from feedback.services.tickets import move_ticket
from feedback.tests.actions import told
from feedback.tests.factories import opened
from payments.models import RiskCaseNote
from payments.services.risk_cases import confirm, let_go
from payments.tests.factories import held_move, staff_member
from wallet.services.freezes import freeze_wallet, unfreeze_wallet
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return logged_in()


def appeal(person, **said):
    phone = APIClient(headers={**person.as_header(), "Idempotency-Key": uuid.uuid4().hex})
    return phone.post("/api/v1/appeals", {"text": "收款人是我母亲，请核实", **said}, format="json")


def test_a_stopped_move_is_appealed_once_and_its_case_knows_the_ticket(person):
    case = held_move(person.user, amount=12_00)

    first, again = (appeal(person, decision=case.decision.number) for _ in range(2))

    assert (first.status_code, first.json()["state"]) == (201, "NEW")
    assert again.json()["ticket"] == first.json()["ticket"]
    ticket = Ticket.objects.get(number=first.json()["ticket"])
    assert (ticket.kind, ticket.about, ticket.amount) == ("APPEAL", f"decision:{case.decision.number}", 12_00)
    assert RiskCaseNote.objects.filter(case=case, text__contains=ticket.number).exists()
    assert len(told(ticket, "CUSTOMER")) == 2


@pytest.mark.parametrize("is_false_alarm", [True, False])
def test_whoever_appealed_hears_that_the_move_may_be_made_and_never_what_was_confirmed(
    person, outbox, is_false_alarm
):
    case = held_move(person.user)
    ticket = Ticket.objects.get(number=appeal(person, decision=case.decision.number).json()["ticket"])
    decided = {"number": case.number, "staff_id": staff_member().pk, "conclusion": "已电话核实"}

    if is_false_alarm:
        let_go(**decided)
    else:
        confirm(**decided, freeze=None)
    outbox.deliver()

    assert len(told(ticket)) == is_false_alarm
    assert len(told(ticket, "NOTE")) == (not is_false_alarm)


def test_what_is_not_theirs_or_was_not_stopped_opens_nothing(person):
    others = held_move(logged_in().user).decision
    mine = held_move(person.user).decision

    assert_error(appeal(person, decision=others.number), 404, "NOT_FOUND")
    assert_error(appeal(person, decision="V'; --"), 404, "NOT_FOUND")
    assert_error(appeal(person), 409, "NOTHING_TO_APPEAL")
    assert appeal(person, decision=mine.number, text="\u200b").status_code == 400

    assert not Ticket.objects.filter(user=person.user).exists()


def test_each_freeze_of_a_wallet_is_appealed_by_itself(person):
    wallet = open_wallet(user_id=person.user.pk)
    numbers = set()
    for reason in ("公安协查", "盗号"):
        freeze_wallet(wallet_id=wallet.pk, reason=reason)
        numbers |= {appeal(person).json()["ticket"], appeal(person).json()["ticket"]}
        unfreeze_wallet(wallet_id=wallet.pk, reason="已核实")

    assert len(numbers) == 2


def test_what_is_closed_and_not_undone_is_appealed_again_once_a_day(person):
    freeze_wallet(wallet_id=open_wallet(user_id=person.user.pk).pk, reason="公安协查")
    first = Ticket.objects.get(number=appeal(person).json()["ticket"])
    move_ticket(ticket_id=first.pk, to=TicketState.CLOSED, by_id=None)
    assert_error(appeal(person, text="还是不能付款"), 429, "TOO_MANY_TICKETS")

    Ticket.objects.filter(pk=first.pk).update(opened_at=clock.now() - timedelta(days=1))
    numbers = [appeal(person, text=text).json()["ticket"] for text in ("还是不能付款", "请尽快")]

    [second] = Ticket.objects.filter(follows=first)
    assert numbers == [second.number] * 2
    assert told(second, "CUSTOMER") == ["还是不能付款", "请尽快"]


def test_what_went_on_in_another_ticket_is_appealed_there(person):
    freeze_wallet(wallet_id=open_wallet(user_id=person.user.pk).pk, reason="公安协查")
    first = Ticket.objects.get(number=appeal(person).json()["ticket"])
    into = opened(user_id=person.user.pk)
    merge_ticket(ticket_id=first.pk, into_id=into.pk, by_id=person.user.pk)

    assert appeal(person, text="请尽快").json()["ticket"] == into.number
    assert told(into, "CUSTOMER")[-1] == "请尽快"


def test_whoever_cannot_log_in_appeals_by_their_wechat(person, sandbox):
    code = sandbox.login_code()
    WeChatIdentity.objects.create(user=person.user, appid=settings.WECHAT["appid"], openid=code["openid"])
    stranger = APIClient()

    def object_to_it(text):
        wish = {"code": sandbox.login_code(code["openid"])["code"], "text": text}
        return stranger.post("/api/v1/appeals/account", wish, format="json")

    assert_error(object_to_it("我没有被冻结"), 409, "NOTHING_TO_APPEAL")
    freeze_user(user_id=person.user.pk, reason="盗号")

    first, again = object_to_it("手机已找回，请解冻"), object_to_it("身份证照片可以提供")

    assert (first.status_code, again.json()["ticket"]) == (201, first.json()["ticket"])
    ticket = Ticket.objects.get(number=first.json()["ticket"])
    assert (ticket.user_id, ticket.about, told(ticket, "CUSTOMER")) == (
        person.user.pk,
        "account",
        ["手机已找回，请解冻", "身份证照片可以提供"],
    )
