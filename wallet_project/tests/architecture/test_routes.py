"""The inventory of routes, and who may come in where: a new route without a line here fails."""

import json
import time
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client

from accounts.models import DataExport, User, UserStatus
from accounts.rules.step_up import Operation
from accounts.tests.factories import LoggedIn, challenge_of, kyc_application, logged_in, with_pin
from coupons.models import Story
from feedback.services.suggestions import publish_suggestion, suggest
from feedback.tests.chatting import ask
from feedback.tests.factories import opened
from feedback.tests.voice import asked
from payments.models import Store
from payments.services.orders import Line, create_shop_order, create_store_order
from payments.services.shops import create_shop_system, sign, signing_text
from payments.tests.factories import bill_account, bill_payment, bound_card, rejected_refund
from wallet.models import TaughtRule, Wallet, Withdrawal
from wallet.rules.kinds import MoveKind
from wallet.rules.withdrawals import WithdrawalState
from wallet.selectors.records import records_of
from wallet.services.budgets import set_budget
from wallet.services.quotes import make_quote
from wallet.services.statements import request_statement
from wallet.services.top_ups import credit_top_up, open_top_up
from wallet.services.wallets import open_wallet
from wallet.tests.dealings import Person, somebody
from wallet.tests.factories import blocked, make_wallet, open_request, open_split, waiting_transfer
from wallet.tests.packets import send_packet
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock, context
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial
from wallet_project.kit.testing.browser import Browser
from wallet_project.notifications.tests.factories import told
from wallet_project.tests.architecture.routes import Route, routes

ANYBODY, CUSTOMER, SHOP, WECHAT, STAFF = "anybody", "a customer", "a shop", "WeChat", "staff"
PROMETHEUS = "Prometheus"  # by a token of its own: wallet_project/tests/test_metrics.py

