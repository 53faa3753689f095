"""No door without a guard, a limit, a description and the failures it may answer with."""

import inspect

import pytest
from django.conf import settings
from drf_spectacular.openapi import AutoSchema

from wallet_project.kit.api.access import Anyone, Denied
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import DomainError
from wallet_project.tests.architecture.routes import doors

DOORS = doors()
# A new POST that need not be idempotent belongs here with its reason; money never does.
REPEATABLE_POSTS = {
    "/api/v1/chats": "client_id is the key, for ever",
    "/api/v1/chats/<number>/messages": "client_id is the key, for ever",
    "/api/v1/chats/<number>/signals": "a mark goes forward only, and typing is forgotten",
    "/api/v1/chats/<number>/end": "ended is ended",
    "/api/v1/tickets": "client_id is the key, for ever",
    "/api/v1/tickets/<number>/messages": "client_id is the key, for ever",
    "/api/v1/tickets/<number>/close": "closed is closed",
    "/api/v1/events": "an event is known by the id that the device gave it",
    "/api/v1/touches": "a channel is kept once a day, an inviter once",
    "/api/v1/coupons/codes": "a code is one coupon, whoever brings it again gets the same answer",
    "/api/v1/coupons/quote": "asking changes nothing",
    "/api/v1/recommendations/clicks": "people are counted, not their clicks",
    "/api/v1/surveys/invitations/<number>/answers": "a question is answered once, the same again is the same",
    "/api/v1/surveys/invitations/<number>/decline": "declining twice is declining",
    "/api/v1/notifications/messages/read": "read is read",
    "/api/v1/notifications/messages/<number>/read": "read is read",
    "/api/v1/notifications/messages/<number>/opened": "the first time counts",
    "/api/v1/notifications/unsubscriptions": "off is off",
    "/api/v1/stories/shared": "a viewer counts once a day",
    "/api/v1/stories/<story_id>/share": "who has a code keeps it",
    "/api/v1/auth/login": "the WeChat code works once",
    "/api/v1/appeals/account": "the WeChat code works once",
    "/api/v1/auth/codes": "counted in the tables, however often it is asked",
    "/api/v1/auth/phone": "the code works once",
    "/api/v1/auth/refresh": "the refresh token works once, and its repetition is answered alike",
    "/api/v1/auth/logout": "logging out twice is logging out",
    "/api/v1/me/sessions/revoke-others": "ending what has ended ends nothing",
    "/api/v1/me/security-cards/<key>/seen": "confirming twice is confirming",
    "/api/v1/me/quiz": "tries are counted, and passed is passed",
    "/api/v1/me/closure": "beginning twice finds the first",
    "/api/v1/me/closure/cancel": "cancelling ends it; nothing is left to cancel",
    "/api/v1/me/closure/confirm": "the grant works once, and confirming twice is confirming",
    "/api/v1/me/closure/offer": "an offer is answered once",
    "/api/v1/me/phone": "the phone code works once",
    "/api/v1/me/kyc/applications": "one at a time; and a key would keep a fingerprint of name and ID number",
    "/api/v1/me/kyc/applications/<number>/withdraw": "it ends once",
    "/api/v1/me/kyc/face": "started again it is the same application",
    "/api/v1/me/kyc/face/result": "it only asks how things are",
    "/api/v1/me/pin": "a second first PIN is refused, and the grant works once",
    "/api/v1/me/pin/reset": "the grant works once",
    "/api/v1/me/step-up/<challenge_id>/pin": "proven twice is proven",
    "/api/v1/me/step-up/<challenge_id>/sms": "the limits on text messages are rows",
    "/api/v1/me/step-up/<challenge_id>/sms/verify": "the code works once",
    "/api/v1/me/step-up/<challenge_id>/soter": "the counter of the device rises",
    "/api/v1/me/step-up/<challenge_id>/wechat": "the WeChat code works once",
    "/api/v1/me/wechat": "the WeChat code works once",
    "/api/v1/me/phone/codes": "counted in the tables, however often it is asked",
    "/api/v1/me/phone/sms": "the code works once",
    "/api/v1/me/phone/request": "the code works once, and one request is open at a time",
    "/api/v1/me/consents": "who agrees already agrees",
    "/api/v1/me/consents/withdraw": "withdrawn is withdrawn",
    "/api/v1/me/exports": "one at a time, and each needs a proof of its own",
    "/api/v1/wallet/payees": "counted in the tables, however often it is asked",
    "/api/v1/wallet/splits/open": "it only reads, and the link is no secret for an address",
    "/api/v1/wallet/splits/join": "who has a place keeps it",
    "/api/v1/wallet/requests/open": "it only reads, and the link is no secret for an address",
    "/api/v1/wallet/blocked-people": "who is blocked is blocked",
    "/api/v1/wallet/receive-code": "each is a code of its own, and nothing is stored",
    "/api/v1/orders/<number>/quote": "it only reads",
    "/api/v1/wallet/quotes": "moves no money, and asking again replaces what was not confirmed",
    "/api/v1/cards": "a card is bound once; and a key would keep a fingerprint of its number",
    "/api/v1/bill-queries": "it asks; and a key would keep a fingerprint of the account",
    "/api/v1/wallet/statements": "what is being made, or made of a month that is over, is answered again",
    "/api/v1/faq/consultations": "asking changes nothing but a count",
    "/api/v1/feedback/attachments": "a picture that goes with no message is gone after a day",
    "/api/v1/merchant/orders": "shop_order_no is the key, for ever; the nonce refuses a replay",
    "/api/v1/merchant/orders/<number>/refunds": "shop_refund_no is the key, for ever",
    "/api/v1/merchant/orders/<number>/shipping": "an order is shipped once; the nonce refuses a replay",
    "/api/v1/merchant/orders/<number>/close": "closing twice is closing; the nonce refuses a replay",
    "/api/v1/callbacks/wechat/transactions": "the notice id is the key",
    "/api/v1/callbacks/wechat/refunds": "the notice id is the key",
    "/api/v1/callbacks/wechat/transfers": "the notice id is the key",
    "/api/v1/callbacks/wechat/complaints": "the notice id is the key",
    "/api/v1/callbacks/wechat/messages": "the message's id, or its sender, time and event, is the key",
    "/api/v1/callbacks/billers/<biller>": "the notice id is the key",
}
# Doors that do not limit how often they are knocked at.
UNLIMITED = {
    "/api/v1/callbacks/wechat/transactions",
    "/api/v1/callbacks/wechat/refunds",
    "/api/v1/callbacks/wechat/transfers",
    "/api/v1/callbacks/wechat/complaints",
    "/api/v1/callbacks/wechat/messages",
    "/api/v1/callbacks/billers/<biller>",
}


