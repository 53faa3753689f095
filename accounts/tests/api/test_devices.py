"""What a person sees of their devices, sessions and logins, and what they can end."""

from functools import partial

import pytest
from rest_framework.test import APIClient

from accounts.models import Device, LoginRecord, Session
from accounts.selectors.users import user_by_openid
from wallet_project.audit.models import AuditEntry
from wallet_project.kit.models import StoredEvent
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.kit.testing.wire import Api

pytestmark = pytest.mark.committed


@pytest.fixture
def phone(customer, new_phone):
    """The customer's, bound."""
    number = new_phone()
    assert customer.post("me/phone", {"code": customer.sandbox.phone_code(number)["code"]}).status_code == 200
    return number


@pytest.fixture
def elsewhere(customer, web_server, sandbox):
    """The same person, logged in on one more device."""

    def log_in(**facts):
        api = Api(web_server, sandbox)
        wish = {"code": sandbox.login_code(customer.openid)["code"], "device_id": api.device_id}
        answer = api.post("auth/login", wish | facts)
        api.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        api.refresh_token = answer.json()["refresh_token"]
        return api

    return log_in


def person_of(api):
    return user_by_openid(api.openid)


def history(api):
    return [(item["outcome"], item["reason"]) for item in api.get("me/logins").json()["items"]]


def test_my_devices_are_shown_with_this_one_marked(customer, elsewhere):
    other = elsewhere(device_name="小明的平板", platform="android")

    items = customer.get("me/devices").json()["items"]

    assert [(item["name"], item["platform"], item["is_current"]) for item in items] == [
        ("小明的平板", "android", False),
        ("", "", True),
    ]
    assert {item["is_logged_in"] for item in items} == {True}
    assert {item["place"] for item in items} == {"127.0.0.*"}
    assert other.device_id not in customer.get("me/devices").text


def test_a_removed_device_is_logged_out_at_once_and_comes_back_as_a_new_one(customer, elsewhere):
    other = elsewhere()
    mine = {item["is_current"]: item["id"] for item in other.get("me/devices").json()["items"]}

    removed = customer.session.delete(f"{customer.base_url}me/devices/{mine[True]}", timeout=40)

    assert removed.status_code == 204
    assert_error(other.get("me"), 401, "TOKEN_INVALID")
    refreshed = other.post(
        "auth/refresh", {"refresh_token": other.refresh_token, "device_id": other.device_id}
    )
    assert_error(refreshed, 401, "TOKEN_INVALID")
    assert [item["id"] for item in customer.get("me/devices").json()["items"]] == [mine[False]]
    assert history(customer)[0] == ("ENDED", "REMOVED")
    subject = f"user:{person_of(customer).pk}"
    assert AuditEntry.objects.filter(action="accounts.device.removed", subject=subject).count() == 1
    back = Device.objects.get(pk=mine[True])
    before = back.first_seen_at
    other.log_in(other.sandbox.login_code(customer.openid)["code"])
    back.refresh_from_db()
    assert (back.removed_at, back.first_seen_at > before) == (None, True)
    assert customer.get("me/logins").json()["items"][0]["is_new_device"] is True


def test_another_persons_device_looks_like_none_and_stays(customer, new_customer):
    other = new_customer()
    theirs = person_of(other).devices.get()

    answers = [
        customer.session.delete(f"{customer.base_url}me/devices/{number}", timeout=40)
        for number in (theirs.pk, 10**12)
    ]

    assert [answer.json()["code"] for answer in answers] == ["NOT_FOUND"] * 2
    assert answers[0].json()["message"] == answers[1].json()["message"]
    assert other.get("me").status_code == 200