POLICY = {
    "/": ANYBODY,
    "/healthz": ANYBODY,
    "/readyz": ANYBODY,
    "/metrics": PROMETHEUS,
    "/i18n/setlang/": ANYBODY,
    "/agreements/<kind>": ANYBODY,
    "/agreements/<kind>/<version>": ANYBODY,
    "/fees": ANYBODY,
    "/tiers": ANYBODY,
    "/api/schema": ANYBODY,
    "/api/docs": ANYBODY,
    "/api/docs/": ANYBODY,
    "/api/v1/config": ANYBODY,
    "/api/v1/appeals": CUSTOMER,
    "/api/v1/appeals/account": ANYBODY,
    "/api/v1/auth/login": ANYBODY,
    "/api/v1/auth/codes": ANYBODY,
    "/api/v1/auth/phone": ANYBODY,
    "/api/v1/auth/refresh": ANYBODY,
    "/api/v1/auth/logout": CUSTOMER,
    "/api/v1/me": CUSTOMER,
    "/api/v1/me/devices": CUSTOMER,
    "/api/v1/me/devices/<device>": CUSTOMER,
    "/api/v1/me/sessions/revoke-others": CUSTOMER,
    "/api/v1/me/logins": CUSTOMER,
    "/api/v1/me/onboarding": CUSTOMER,
    "/api/v1/me/security-cards": CUSTOMER,
    "/api/v1/me/security-cards/<key>/seen": CUSTOMER,
    "/api/v1/me/quiz": CUSTOMER,
    "/api/v1/me/closure": CUSTOMER,
    "/api/v1/me/closure/cancel": CUSTOMER,
    "/api/v1/me/closure/confirm": CUSTOMER,
    "/api/v1/me/closure/offer": CUSTOMER,
    "/api/v1/me/closure/payout": CUSTOMER,
    "/api/v1/me/phone": CUSTOMER,
    "/api/v1/me/kyc": CUSTOMER,
    "/api/v1/me/kyc/applications": CUSTOMER,
    "/api/v1/me/kyc/applications/<number>/withdraw": CUSTOMER,
    "/api/v1/me/kyc/face": CUSTOMER,
    "/api/v1/me/kyc/face/result": CUSTOMER,
    "/api/v1/me/wechat": CUSTOMER,
    "/api/v1/me/phone/codes": CUSTOMER,
    "/api/v1/me/phone/sms": CUSTOMER,
    "/api/v1/me/phone/request": CUSTOMER,
    "/api/v1/me/consents": CUSTOMER,
    "/api/v1/me/consents/withdraw": CUSTOMER,
    "/api/v1/me/marketing": CUSTOMER,
    "/api/v1/me/exports": CUSTOMER,
    "/api/v1/me/exports/<number>": CUSTOMER,
    "/api/v1/me/exports/<number>/archive": CUSTOMER,
    "/api/v1/events": ANYBODY,
    "/api/v1/fees": ANYBODY,
    "/api/v1/agreements": ANYBODY,
    "/api/v1/agreements/<kind>/<version>": ANYBODY,
    "/api/v1/agreements/<kind>/diff": ANYBODY,
    "/api/v1/me/pin": CUSTOMER,
    "/api/v1/me/pin/reset": CUSTOMER,
    "/api/v1/me/small-payments": CUSTOMER,
    "/api/v1/me/step-up/<challenge_id>": CUSTOMER,
    "/api/v1/me/step-up/<challenge_id>/pin": CUSTOMER,
    "/api/v1/me/step-up/<challenge_id>/sms": CUSTOMER,
    "/api/v1/me/step-up/<challenge_id>/sms/verify": CUSTOMER,
    "/api/v1/me/step-up/<challenge_id>/soter": CUSTOMER,
    "/api/v1/me/step-up/<challenge_id>/wechat": CUSTOMER,
    "/api/v1/orders": CUSTOMER,
    "/api/v1/orders/<number>": CUSTOMER,
    "/api/v1/orders/<number>/quote": CUSTOMER,
    "/api/v1/orders/<number>/result": CUSTOMER,
    "/api/v1/orders/<number>/pay": CUSTOMER,
    "/api/v1/orders/<number>/cancel": CUSTOMER,
    "/api/v1/orders/<number>/refunds": CUSTOMER,
    "/api/v1/orders/<number>/refunds/<refund>": CUSTOMER,
    "/api/v1/orders/<number>/refunds/<refund>/withdraw": CUSTOMER,
    "/api/v1/wallet": CUSTOMER,
    "/api/v1/wallet/analysis": CUSTOMER,
    "/api/v1/wallet/balance": CUSTOMER,
    "/api/v1/wallet/quotes": CUSTOMER,
    "/api/v1/wallet/limits": CUSTOMER,
    "/api/v1/wallet/budgets": CUSTOMER,
    "/api/v1/wallet/budgets/<scope>": CUSTOMER,
    "/api/v1/wallet/categories": CUSTOMER,
    "/api/v1/wallet/category-rules": CUSTOMER,
    "/api/v1/wallet/category-rules/<rule>": CUSTOMER,
    "/api/v1/wallet/records/<record>/category": CUSTOMER,
    "/api/v1/wallet/records": CUSTOMER,
    "/api/v1/wallet/records/<record>": CUSTOMER,
    "/api/v1/wallet/records/<record>/receipt": CUSTOMER,
    "/api/v1/wallet/records/<record>/receipt/<form>": ANYBODY,
    "/api/v1/wallet/records/months/<month>": CUSTOMER,
    "/api/v1/coupons": CUSTOMER,
    "/api/v1/coupons/claimable": CUSTOMER,
    "/api/v1/coupons/claimable/<template_id>/claim": CUSTOMER,
    "/api/v1/coupons/codes": CUSTOMER,
    "/api/v1/coupons/quote": CUSTOMER,
    "/api/v1/stories": CUSTOMER,
    "/api/v1/stories/shared": CUSTOMER,
    "/api/v1/stories/<story_id>/share": CUSTOMER,
    "/api/v1/receipts/<code>": ANYBODY,
    "/receipts/<code>": ANYBODY,
    "/api/v1/wallet/red-packets": CUSTOMER,
    "/api/v1/wallet/red-packets/received": CUSTOMER,
    "/api/v1/wallet/red-packets/waiting": CUSTOMER,
    "/api/v1/wallet/red-packets/<token>": CUSTOMER,
    "/api/v1/wallet/red-packets/<token>/shares": CUSTOMER,
    "/api/v1/wallet/red-packets/<token>/open": CUSTOMER,
    "/api/v1/chats": CUSTOMER,
    "/api/v1/chats/<number>/end": CUSTOMER,
    "/api/v1/chats/<number>/messages": CUSTOMER,
    "/api/v1/chats/<number>/signals": CUSTOMER,
    "/api/v1/feedback/attachments": CUSTOMER,
    "/api/v1/feedback/attachments/<token>": ANYBODY,
    "/api/v1/faq/topics": ANYBODY,
    "/api/v1/faq/articles": ANYBODY,
    "/api/v1/faq/articles/<slug>": ANYBODY,
    "/api/v1/faq/articles/<slug>/vote": CUSTOMER,
    "/api/v1/faq/consultations": CUSTOMER,
    "/api/v1/faq/consultations/<consultation_id>/outcome": CUSTOMER,
    "/api/v1/wallet/statements": CUSTOMER,
    "/api/v1/wallet/statements/<number>": CUSTOMER,
    "/api/v1/wallet/statements/<number>/<form>": ANYBODY,
    "/api/v1/statements/check": ANYBODY,
    "/statements/<number>/<checksum>": ANYBODY,
    "/api/v1/wallet/top-ups": CUSTOMER,
    "/api/v1/wallet/top-ups/<number>": CUSTOMER,
    "/api/v1/wallet/top-ups/<number>/refund": CUSTOMER,
    "/api/v1/wallet/top-up-packages": CUSTOMER,
    "/api/v1/wallet/expiring-gifts": CUSTOMER,
    "/api/v1/wallet/withdrawable": CUSTOMER,
    "/api/v1/wallet/withdrawals": CUSTOMER,
    "/api/v1/wallet/withdrawals/route": CUSTOMER,
    "/api/v1/wallet/withdrawals/<number>": CUSTOMER,
    "/api/v1/wallet/withdrawals/<number>/cancel": CUSTOMER,
    "/api/v1/wallet/payees": CUSTOMER,
    "/api/v1/wallet/payee-settings": CUSTOMER,
    "/api/v1/wallet/receive-code": CUSTOMER,
    "/api/v1/billers": CUSTOMER,
    "/api/v1/cards": CUSTOMER,
    "/api/v1/cards/<payee>": CUSTOMER,
    "/api/v1/bill-queries": CUSTOMER,
    "/api/v1/bill-payments": CUSTOMER,
    "/api/v1/bill-payments/<number>": CUSTOMER,
    "/api/v1/bill-accounts": CUSTOMER,
    "/api/v1/bill-accounts/<payee>": CUSTOMER,
    "/api/v1/wallet/splits": CUSTOMER,
    "/api/v1/wallet/splits/open": CUSTOMER,
    "/api/v1/wallet/splits/join": CUSTOMER,
    "/api/v1/wallet/splits/<number>": CUSTOMER,
    "/api/v1/wallet/splits/<number>/close": CUSTOMER,
    "/api/v1/wallet/splits/<number>/remind": CUSTOMER,
    "/api/v1/wallet/requests": CUSTOMER,
    "/api/v1/wallet/requests/open": CUSTOMER,
    "/api/v1/wallet/requests/<number>": CUSTOMER,
    "/api/v1/wallet/requests/<number>/decline": CUSTOMER,
    "/api/v1/wallet/requests/<number>/cancel": CUSTOMER,
    "/api/v1/wallet/requests/<number>/remind": CUSTOMER,
    "/api/v1/wallet/blocked-people": CUSTOMER,
    "/api/v1/wallet/blocked-people/<person>": CUSTOMER,
    "/api/v1/wallet/transfers": CUSTOMER,
    "/api/v1/wallet/transfers/<number>": CUSTOMER,
    "/api/v1/wallet/transfers/<number>/accept": CUSTOMER,
    "/api/v1/wallet/transfers/<number>/decline": CUSTOMER,
    "/api/v1/wallet/transfers/<number>/cancel": CUSTOMER,
    "/api/v1/campaigns": CUSTOMER,
    "/api/v1/rewards": CUSTOMER,
    "/api/v1/points": CUSTOMER,
    "/api/v1/points/history": CUSTOMER,
    "/api/v1/points/rules": CUSTOMER,
    "/api/v1/touches": CUSTOMER,
    "/api/v1/referral/picture": CUSTOMER,
    "/api/v1/referral": CUSTOMER,
    "/api/v1/referral/people": CUSTOMER,
    "/api/v1/referral/inviter": CUSTOMER,
    "/api/v1/referral/board": CUSTOMER,
    "/api/v1/check-ins": CUSTOMER,
    "/api/v1/check-ins/made-up": CUSTOMER,
    "/api/v1/mall/goods": CUSTOMER,
    "/api/v1/mall/orders": CUSTOMER,
    "/api/v1/home": CUSTOMER,
    "/api/v1/recommendations/clicks": CUSTOMER,
    "/api/v1/recommendations/settings": CUSTOMER,
    "/api/v1/membership": CUSTOMER,
    "/api/v1/membership/growth": CUSTOMER,
    "/api/v1/membership/log": CUSTOMER,
    "/api/v1/membership/tiers": ANYBODY,
    "/api/v1/tickets": CUSTOMER,
    "/api/v1/tickets/<number>": CUSTOMER,
    "/api/v1/tickets/<number>/close": CUSTOMER,
    "/api/v1/tickets/<number>/messages": CUSTOMER,
    "/api/v1/surveys/invitations": CUSTOMER,
    "/api/v1/surveys/invitations/<number>": CUSTOMER,
    "/api/v1/surveys/invitations/<number>/answers": CUSTOMER,
    "/api/v1/surveys/invitations/<number>/decline": CUSTOMER,
    "/api/v1/suggestions": CUSTOMER,
    "/api/v1/suggestions/public": CUSTOMER,
    "/api/v1/suggestions/<number>/vote": CUSTOMER,
    "/api/v1/notifications/messages": CUSTOMER,
    "/api/v1/notifications/messages/read": CUSTOMER,
    "/api/v1/notifications/messages/<number>/read": CUSTOMER,
    "/api/v1/notifications/messages/<number>/opened": CUSTOMER,
    "/api/v1/notifications/unread": CUSTOMER,
    "/api/v1/notifications/preferences": CUSTOMER,
    "/api/v1/notifications/preferences/<category>/<channel>": CUSTOMER,
    "/api/v1/notifications/unsubscriptions": CUSTOMER,
    "/api/v1/notifications/subscriptions": CUSTOMER,
    "/api/v1/merchant/orders": SHOP,
    "/api/v1/merchant/orders/<number>": SHOP,
    "/api/v1/merchant/orders/<number>/close": SHOP,
    "/api/v1/merchant/orders/<number>/shipping": SHOP,
    "/api/v1/merchant/orders/<number>/refunds": SHOP,
    "/api/v1/merchant/orders/<number>/refunds/<refund>": SHOP,
    "/api/v1/callbacks/wechat/transactions": WECHAT,
    "/api/v1/callbacks/wechat/refunds": WECHAT,
    "/api/v1/callbacks/wechat/transfers": WECHAT,
    "/api/v1/callbacks/wechat/complaints": WECHAT,
    "/api/v1/callbacks/wechat/messages": WECHAT,
    "/api/v1/callbacks/billers/<biller>": WECHAT,
}
# What is named by its number and shown to every customer.
EVERYBODYS = {"/api/v1/suggestions/<number>/vote"}
# Where staff come in and go out, and the words of the admin's scripts.
OPEN_ADMIN = {"/admin", "/admin/login/", "/admin/logout/", "/admin/jsi18n/"}
# Pages under /admin/wallet/ that add what is not money.
NOT_MONEY = {
    "/admin/wallet/forbiddenword/add/",
    "/admin/wallet/category/add/",
    "/admin/wallet/categoryrule/add/",
    "/admin/wallet/topuppackage/add/",  # a draft; putting it on sale takes two
}

