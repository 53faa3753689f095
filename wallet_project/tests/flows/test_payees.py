"""Cards are bound, bills asked about, and both forgotten, against the platform's own book."""

import uuid

import pytest
from django.db import transaction

from accounts.models import PersonalKey, User
from accounts.services.personal_keys import destroy_personal_key
from payments.models import BillPayee
from payments.services.payees import forget_payees_of, release_card
from payments.tests.factories import NAMES, biller, new_card_number
from wallet_project.kit import clock
from wallet_project.kit.crypto import CannotOpen
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.committed


@pytest.fixture(autouse=True)
def _billers(committed_db):
    for code in NAMES:
        biller(code)


@pytest.fixture
def account(sandbox):
    number = f"{uuid.uuid4().int % 10**10:010d}"
    sandbox.bill_account("power", number, owner="王建国", due=56_80, due_date="2026-12-20")
    return number


def card(**changed):
    return {"biller": "card", "card_number": new_card_number(), "holder": "张伟"} | changed


def kept_by(customer):
    return BillPayee.objects.filter(user__wechat_identities__openid=customer.openid, forgotten_at=None)


def test_a_card_is_bound_once_and_shown_by_its_end(customer, sandbox):
    wish, before = card(), sandbox.bill_book()["cards"]

    bound, again = customer.post("cards", wish), customer.post("cards", wish)

    assert bound.status_code == again.status_code == 201
    assert bound.json() == again.json()
    shown = bound.json()
    assert (shown["bank"], shown["last_four"], shown["holder_masked"]) == (
        "招商银行",
        wish["card_number"][-4:],
        "张*",
    )
    assert customer.get("cards").json() == {"items": [shown]}
    assert sandbox.bill_book()["cards"] == before + 1
    assert wish["card_number"][:12] not in customer.get("cards").text


def test_twenty_bindings_of_one_card_at_once_are_one(customer, sandbox, in_parallel):
    wish, before = card(), sandbox.bill_book()["cards"]

    answers = in_parallel([lambda: customer.post("cards", wish)] * 20)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert kept_by(customer).count() == 1
    assert sandbox.bill_book()["cards"] == before + 1


def test_a_mistyped_number_never_leaves_us(customer, sandbox):
    wish = card()
    wrong = f"{wish['card_number'][:-1]}{(int(wish['card_number'][-1]) + 1) % 10}"
    sandbox.fault("holder_mismatch")  # is still there afterwards: nobody asked the platform

    fields = assert_error(customer.post("cards", wish | {"card_number": wrong}), 400, "INVALID_INPUT")[
        "fields"
    ]

    assert set(fields) == {"card_number"}
    assert "卡号有误" in fields["card_number"][0]
    assert wrong not in str(fields)
    assert len(sandbox.faults()) == 1
    assert not kept_by(customer).exists()


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"card_number": "4111111111111111"}, 409, "CARD_NOT_ACCEPTED"),
        ({"biller": "power"}, 409, "BILLER_NOT_OFFERED"),
        ({"biller": "nobody"}, 409, "BILLER_NOT_OFFERED"),
        ({"holder": "Zhang Wei"}, 400, "INVALID_INPUT"),
    ],
)
def test_what_cannot_be_bound_is_not_kept(customer, changed, status, code):
    assert_error(customer.post("cards", card(**changed)), status, code)

    assert not kept_by(customer).exists()


def test_a_card_of_somebody_else_is_refused_and_a_silent_platform_asked_again(customer, sandbox):
    wish = card()
    sandbox.fault("holder_mismatch")
    assert_error(customer.post("cards", wish), 409, "CARD_HOLDER_MISMATCH")
    sandbox.fault("error_after", path="/billers/v1/cards")
    assert_error(customer.post("cards", wish), 503, "BILLERS_UNAVAILABLE")

    assert not kept_by(customer).exists()
    assert customer.post("cards", wish).status_code == 201


def test_a_customer_keeps_so_many_and_not_one_more(customer, settings, in_parallel):
    settings.PAYEES_MAX = 3

    cards = [card() for _ in range(8)]

    answers = in_parallel([lambda wish=wish: customer.post("cards", wish) for wish in cards])

    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 5
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"TOO_MANY_PAYEES"}
    assert kept_by(customer).count() == 3


def test_an_unbound_card_is_gone_at_once_and_released_at_the_platform(customer, sandbox, outbox):
    before = sandbox.bill_book()["cards"]
    bound = customer.post("cards", card()).json()
    sandbox.fault("error_before", path="/billers/v1/cards/release")

    gone = customer.session.delete(f"{customer.base_url}cards/{bound['id']}")

    assert gone.status_code == 204
    assert customer.get("cards").json() == {"items": []}
    row = BillPayee.objects.get(uid=bound["id"])
    assert (row.reference, row.owner) == (None, "")
    assert row.parting.startswith("card_")
    outbox.deliver()  # nobody answers
    assert sandbox.bill_book()["cards"] == before + 1
    release_card(payee_id=row.pk)
    release_card(payee_id=row.pk)
    assert sandbox.bill_book()["cards"] == before
    row.refresh_from_db()
    assert row.parting_sealed is None
    assert customer.session.delete(f"{customer.base_url}cards/{bound['id']}").status_code == 404