def declared(door, name):
    """Said by the door itself or by a parent of ours, not inherited from the framework."""
    return any(name in vars(parent) for parent in door.__mro__[: door.__mro__.index(Door)])


def ids(route):
    return route.path


@pytest.mark.parametrize("route", DOORS, ids=ids)
def test_everything_under_the_api_is_a_door(route):
    assert route.door, f"{route.path} must be a kit.api.views.Door"


@pytest.mark.parametrize("route", DOORS, ids=ids)
def test_a_door_says_who_may_come_in(route):
    assert declared(route.door, "permission_classes")
    assert route.door.permission_classes
    assert Denied not in route.door.permission_classes


@pytest.mark.parametrize("route", DOORS, ids=ids)
def test_a_door_without_authentication_is_open_on_purpose(route):
    if not route.door.authentication_classes:
        assert route.door.permission_classes == [Anyone]


@pytest.mark.parametrize("route", DOORS, ids=ids)
def test_a_door_says_how_often_it_may_be_used(route):
    assert declared(route.door, "throttle_scope")
    if route.path in UNLIMITED:
        assert route.door.throttle_scope is None
    else:
        assert route.door.throttle_scope in settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]


def test_no_limit_is_left_over():
    used = {route.door.throttle_scope for route in DOORS} - {None}

    assert used == set(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"])


@pytest.mark.parametrize("route", DOORS, ids=ids)
def test_a_door_names_only_failures_of_ours(route):
    for error in route.door.errors:
        assert issubclass(error, DomainError)


@pytest.mark.parametrize("route", DOORS, ids=ids)
def test_a_door_says_what_it_is_for(route):
    assert inspect.cleandoc(route.door.__doc__ or "")
    for method in route.methods:
        handler = getattr(route.door, method.lower())
        described = getattr(handler, "kwargs", {}).get("schema")
        assert described is not None, f"{method} {route.path} needs @extend_schema"
        assert issubclass(described, AutoSchema)


@pytest.mark.parametrize("route", DOORS, ids=ids)
def test_a_post_that_moves_money_is_idempotent(route):
    handler = getattr(route.door, "post", None)
    if handler is None:
        return
    if route.path in REPEATABLE_POSTS:
        assert not hasattr(handler, "is_idempotent")
    else:
        assert getattr(handler, "is_idempotent", False), "add @idempotent, or a reason above"


def test_no_reason_is_left_over():
    assert set(REPEATABLE_POSTS) <= {route.path for route in DOORS}
    assert {route.path for route in DOORS} >= UNLIMITED