ALL = routes()
ADMIN = [route for route in ALL if route.path.startswith("/admin") and route.path not in OPEN_ADMIN]
CALLS = [
    pytest.param(route, method, id=f"{method} {route.path}")
    for route in ALL
    if route.door
    for method in route.methods
]


def calls_of(policy: str) -> list[Any]:
    return [call for call in CALLS if POLICY.get(call.values[0].path) == policy]


def policy_of(path: str) -> str | None:
    return POLICY.get(path) or (STAFF if path.startswith("/admin") else None)


class House(NamedTuple):
    """Two customers, two shops, and what the first of each owns."""

    customer: LoggedIn
    other: LoggedIn
    shop: Callable[..., Any]
    other_shop: Callable[..., Any]
    order_no: str
    shop_order_no: str
    top_up_no: str
    kyc_no: str
    export_no: str
    challenge_id: str
    record_id: str
    statement_no: str
    card: str
    bill_account: str
    sent_no: str
    received_no: str
    rule_id: int
    request_no: str
    split_no: str
    asked_no: str
    blocked_id: str
    red_packet: str
    bill_no: str
    withdrawal_no: str
    refund_no: str
    shop_refund_no: str
    story_id: int
    chat_no: str
    ticket_no: str
    invitation_no: str
    suggestion_no: str
    message_no: str


