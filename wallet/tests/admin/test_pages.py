"""What staff see of the ledger, and the one thing they may do to a wallet."""

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Permission
from django.db.transaction import atomic
from django.urls import reverse

from accounts.models import User
from wallet.models import Hold, Journal, LedgerAccount, Record, TopUp, Wallet
from wallet.rules import chart
from wallet.services.holds import place_hold
from wallet.services.ledger import reverse_journal
from wallet.services.spending import book_payment
from wallet.services.top_ups import credit_top_up, open_top_up
from wallet.tests.factories import make_wallet, new_key
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("chen", "a long enough password"))
    return client


@pytest.fixture
def wallet():
    """A customer who topped up 12,345.67, paid 30.00 of it with 4.99 from WeChat, and holds 5.00."""
    wallet = make_wallet()
    top_up = open_top_up(wallet_id=wallet.pk, amount=1_234_567)
    hold = place_hold_after(top_up, wallet)
    with atomic():
        book_payment(
            user_id=wallet.user_id,
            hold_id=hold.pk,
            balance=hold.amount,
            channel_amount=499,
            key="wx:pay:4200001",
            reference="D1",
            title="双人套餐",
            counterparty="store:renmin",
            counterparty_name="人民路店",
            facts={"transaction_id": "4200001"},
        )
    place_hold(wallet_id=wallet.pk, amount=500, key=new_key("hold"), reference="D2")
    return wallet


def place_hold_after(top_up, wallet):
    with atomic():
        credit_top_up(number=top_up.number, key=new_key("wx:pay"), facts={})
    return place_hold(wallet_id=wallet.pk, amount=3_000, key=new_key("hold"), reference="D1")


def page(desk, row):
    address = reverse(f"admin:wallet_{row._meta.model_name}_change", args=[row.pk])
    answer = desk.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("model", [Hold, Journal, LedgerAccount, Record, TopUp, Wallet])
def test_every_list_is_shown_and_searched(desk, wallet, model):
    address = reverse(f"admin:wallet_{model._meta.model_name}_changelist")

    assert desk.get(address).status_code == 200
    found = desk.get(address, {"q": str(wallet.pk)})
    assert found.status_code == 200
    if model is not Journal:
        assert found.context["cl"].result_list


def test_what_is_searched_for_is_whole_in_capitals_or_not_and_one_of_the_columns(desk, wallet):
    top_up = TopUp.objects.get(wallet=wallet)

    def found(term):
        answer = desk.get(reverse("admin:wallet_topup_changelist"), {"q": term})
        return list(answer.context["cl"].queryset)

    assert found(top_up.number) == found(f" {top_up.number.lower()} ") == [top_up]
    assert top_up in found(str(wallet.pk))
    for nothing in (top_up.number[:-1], "9" * 40, "它"):
        assert found(nothing) == []


def test_records_are_shown_by_month(desk, wallet):
    address = reverse("admin:wallet_record_changelist")
    this_month, record = clock.business_month(clock.now()), Record.objects.latest("pk")

    months = desk.get(address).context["cl"].filter_specs[2].lookup_choices

    assert (this_month, this_month) in months
    assert record in desk.get(address, {"of_month": this_month}).context["cl"].queryset
    assert list(desk.get(address, {"of_month": "2019-01"}).context["cl"].queryset) == []


def test_a_journal_shows_its_legs_by_their_chinese_names(desk, wallet):
    shown = page(desk, Journal.objects.get(key="wx:pay:4200001"))

    for words in (
        "订单支付",
        "微信待结算",
        "商户销售收入",
        f"本金 · 钱包 {wallet.pk}",
        "4.99",
        "34.99",
        "30.00",
    ):
        assert words in shown
    assert "4200001" in shown


def test_a_journal_says_in_words_what_it_is_known_by_elsewhere(desk, wallet):
    paid = page(desk, Journal.objects.get(key="wx:pay:4200001"))
    with_nothing = page(desk, Journal.objects.filter(facts={}).first())

    assert "微信支付单号" in paid
    assert "4200001" in paid
    assert "transaction_id" not in paid
    assert "{}" not in with_nothing


def test_a_journal_made_by_hand_says_why_and_by_whom(desk):
    facts = {"cause": "DISPUTE", "ticket": "N2611", "maker": "陈财务", "checker": "李财务"}
    shown = site.get_model_admin(Journal).shown_facts(Journal(facts=facts))

    for words in ("调账原因", "争议裁定", "工单", "申请人", "陈财务", "审批人", "李财务"):
        assert words in shown
    assert "编号" not in shown


def test_a_reversal_and_its_journal_show_each_other(desk, wallet):
    paid = Journal.objects.get(key="wx:pay:4200001")
    back = Journal.objects.get(
        pk=reverse_journal(journal_id=paid.pk, key=new_key("back"), reason="重复入账").journal_id
    )

    assert reverse("admin:wallet_journal_change", args=[back.pk]) in page(desk, paid)
    assert reverse("admin:wallet_journal_change", args=[paid.pk]) in page(desk, back)


