"""Logging in with a phone, as a mini-program sees it."""

import pytest

from accounts.models import Device, LoginRecord, Session, User, VerificationCode
from accounts.models.users import indexes_of_phone
from accounts.services.freezing import freeze_user
from accounts.services.phones import bind_phone
from accounts.tests.factories import logged_in
from wallet_project.kit.models import StoredEvent
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.kit.testing.wire import Api

pytestmark = pytest.mark.committed


@pytest.fixture
def stranger(web_server, sandbox, committed_db):
    """A mini-program that has not logged in."""
    return Api(web_server, sandbox)


@pytest.fixture
def owner(new_phone, sandbox, committed_db):
    """Somebody whose phone is bound."""
    person = logged_in()
    return bind_phone(user_id=person.user.pk, code=sandbox.phone_code(new_phone())["code"])


def ask(api, phone):
    return api.post("auth/codes", {"phone": phone, "device_id": api.device_id})


def come_in(api, phone, **changed):
    wish = {"phone": phone, "code": api.sandbox.sms_code(phone), "device_id": api.device_id}
    return api.post("auth/phone", wish | changed)


def owner_of(phone):
    return User.objects.get(phone_index__in=indexes_of_phone(phone))


def test_a_new_phone_registers_and_an_old_one_comes_back(stranger, new_phone):
    phone = new_phone()

    asked = ask(stranger, phone)
    first = come_in(stranger, phone, device_name="小红的手机", platform="android")
    ask(stranger, phone)
    second = come_in(stranger, phone)

    assert asked.json() == {
        "phone_masked": f"{phone[:3]}****{phone[-4:]}",
        "expires_in": 300,
        "resend_in": asked.json()["resend_in"],
    }
    assert [answer.json()["user"]["is_new"] for answer in (first, second)] == [True, False]
    user = owner_of(phone)
    assert first.json()["user"]["uid"] == second.json()["user"]["uid"] == str(user.uid)
    assert first.json()["user"]["phone_masked"] == f"{phone[:3]}****{phone[-4:]}"
    names = StoredEvent.objects.filter(aggregate=f"user:{user.pk}").order_by("pk")
    assert list(names.values_list("name", flat=True)) == [
        "accounts.user.registered",
        "accounts.phone.bound",
        "accounts.user.signed_in",
        "accounts.user.signed_in",
    ]
    assert Session.objects.filter(user=user, revoked_at=None).count() == 1


def test_a_phone_that_was_bound_by_wechat_finds_its_owner(stranger, owner):
    ask(stranger, f"+86 {owner.phone}")

    answer = come_in(stranger, owner.phone)

    assert answer.json()["user"]["uid"] == str(owner.uid)


@pytest.mark.parametrize("known", [True, False])
def test_asking_for_a_code_tells_nothing_of_who_has_an_account(stranger, owner, new_phone, known):
    phone = owner.phone if known else new_phone()

    answer = ask(stranger, phone)

    assert answer.status_code == 200
    assert {name: value for name, value in answer.json().items() if name != "phone_masked"} == {
        "expires_in": 300,
        "resend_in": answer.json()["resend_in"],
    }
    assert len(stranger.sandbox.messages(phone)) == 1


def test_a_wrong_code_is_refused_alike_whether_or_not_the_phone_has_an_account(stranger, owner, new_phone):
    newest = User.objects.latest("pk").pk
    refusals = []
    for phone in (owner.phone, new_phone()):
        ask(stranger, phone)
        wrong = f"{(int(stranger.sandbox.sms_code(phone)) + 1) % 1_000_000:06d}"
        answer = come_in(stranger, phone, code=wrong)
        assert_error(answer, 400, "CODE_REFUSED")
        refusals.append({**answer.json(), "request_id": ""})

    assert refusals[0] == refusals[1]
    assert not User.objects.filter(pk__gt=newest).exists()
    assert not Device.objects.filter(device_id=stranger.device_id).exists()


def test_a_code_works_once(stranger, new_phone):
    phone = new_phone()
    ask(stranger, phone)
    come_in(stranger, phone)

    assert_error(come_in(stranger, phone), 400, "CODE_REFUSED")

    assert Session.objects.filter(user=owner_of(phone)).count() == 1


def test_twenty_first_logins_with_one_code_make_one_user(stranger, new_phone, in_parallel):
    phone = new_phone()
    ask(stranger, phone)
    code = stranger.sandbox.sms_code(phone)

    answers = in_parallel([lambda: come_in(stranger, phone, code=code)] * 20)

    assert sorted(answer.status_code for answer in answers) == [200, *[400] * 19]
    assert Session.objects.filter(user=owner_of(phone)).count() == 1


def test_a_frozen_owner_is_told_so_and_finds_the_try_in_their_history(stranger, owner):
    freeze_user(user_id=owner.pk, reason="盗号申诉")
    ask(stranger, owner.phone)

    answer = come_in(stranger, owner.phone)

    assert_error(answer, 403, "ACCOUNT_FROZEN")
    assert not Device.objects.filter(device_id=stranger.device_id).exists()
    record = LoginRecord.objects.filter(user=owner).latest("pk")
    assert (record.outcome, record.method, record.device_id) == ("REFUSED", "PHONE", stranger.device_id)


@pytest.mark.parametrize(
    "change",
    [
        {"phone": "12345678901"},
        {"phone": 13800138000},
        {"phone": "138001380００\u202e"},
        {"phone": None},
        {"device_id": "a b"},
        {"user_id": 1},
        {"purpose": "STEP_UP"},
    ],
    ids=str,
)
def test_a_wish_for_a_code_that_is_not_as_described_sends_nothing(stranger, new_phone, change):
    before = VerificationCode.objects.latest("pk").pk if VerificationCode.objects.exists() else 0

    answer = stranger.post("auth/codes", {"phone": new_phone(), "device_id": stranger.device_id} | change)

    assert set(assert_error(answer, 400, "INVALID_INPUT")["fields"]) == set(change)
    assert not VerificationCode.objects.filter(pk__gt=before).exists()


@pytest.mark.parametrize("code", ["12345", "1234567", "１２３４５６", 123456, "12 456", None])
def test_a_code_is_six_digits_in_a_string(stranger, new_phone, code):
    answer = stranger.post(
        "auth/phone", {"phone": new_phone(), "code": code, "device_id": stranger.device_id}
    )

    assert set(assert_error(answer, 400, "INVALID_INPUT")["fields"]) == {"code"}


def test_when_no_message_can_be_sent_that_is_said(stranger, new_phone):
    stranger.sandbox.fault("error_before", path="/sms", times=1)

    answer = ask(stranger, new_phone())

    assert_error(answer, 503, "SMS_UNAVAILABLE")
    assert int(answer.headers["Retry-After"]) > 0