@pytest.fixture(scope="module")
def built(module_db: None) -> House:
    with context.acting():
        return build_house()


@pytest.fixture
def house(built: House, db_again: None) -> House:
    return built


def build_house() -> House:
    customer, other = logged_in(), logged_in()
    wallet = open_wallet(user_id=customer.user.pk)
    open_wallet(user_id=other.user.pk)
    stranger = make_wallet(principal=100)
    store = Store.objects.create(code=uuid.uuid4().hex[:12], name="人民路店")
    order = create_store_order(payer_id=customer.user.pk, store_code=store.code, amount=Fen(100), remark="")
    shop, secret = create_shop_system(key_id=uuid.uuid4().hex[:12], name="商城")
    other_shop, other_secret = create_shop_system(key_id=uuid.uuid4().hex[:12], name="别的商城")
    shop_order = create_shop_order(
        shop_id=shop.pk,
        shop_order_no="SO-1",
        title="商城订单",
        lines=[Line(name="拿铁", unit_price=Fen(100), quantity=1)],
    )
    rule = TaughtRule.objects.create(
        wallet=wallet, key="store:renmin", shown="人民路店", category_id="food", taught_at=clock.now()
    )
    set_budget(user_id=customer.user.pk, category="food", amount=Fen(100))
    return House(
        customer=customer,
        other=other,
        shop=signed_by(shop.key_id, secret),
        other_shop=signed_by(other_shop.key_id, other_secret),
        order_no=order.number,
        shop_order_no=shop_order.number,
        top_up_no=open_top_up(wallet_id=wallet.pk, amount=Fen(100)).number,
        kyc_no=kyc_application(customer.user).number,
        export_no=DataExport.objects.create(
            user=customer.user, number=new_serial("E"), requested_at=clock.now()
        ).number,
        challenge_id=challenge_of(with_pin(customer), Operation(kind="order.pay", amount=Fen(100))),
        record_id=record_of(wallet.pk),
        statement_no=request_statement(
            user_id=customer.user.pk, month=clock.business_month(clock.now())
        ).number,
        card=str(bound_card(customer.user).uid),
        bill_account=str(bill_account(customer.user).uid),
        sent_no=waiting_transfer(sender=wallet, receiver=stranger).number,
        received_no=waiting_transfer(sender=stranger, receiver=wallet).number,
        rule_id=rule.pk,
        request_no=open_request(requester=wallet).number,
        split_no=open_split(organiser=wallet).number,
        asked_no=open_request(requester=stranger, payer=wallet).number,
        blocked_id=str(blocked(by=wallet, whom=stranger).pk),
        red_packet=red_packet_for(customer),
        bill_no=bill_payment(customer.user).number,
        withdrawal_no=ended_withdrawal(wallet).number,
        refund_no=rejected_refund(order).number,
        shop_refund_no=rejected_refund(shop_order).number,
        story_id=Story.objects.create(
            title="好喝", text="每天一杯", state=AgreedState.LIVE, live_at=clock.now()
        ).pk,
        chat_no=ask(customer).number,
        ticket_no=opened(user_id=customer.user.pk).number,
        invitation_no=asked(customer.user).number,
        suggestion_no=public_suggestion(),
        message_no=told(customer.user).number,
    )