def test_an_account_shows_its_entries_on_its_normal_side(desk, wallet):
    clearing = chart.platform_account_id("wechat_clearing", key="wx:pay:4200001")

    shown = page(desk, LedgerAccount.objects.get(pk=clearing))

    assert "借方" in shown
    assert "4.99" in shown
    assert "-4.99" not in shown


def test_a_record_leads_to_its_journal(desk, wallet):
    record = Record.objects.get(wallet=wallet, reference="D1")

    shown = page(desk, record)

    assert reverse("admin:wallet_journal_change", args=[record.journal_id]) in shown
    assert "34.99" in shown


def test_wallets_holds_and_top_ups_are_explained(desk, wallet):
    assert "12,315.67" in page(desk, wallet)
    assert "扣款" in page(desk, Hold.objects.get(wallet=wallet, reference="D1"))
    assert "仍冻结" in page(desk, Hold.objects.get(wallet=wallet, reference="D2"))
    assert "已到账" in page(desk, TopUp.objects.get(wallet=wallet))


def test_the_trial_balance_reads_slots_as_one(desk, wallet):
    answer = desk.get(reverse("admin:wallet_ledgeraccount_show_trial_balance"))

    shown = answer.content.decode()
    assert "借贷平衡" in shown
    rows = {row[0]: row for row in answer.context["table"]["rows"]}
    assert "商户销售收入" in rows
    assert rows["商户销售收入"][4] == 16
    assert rows["合计"][1] == rows["合计"][2]


@pytest.mark.parametrize("model", [Hold, Journal, LedgerAccount, Record, TopUp, Wallet])
def test_nothing_can_be_added_changed_or_deleted(desk, wallet, model):
    row = model.objects.first()
    name = f"admin:wallet_{model._meta.model_name}"

    assert desk.get(reverse(f"{name}_add")).status_code == 403
    assert desk.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert desk.post(reverse(f"{name}_change", args=[row.pk]), {}).status_code == 403


def test_one_person_freezes_a_wallet_and_two_let_it_go_on(desk, wallet):
    address = reverse("admin:wallet_wallet_freeze", args=[wallet.pk])
    assert "原因" in desk.get(address).content.decode()

    wish = {"scope": "FROZEN", "cause": "AUTHORITY", "days": "", "reason": "公安协查"}
    desk.post(address, {"_form_submitted": "True", **wish})

    wallet.refresh_from_db()
    assert (wallet.status, wallet.status_reason) == ("FROZEN", "依有权机关要求")
    entry = AuditEntry.objects.get(subject=f"wallet:{wallet.pk}")
    assert entry.actor == f"staff:{User.objects.get(username='chen').pk}"
    assert entry.facts == {"status": "FROZEN", "reason": "公安协查", "until": None}

    desk.post(
        reverse("admin:wallet_wallet_unfreeze", args=[wallet.pk]),
        {"_form_submitted": "True", "reason": "协查结束"},
    )
    wallet.refresh_from_db()
    assert wallet.status == "FROZEN"
    approve(
        proposal_id=Proposal.objects.get().pk,
        checker_id=User.objects.create_superuser("zhou", "a long enough password").pk,
    )
    wallet.refresh_from_db()
    assert (wallet.status, wallet.status_reason) == ("OPEN", "")


def test_a_freeze_needs_a_reason_and_the_right_to(client, desk, wallet):
    address = reverse("admin:wallet_wallet_freeze", args=[wallet.pk])
    desk.post(address, {"_form_submitted": "True", "reason": ""})
    client.force_login(User.objects.create_user("li", "a long enough password", is_staff=True))

    assert client.post(address, {"_form_submitted": "True", "reason": "公安协查"}).status_code == 403
    wallet.refresh_from_db()
    assert wallet.status == "OPEN"


def test_nobody_is_offered_a_page_that_is_closed_to_them(client, wallet):
    member = User.objects.create_user("li", "a long enough password", is_staff=True)
    member.user_permissions.add(Permission.objects.get(codename="view_topup"))
    client.force_login(member)
    top_up = TopUp.objects.get(wallet=wallet)
    closed = reverse("admin:wallet_wallet_change", args=[wallet.pk])

    assert f"钱包 {wallet.pk}" in page(client, top_up)
    assert closed not in page(client, top_up)
    member.user_permissions.add(Permission.objects.get(codename="view_wallet"))
    assert closed in page(client, top_up)


def test_the_page_of_a_wallet_begins_with_its_balances_by_colour(desk, wallet):
    shown = page(desk, wallet)

    assert shown.index("本金") < shown.index("赠金") < shown.index("返现") < shown.index("资金批次")
    assert "12,315.67" in shown
    assert "12,310.67" in shown  # without the 5.00 that are held