def test_everybody_else_is_logged_out_and_i_stay(customer, elsewhere):
    others = [elsewhere(), elsewhere()]

    answer = customer.post("me/sessions/revoke-others")

    assert answer.json() == {"ended": 2}
    for other in others:
        assert_error(other.get("me"), 401, "TOKEN_INVALID")
    assert customer.get("me").status_code == 200
    assert customer.post("me/sessions/revoke-others").json() == {"ended": 0}
    assert history(customer)[:2] == [("ENDED", "OTHERS_ENDED")] * 2


def test_the_history_tells_of_logins_and_of_a_stolen_token(customer, elsewhere):
    other = elsewhere(device_name="小明的平板")
    stolen = {"refresh_token": other.refresh_token, "device_id": "somewhere-else"}
    assert_error(other.post("auth/refresh", stolen), 401, "TOKEN_INVALID")

    items = customer.get("me/logins").json()["items"]

    assert [(item["outcome"], item["method"], item["reason"]) for item in items] == [
        ("ENDED", "", "OTHER_DEVICE"),
        ("LOGGED_IN", "WECHAT", ""),
        ("LOGGED_IN", "WECHAT", ""),
    ]
    assert [item["is_new_device"] for item in items] == [False, True, False]  # the first is no news
    assert items[0]["device_name"] == "小明的平板"
    assert items[0]["place"] == "127.0.0.*"


def test_the_history_comes_in_pages_and_each_costs_one_query(customer, elsewhere, django_assert_num_queries):
    for _ in range(3):
        elsewhere()
    first = customer.get("me/logins", limit=2).json()
    second = customer.get("me/logins", limit=2, cursor=first["next_cursor"]).json()

    assert (len(first["items"]), first["has_more"]) == (2, True)
    assert (len(second["items"]), second["has_more"]) == (2, False)
    local = APIClient(headers={"Authorization": customer.session.headers["Authorization"]})
    local.get("/api/v1/me")  # the token is remembered from here on
    for address in ("/api/v1/me/logins", "/api/v1/me/devices"):
        with django_assert_num_queries(1):
            assert local.get(address).status_code == 200


def test_a_new_device_is_told_to_the_phone_in_our_words_only(customer, phone, elsewhere, outbox):
    elsewhere(device_name="加微信领红包 http://x.cn", platform="ios")

    outbox.deliver()

    message = customer.sandbox.messages(phone)[0]
    assert message["template"] == "new_device"
    assert "iPhone" in message["text"]
    assert "红包" not in message["text"]
    user = person_of(customer)
    assert StoredEvent.objects.filter(name="accounts.device.new", aggregate=f"user:{user.pk}").count() == 1


def test_a_known_device_and_a_first_login_are_no_news(customer, phone, outbox):
    customer.log_in(customer.sandbox.login_code(customer.openid)["code"])

    outbox.deliver()

    assert customer.sandbox.messages(phone) == []
    subject = f"user:{person_of(customer).pk}"
    assert not StoredEvent.objects.filter(name="accounts.device.new", aggregate=subject).exists()


def test_ever_new_devices_do_not_cost_a_message_each(customer, phone, elsewhere, outbox):
    for _ in range(7):
        elsewhere()

    outbox.deliver()

    assert len(customer.sandbox.messages(phone)) == 5
    assert LoginRecord.objects.filter(user=person_of(customer), is_new_device=True).count() == 7


def test_of_a_removal_and_a_login_at_once_one_is_first(customer, elsewhere, in_parallel, sandbox):
    for _ in range(5):
        other = elsewhere()
        device = Device.objects.get(device_id=other.device_id)
        code = sandbox.login_code(customer.openid)["code"]
        remove = partial(customer.session.delete, f"{customer.base_url}me/devices/{device.pk}", timeout=40)
        log_in = partial(other.post, "auth/login", {"code": code, "device_id": other.device_id})

        answers = in_parallel([remove, log_in])

        assert [answer.status_code for answer in answers] == [204, 200]
        device.refresh_from_db()
        alive = Session.objects.filter(device=device, revoked_at=None).exists()
        assert alive == (device.removed_at is None)  # a removed device holds no session