def public_suggestion() -> str:
    """One that everybody may vote for: it is nobody's own."""
    made = suggest(user_id=User.objects.create().pk, text="希望账单可以导出")
    publish_suggestion(suggestion_id=made.pk, title="按月导出账单")
    return made.number


def record_of(wallet_id: int) -> str:
    """A line of somebody's history."""
    top_up = open_top_up(wallet_id=wallet_id, amount=Fen(100))
    with transaction.atomic():
        credit_top_up(number=top_up.number, key=f"wx:pay:{uuid.uuid4().hex}", facts={})
    return str(records_of(top_up.wallet.user_id).get().pk)


def ended_withdrawal(wallet: Wallet) -> Withdrawal:
    now = clock.now()
    quote = make_quote(user_id=wallet.user_id, kind=MoveKind.WITHDRAW, amount=Fen(100), facts={})
    return Withdrawal.objects.create(
        number=new_serial("W", now),
        wallet=wallet,
        amount=100,
        fee=0,
        quote=quote,
        state=WithdrawalState.REJECTED,
        requested_at=now,
        ended_at=now,
    )


def red_packet_for(customer: LoggedIn) -> str:
    """The token of a red packet that is for this customer alone."""
    customer.user.set_phone("13800138000", at=clock.now())
    customer.user.save()
    person = Person(customer, open_wallet(user_id=customer.user.pk))
    return send_packet(somebody(100), amount=100, kind="fixed", to=person).token


