"""Leads keep the desk's rules in order; whoever answers only reads them."""

import pytest
from django.urls import reverse

from accounts.models import User
from feedback.models import CannedReply, PriorityRule, Queue
from feedback.rules.tickets import Priority, TicketKind
from feedback.tests.factories import opened
from wallet_project.kit.money import Fen
from wallet_project.staff import make_groups

ADD = "admin:feedback_priorityrule_add"
RULE = {
    "name": "停电",
    "priority": Priority.EMERGENCY,
    "kinds": ["FAULT", "PAYMENT"],
    "amount": "99.50",
    "standing": "",
    "words": "停电，断网 掉线",
    "is_active": "on",
}


@pytest.fixture
def sit_down(client, db):
    def sit(role):
        member = User.objects.create_user("li", is_staff=True)
        member.groups.add(make_groups()[role])
        client.force_login(member)
        return client

    return sit


def test_a_rule_is_typed_in_words_and_yuan_and_counts_at_once(sit_down):
    answer = sit_down("客服主管").post(reverse(ADD), RULE)

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    rule = PriorityRule.objects.get(name="停电")
    assert (rule.kinds, rule.amount, rule.words) == (["FAULT", "PAYMENT"], 9_950, ["停电", "断网", "掉线"])
    assert opened(kind="FAULT", body="又断网了", amount=Fen(9_950)).priority == Priority.EMERGENCY
    assert opened(kind="FAULT", body="又断网了", amount=Fen(9_949)).priority == Priority.NORMAL


@pytest.mark.parametrize(
    "odd",
    [
        {"kinds": [], "amount": "", "words": ""},
        {"words": "！！"},
        {"kinds": ["NOTHING"]},
        {"amount": "-1"},
        {"amount": "0"},
    ],
)
def test_a_rule_that_says_nothing_is_not_kept(sit_down, odd):
    answer = sit_down("客服主管").post(reverse(ADD), {**RULE, **odd})

    assert answer.status_code == 200
    assert not PriorityRule.objects.filter(name="停电").exists()


def test_whoever_answers_reads_the_rules_in_words_and_changes_none(sit_down):
    rule = PriorityRule.objects.create(
        name="断电", priority=Priority.HIGH, kinds=["FAULT", "REFUND"], amount=99_50, words=["停电", "断网"]
    )
    queue = Queue.objects.get(is_default=True)
    reply = CannedReply.objects.create(title="已退款", body="好了", kinds=["REFUND"])
    browser = sit_down("客服")

    def page_of(row):
        address = reverse(f"admin:feedback_{row._meta.model_name}_change", args=[row.pk])
        return browser.get(address).content.decode()

    page = page_of(rule)
    for words in (f"{TicketKind.FAULT.label}、{TicketKind.REFUND.label}", "99.50", "停电、断网"):
        assert words in page
    assert "FAULT" not in page
    assert "9950" not in page
    assert "其余类型" in page_of(queue)
    assert "REFUND" not in page_of(reply)
    assert browser.post(reverse(ADD), RULE).status_code == 403
    assert not PriorityRule.objects.filter(name="停电").exists()
