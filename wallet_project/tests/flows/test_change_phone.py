"""A customer changes their number: the old one, the PIN and the new one all say yes."""

import pytest

from accounts.models import User
from accounts.models.users import indexes_of_phone
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.committed


@pytest.fixture
def owner(newcomer, new_phone):
    """Somebody with a phone, who then set a PIN: the other way round they would be watched for a day."""
    api = newcomer()
    api.bind_phone(new_phone())
    api.set_pin()
    return api


def owner_of(phone):
    return User.objects.filter(phone_index__in=indexes_of_phone(phone)).first()


def wish_for(api, phone):
    """The new number, with the code that reached it."""
    api.post("me/phone/codes", {"phone": phone}).raise_for_status()
    return {"phone": phone, "code": api.sandbox.sms_code(phone)}


def test_the_old_phone_the_pin_and_the_new_phone_change_the_number(owner, new_phone, settled):
    old, new = owner.phone, new_phone()

    answer = owner.put("me/phone", wish_for(owner, new))

    assert (answer.status_code, answer.json()["phone_masked"]) == (200, f"{new[:3]}****{new[-4:]}")
    assert owner_of(old) is None
    settled()
    assert owner.sandbox.messages(old)[0]["template"] == "phone_changed"
    assert owner.get("me").status_code == 200  # whoever changed it stays


def test_the_answer_that_asks_for_proof_shows_neither_number(owner, new_phone):
    new = new_phone()

    asked = owner._send("PUT", "me/phone", wish_for(owner, new), key=None, grant="")

    detail = assert_error(asked, 428, "STEP_UP_REQUIRED")
    assert "更换手机号" in detail["operation"]
    for phone in (owner.phone, new):
        assert phone not in asked.text
    assert owner_of(owner.phone) is not None
    assert owner_of(new) is None


def test_without_the_new_numbers_code_nothing_changes(owner, new_phone):
    new = new_phone()
    wish = wish_for(owner, new)
    wrong = {**wish, "code": f"{(int(wish['code']) + 1) % 1_000_000:06d}"}

    assert_error(owner.put("me/phone", wrong), 400, "CODE_REFUSED")

    assert owner_of(new) is None
    assert owner_of(owner.phone) is not None


def test_binding_is_no_way_around_changing(owner, new_phone):
    new = new_phone()

    code = owner.sandbox.phone_code(new)["code"]
    assert_error(owner.post("me/phone", {"code": code}), 409, "PHONE_CHANGE_NEEDED")
    sent = wish_for(owner, new)
    assert_error(owner.post("me/phone/sms", sent), 400, "CODE_REFUSED")  # it was sent for a change

    assert owner_of(new) is None


def test_a_lost_phone_is_asked_for_shown_and_taken_back(owner, new_phone, settled):
    new = new_phone()
    wish = {**wish_for(owner, new), "reason": "旧手机丢失，卡已注销"}

    made = owner.post("me/phone/request", wish)

    assert (made.status_code, made.json()["state"]) == (201, "OPEN")
    settled()
    assert owner.sandbox.messages(owner.phone)[0]["template"] == "phone_requested"
    withdrawn = owner._send("DELETE", "me/phone/request", None, key=None, grant="")
    assert withdrawn.json()["state"] == "WITHDRAWN"
    assert owner.get("me/phone/request").json()["request"]["state"] == "WITHDRAWN"
    assert owner_of(new) is None