def test_a_bill_is_told_and_its_account_remembered(customer, account):
    told = customer.post("bill-queries", {"biller": "power", "account": account})

    assert told.status_code == 200, told.text
    bill = told.json()
    assert (bill["due"], bill["least"], bill["most"]) == (56_80, 1_00, 10_000_00)
    assert (bill["due_date"], bill["owner_masked"]) == ("2026-12-20", "王**")
    assert bill["name"] == f"城市供电公司 尾号 {account[-4:]}"
    assert account not in told.text
    assert customer.post("bill-queries", {"payee": bill["payee"]}).json() == bill
    assert customer.post("bill-queries", {"biller": "power", "account": account}).json() == bill
    [kept] = customer.get("bill-accounts").json()["items"]
    assert (kept["id"], kept["tail"], kept["biller"]["code"]) == (bill["payee"], account[-4:], "power")
    assert customer.get("cards").json() == {"items": []}

    assert customer.session.delete(f"{customer.base_url}bill-accounts/{kept['id']}").status_code == 204

    assert customer.get("bill-accounts").json() == {"items": []}
    assert_error(customer.post("bill-queries", {"payee": kept["id"]}), 404, "NOT_FOUND")


def test_what_is_owed_on_a_card_is_told_by_the_card(customer):
    bound = customer.post("cards", card()).json()

    bill = customer.post("bill-queries", {"payee": bound["id"]}).json()

    assert (bill["biller"]["code"], bill["due"], bill["owner_masked"]) == ("card", 1_234_56, "张*")


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"biller": "power", "account": "0000"}, 409, "BILL_ACCOUNT_UNKNOWN"),
        ({"biller": "card", "account": "30012345"}, 409, "BILLER_NOT_OFFERED"),
        ({"biller": "nobody", "account": "30012345"}, 409, "BILLER_NOT_OFFERED"),
        ({"biller": "power"}, 400, "INVALID_INPUT"),
        ({"account": "30012345"}, 400, "INVALID_INPUT"),
        ({"biller": "power", "account": "３００１２３４５"}, 400, "INVALID_INPUT"),
        ({"biller": "power", "account": "a" * 33}, 400, "INVALID_INPUT"),
        ({"payee": "0190a8d2-7f6b-4c11-9d0e-5b1f3a9f7c21"}, 404, "NOT_FOUND"),
        ({"payee": "0190a8d2-7f6b-4c11-9d0e-5b1f3a9f7c21", "biller": "power"}, 400, "INVALID_INPUT"),
    ],
)
def test_what_nobody_owes_is_told_apart(customer, wish, status, code):
    assert_error(customer.post("bill-queries", wish), status, code)

    assert not kept_by(customer).exists()


def test_a_bill_that_is_paid_is_owed_no_more(customer, sandbox):
    sandbox.bill_account("water", "8001234567", due=0)

    asked = customer.post("bill-queries", {"biller": "water", "account": "8001234567"})

    assert_error(asked, 409, "NOTHING_OWED")


def test_another_customers_card_is_nobodys(customer, new_customer):
    bound = customer.post("cards", card()).json()["id"]
    other = new_customer()

    assert other.post("bill-queries", {"payee": bound}).status_code == 404
    assert other.session.delete(f"{other.base_url}cards/{bound}").status_code == 404
    assert other.session.delete(f"{other.base_url}bill-accounts/{bound}").status_code == 404
    assert customer.session.delete(f"{customer.base_url}bill-accounts/{bound}").status_code == 404
    assert [item["id"] for item in customer.get("cards").json()["items"]] == [bound]


def test_the_catalogue_offers_whom_it_names(customer):
    closed = biller("gas")
    closed.is_active = False
    closed.save()
    try:
        offered = {item["code"] for item in customer.get("billers").json()["items"]}
        assert_error(
            customer.post("bill-queries", {"biller": "gas", "account": "1234567890"}),
            409,
            "BILLER_NOT_OFFERED",
        )
    finally:
        closed.is_active = True
        closed.save()

    assert offered >= {"card", "power", "water", "phone"}
    assert "gas" not in offered


def test_a_closed_loop_pays_nobodys_bills(customer, settings, account):
    bound = customer.post("cards", card()).json()["id"]
    settings.WALLET_MODE = "closed_loop"

    for refused in (
        customer.get("billers"),
        customer.post("cards", card()),
        customer.post("bill-queries", {"biller": "power", "account": account}),
        customer.post("bill-queries", {"payee": bound}),
    ):
        assert_error(refused, 403, "NOT_IN_THIS_MODE")
    assert customer.session.delete(f"{customer.base_url}cards/{bound}").status_code == 204


def test_whoever_leaves_leaves_no_card_and_no_account(customer, account, sandbox, outbox):
    before = sandbox.bill_book()["cards"]
    bound = customer.post("cards", card()).json()["id"]
    asked = customer.post("bill-queries", {"biller": "power", "account": account}).json()["payee"]
    user = User.objects.get(wechat_identities__openid=customer.openid)
    sealed = bytes(BillPayee.objects.get(uid=asked).reference_sealed)

    with transaction.atomic():
        forget_payees_of(user_id=user.pk, gives_up=0)
        destroy_personal_key(user_id=user.pk, now=clock.now())
    outbox.deliver()

    assert sandbox.bill_book()["cards"] == before
    for row in BillPayee.objects.filter(uid__in=[bound, asked]):
        assert (row.reference_sealed, row.reference_index, row.parting_sealed, row.owner) == (None,) * 3 + (
            "",
        )
    with pytest.raises(CannotOpen):
        PersonalKey.objects.get(user=user).open(sealed, column=f"payments.billpayee.reference:{asked}")