def call(client: Client, method: str, path: str, headers: dict[str, str] | None = None) -> Any:
    sent = {"Idempotency-Key": uuid.uuid4().hex} | (headers or {})
    return client.generic(method, path, "{}", content_type="application/json", headers=sent)


def signed_by(key_id: str, secret: str) -> Callable[[str, str], Any]:
    def ask(method: str, path: str) -> Any:
        timestamp, nonce = str(int(time.time())), uuid.uuid4().hex
        text = signing_text(method=method, target=path, timestamp=timestamp, nonce=nonce, body=b"{}")
        headers = {
            "Shop-Key": key_id,
            "Shop-Timestamp": timestamp,
            "Shop-Nonce": nonce,
            "Shop-Signature": sign(secret=secret, text=text),
        }
        return call(Client(), method, path, headers)

    return ask


def staff_session(*, superuser: bool = False) -> Client:
    user = User.objects.create_user(username=f"s-{uuid.uuid4().hex[:8]}", password=None)
    user.is_staff, user.is_superuser = True, superuser
    user.save()
    client = Browser()
    client.force_login(user)
    return client


def test_every_route_has_a_policy_and_every_policy_its_route():
    paths = {route.path for route in ALL}

    assert {path for path in paths if policy_of(path) is None} == set()
    assert set(POLICY) - paths == set()
    assert paths >= OPEN_ADMIN


@pytest.mark.parametrize(("route", "method"), [*calls_of(CUSTOMER), *calls_of(SHOP), *calls_of(WECHAT)])
def test_a_stranger_is_turned_away(house: House, route: Route, method: str):
    answer = call(Client(), method, path_in(house, route))

    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message", "detail", "request_id"}


