"""One person with two accounts makes one of them, and nothing is lost."""

import pytest

from accounts.models import User, UserStatus, WeChatIdentity
from accounts.selectors.security_facts import cooldown_of
from accounts.selectors.users import user_by_openid
from wallet.selectors.balances import balance_of
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.kit.testing.wire import Api

pytestmark = pytest.mark.committed


@pytest.fixture
def by_phone(web_server, sandbox, new_phone, settled):
    """Somebody who came by phone alone; their number is on the api."""
    api = Api(web_server, sandbox)
    api.phone = new_phone()
    enter(api)
    settled()
    return api


def enter(api):
    """Log in by phone."""
    api.post("auth/codes", {"phone": api.phone, "device_id": api.device_id}).raise_for_status()
    wish = {
        "phone": api.phone,
        "code": api.sandbox.sms_code(api.phone),
        "device_id": api.device_id,
        "agreements": api.agreements(),
    }
    answer = api.post("auth/phone", wish)
    answer.raise_for_status()
    api.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def person(api):
    return User.objects.get(uid=api.get("me").json()["uid"])


def bind(api, phone):
    return api.post("me/phone", {"code": api.sandbox.phone_code(phone)["code"]})


def link(api, openid):
    return api.post("me/wechat", {"code": api.sandbox.login_code(openid)["code"]})


def merges(user):
    return StoredEvent.objects.filter(name="accounts.user.merged", aggregate=f"user:{user.pk}").count()


def test_a_new_wechat_becomes_part_of_an_account_made_by_phone(by_phone, sandbox):
    me, openid = person(by_phone), sandbox.login_code()["openid"]

    assert link(by_phone, openid).json()["uid"] == str(me.uid)
    assert link(by_phone, openid).status_code == 200  # the same again changes nothing

    assert user_by_openid(openid) == me
    assert cooldown_of(me.pk, now=clock.now()).reason == "WECHAT_LINKED"
    by_phone.log_in(sandbox.login_code(openid)["code"])
    assert person(by_phone) == me
    assert_error(link(by_phone, sandbox.login_code()["openid"]), 409, "WECHAT_ALREADY_LINKED")


def test_who_ordered_by_phone_stays_and_the_empty_wechat_joins_them(by_phone, customer, place_order, settled):
    rich, empty = person(by_phone), person(customer)
    number = place_order(by_phone, 900)
    settled()

    answer = bind(customer, by_phone.phone)

    assert answer.json()["uid"] == str(rich.uid)
    settled()
    gone = User.objects.get(pk=empty.pk)
    assert (gone.status, gone.phone) == (UserStatus.CLOSED, None)
    assert merges(rich) == 1
    assert user_by_openid(customer.openid) == rich
    for api in (customer, by_phone):
        assert_error(api.get("me"), 401, "TOKEN_INVALID")
    customer.log_in(customer.sandbox.login_code(customer.openid)["code"])
    assert person(customer) == rich
    assert customer.get(f"orders/{number}").status_code == 200
    assert cooldown_of(rich.pk, now=clock.now()).reason == "MERGED"
    subjects = AuditEntry.objects.filter(action="accounts.user.merged", facts__kept=rich.pk)
    assert set(subjects.values_list("subject", flat=True)) == {f"user:{rich.pk}", f"user:{empty.pk}"}


def test_the_money_by_wechat_stays_and_the_empty_phone_joins_it(by_phone, customer, top_up, settled):
    rich, empty = person(customer), person(by_phone)
    settled()
    top_up(customer, 1_000)

    answer = link(by_phone, customer.openid)

    assert answer.json()["uid"] == str(rich.uid)
    settled()
    assert User.objects.get(pk=rich.pk).phone == by_phone.phone
    assert User.objects.get(pk=empty.pk).status == UserStatus.CLOSED
    assert balance_of(rich.pk).total == 1_000
    enter(by_phone)
    assert person(by_phone) == rich


def test_where_both_hold_something_nothing_moves_and_the_way_out_is_told(
    by_phone, customer, top_up, place_order, settled
):
    here, there = person(by_phone), person(customer)
    settled()
    place_order(by_phone, 900)
    top_up(customer, 1_000)

    assert_error(bind(customer, by_phone.phone), 409, "PHONE_ALREADY_BOUND")
    assert_error(link(by_phone, customer.openid), 409, "WECHAT_BELONGS_TO_ANOTHER")

    assert {User.objects.get(pk=user.pk).status for user in (here, there)} == {UserStatus.ACTIVE}
    assert (person(by_phone), balance_of(there.pk).total) == (here, 1_000)
    assert merges(here) == merges(there) == 0


def test_an_account_whose_orders_are_all_paid_is_not_given_up(by_phone, customer, place_order, pay, settled):
    with_past = person(customer)
    number = place_order(customer, 900)
    customer.confirm(pay(customer, number, "wechat")["pay_params"])
    settled()

    answer = bind(customer, by_phone.phone)

    assert answer.json()["uid"] == str(with_past.uid)  # though the phone's account would go on otherwise
    enter(by_phone)
    assert person(by_phone) == with_past
    assert by_phone.get(f"orders/{number}").json()["state"] == "PAID"


def test_a_number_of_somebody_with_a_wechat_of_their_own_stays_theirs(customer, new_customer, new_phone):
    other, phone = new_customer(), new_phone()
    other.bind_phone(phone)

    assert_error(bind(customer, phone), 409, "PHONE_ALREADY_BOUND")

    assert person(other).phone == phone
    assert {person(api).status for api in (customer, other)} == {UserStatus.ACTIVE}


def test_both_merge_at_once_and_one_account_is_left(by_phone, customer, in_parallel, settled):
    settled()
    one, other = person(by_phone), person(customer)

    in_parallel([lambda: bind(customer, by_phone.phone), lambda: link(by_phone, customer.openid)] * 4)

    settled()
    users = User.objects.filter(pk__in=[one.pk, other.pk])
    assert sorted(users.values_list("status", flat=True)) == ["ACTIVE", "CLOSED"]
    left = users.get(status="ACTIVE")
    assert left.phone == by_phone.phone
    assert WeChatIdentity.objects.get(openid=customer.openid).user == left
    assert merges(left) == 1