@pytest.mark.parametrize(("route", "method"), [*calls_of(CUSTOMER), *calls_of(SHOP), *calls_of(WECHAT)])
def test_staff_come_in_through_the_admin_and_nowhere_else(house: House, route: Route, method: str):
    assert call(staff_session(superuser=True), method, path_in(house, route)).status_code == 401


@pytest.mark.parametrize(("route", "method"), calls_of(CUSTOMER))
def test_a_shops_signature_makes_no_customer(house: House, route: Route, method: str):
    assert house.shop(method, path_in(house, route)).status_code == 401


@pytest.mark.parametrize(("route", "method"), [*calls_of(SHOP), *calls_of(WECHAT)])
def test_a_customers_token_makes_no_shop_and_no_wechat(house: House, route: Route, method: str):
    answer = call(Client(), method, path_in(house, route), house.customer.as_header())

    assert answer.status_code == 401


@pytest.mark.parametrize(("route", "method"), calls_of(CUSTOMER))
def test_a_customer_comes_in(house: House, route: Route, method: str):
    answer = call(Client(), method, path_in(house, route), house.customer.as_header())

    assert answer.status_code in {
        200,
        201,
        202,
        204,
        400,
        409,
        415,
        428,
    }  # 415: it takes a form with a picture
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("route", "method"), calls_of(CUSTOMER))
def test_a_customer_whose_account_is_frozen_does_not(house: House, route: Route, method: str):
    User.objects.filter(pk=house.customer.user.pk).update(status=UserStatus.FROZEN)

    answer = call(Client(), method, path_in(house, route), house.customer.as_header())

    assert (answer.status_code, answer.json()["code"]) == (403, "ACCOUNT_FROZEN")


@pytest.mark.parametrize(
    ("route", "method"),
    [
        param
        for param in calls_of(CUSTOMER)
        if {"<number>", "<device>", "<record>", "<payee>", "<rule>", "<scope>", "<token>"}
        & set(param.values[0].path.split("/"))
        and param.values[0].path not in EVERYBODYS
    ],
)
def test_what_is_another_customers_looks_like_what_does_not_exist(house: House, route: Route, method: str):
    theirs = call(Client(), method, path_in(house, route), house.other.as_header())
    absent = {**dict.fromkeys(["device", "record", "rule"], "999999999"), "scope": "leisure", "token": "H.1"}
    missing = route.example(number="O2611212015301237Q4K0M2Z9XWDF", payee=str(uuid.uuid4()), **absent)
    nothing = call(Client(), method, missing, house.other.as_header())

    if theirs.status_code == 400:  # its body is refused before anybody looks for the order
        assert nothing.status_code == 400
    else:
        assert theirs.status_code == nothing.status_code == 404
    assert without_request(theirs) == without_request(nothing)


@pytest.mark.parametrize(("route", "method"), calls_of(SHOP))
def test_a_shop_comes_in(house: House, route: Route, method: str):
    answer = house.shop(method, path_in(house, route))

    assert answer.status_code in {200, 201, 400}
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("route", "method"), [param for param in calls_of(SHOP) if "<number>" in param.values[0].path]
)
def test_what_is_another_shops_looks_like_what_does_not_exist(house: House, route: Route, method: str):
    theirs = house.other_shop(method, path_in(house, route))
    nothing = house.other_shop(method, route.example(number="O2611212015301237Q4K0M2Z9XWDF"))

    assert theirs.status_code == nothing.status_code == 404
    assert without_request(theirs) == without_request(nothing)


@pytest.mark.parametrize(("route", "method"), calls_of(ANYBODY))
def test_anybody_may_knock_where_nobody_needs_a_name(house: House, route: Route, method: str):
    answer = call(Client(), method, route.example(kind="privacy", slug="first-top-up"))

    assert answer.status_code in {200, 400}  # if not, then for want of a body, not of a name


@pytest.mark.usefixtures("db_again")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_admin_sends_everybody_but_staff_to_its_login(method: str):
    customer = logged_in()
    with_a_session = Client(headers=customer.as_header())
    with_a_session.force_login(customer.user)

    for client in (Client(), Client(headers=customer.as_header()), with_a_session):
        let_in = {
            route.path: answer.status_code
            for route in ADMIN
            if not sent_to_login(answer := client.generic(method, admin_path(route)))
        }
        assert let_in == {}


def test_staff_without_a_role_see_no_rows(house: House):
    client = staff_session()
    own = (
        "/admin/",
        "/admin/search/",
        "/admin/second-factor/",
        "/admin/password_change/",
        "/admin/password_change/done/",
    )
    pages = [route for route in ADMIN if route.path not in own]

    shown = {
        (method, route.path): answer.status_code
        for route in pages
        for method in ("GET", "POST")
        if (answer := client.generic(method, admin_path(route))).status_code not in {302, 403, 404, 405}
    }

    assert len(pages) > 100
    assert shown == {}
    for path in ("/admin/", f"/admin/search/?s={house.order_no[:8]}"):
        assert house.order_no not in client.get(path).content.decode()


@pytest.mark.usefixtures("db_again")
def test_a_form_of_the_admin_is_not_accepted_from_another_site():
    careful = Client(enforce_csrf_checks=True)

    assert careful.post("/admin/login/", {"username": "a", "password": "b"}).status_code == 403


def test_nobody_may_delete_what_is_money_not_even_by_role(house: House):
    deletions = Permission.objects.filter(codename__startswith="delete_", content_type__app_label="wallet")
    powerful = staff_session(superuser=True)

    assert deletions.exists()
    for route in ADMIN:
        if (
            route.path.startswith("/admin/wallet/")
            and route.path.endswith(("/add/", "/delete/"))
            and route.path not in NOT_MONEY
        ):
            assert powerful.get(route.example()).status_code in {302, 403}


def admin_path(route: Route) -> str:
    return route.example(app_label="wallet", url="nothing")


def sent_to_login(answer: Any) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith("/admin/login/")


def path_in(house: House, route: Route) -> str:
    number = house.order_no
    if "/merchant/" in route.path:
        number = house.shop_order_no
    elif "/top-ups/" in route.path:
        number = house.top_up_no
    elif "/withdrawals/" in route.path:
        number = house.withdrawal_no
    elif "/bill-payments/" in route.path:
        number = house.bill_no
    elif "/kyc/" in route.path:
        number = house.kyc_no
    elif "/exports/" in route.path:
        number = house.export_no
    elif "/statements/" in route.path:
        number = house.statement_no
    elif "/transfers/" in route.path:
        number = house.received_no if route.path.endswith(("/accept", "/decline")) else house.sent_no
    elif "/chats/" in route.path:
        number = house.chat_no
    elif "/tickets/" in route.path:
        number = house.ticket_no
    elif "/invitations/" in route.path:
        number = house.invitation_no
    elif "/suggestions/" in route.path:
        number = house.suggestion_no
    elif "/notifications/" in route.path:
        number = house.message_no
    elif "/splits/" in route.path:
        number = house.split_no
    elif "/requests/" in route.path:
        number = house.asked_no if route.path.endswith("/decline") else house.request_no
    return route.example(
        number=number,
        month="2026-11",
        device=str(house.customer.device.pk),
        key="pin-is-yours",
        record=house.record_id,
        person=house.blocked_id,
        biller="power",
        payee=house.card if "/cards/" in route.path else house.bill_account,
        rule=str(house.rule_id),
        scope="food",
        category="GROWTH",
        channel="SMS",
        challenge_id=house.challenge_id,
        token=house.red_packet,
        story_id=str(house.story_id),
        refund=house.shop_refund_no if "/merchant/" in route.path else house.refund_no,
    )


def without_request(answer: Any) -> dict[str, Any]:
    return {name: value for name, value in json.loads(answer.content).items() if name != "request_id"}
