"""A WeChat code becomes a session: once per person, whatever happens at the same moment."""

from functools import partial

import pytest

from accounts.errors import WeChatCodeRefused
from accounts.models import Device, RevokeReason, Session, User, WeChatIdentity
from accounts.selectors.sessions import holder_of
from accounts.selectors.users import openid_of, user_by_openid
from accounts.services.login import log_in
from wallet_project.kit.errors import DomainError, NotFound
from wallet_project.kit.models import StoredEvent

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


@pytest.fixture
def openid(sandbox):
    return sandbox.login_code()["openid"]


def registrations_of(user):
    return StoredEvent.objects.filter(name="accounts.user.registered", aggregate=f"user:{user.pk}").count()


def test_the_first_login_registers_and_the_second_finds(sandbox, openid):
    first = log_in(code=sandbox.login_code(openid)["code"], device_id="phone")
    second = log_in(code=sandbox.login_code(openid)["code"], device_id="tablet", device_name="iPad")

    assert (first.is_new, second.is_new) == (True, False)
    assert first.user == second.user == user_by_openid(openid)
    assert openid_of(first.user.pk) == openid
    assert registrations_of(first.user) == 1
    assert holder_of(first.tokens.access_token).device_id == "phone"
    assert holder_of(second.tokens.access_token).device_id == "tablet"


def test_nobody_is_found_by_an_openid_that_nobody_has(openid):
    with pytest.raises(NotFound):
        user_by_openid(openid)


def test_twenty_first_logins_at_once_make_one_user(sandbox, openid, in_parallel):
    codes = [sandbox.login_code(openid)["code"] for _ in range(20)]
    newest = User.objects.latest("pk").pk if User.objects.exists() else 0

    logins = in_parallel(
        [partial(log_in, code=code, device_id=f"d-{number}") for number, code in enumerate(codes)]
    )

    assert [login for login in logins if isinstance(login, Exception)] == []
    assert len({login.user.pk for login in logins}) == 1
    assert sum(login.is_new for login in logins) == 1
    assert WeChatIdentity.objects.filter(openid=openid).count() == 1
    assert registrations_of(logins[0].user) == 1
    assert User.objects.filter(pk__gt=newest).count() == 1  # the losers' users are gone
    for login in logins:
        assert holder_of(login.tokens.access_token).user == login.user


def test_twenty_logins_at_once_on_one_device_leave_one_session(sandbox, openid, in_parallel):
    codes = [sandbox.login_code(openid)["code"] for _ in range(20)]

    logins = in_parallel([partial(log_in, code=code, device_id="same") for code in codes])

    assert [login for login in logins if isinstance(login, Exception)] == []
    assert Device.objects.filter(user=logins[0].user).count() == 1
    assert Session.objects.filter(user=logins[0].user, revoked_at=None).count() == 1
    assert Session.objects.filter(user=logins[0].user, revoke_reason=RevokeReason.REPLACED).count() == 19
    alive = [login for login in logins if _works(login.tokens.access_token)]
    assert len(alive) == 1


def test_one_code_at_once_from_twenty_places_logs_one_in(sandbox, openid, in_parallel):
    code = sandbox.login_code(openid)["code"]

    outcomes = in_parallel([partial(log_in, code=code, device_id=f"d-{number}") for number in range(20)])

    refused = [outcome for outcome in outcomes if isinstance(outcome, WeChatCodeRefused)]
    assert len(refused) == 19
    assert Session.objects.filter(user=user_by_openid(openid)).count() == 1


def _works(token):
    try:
        return bool(holder_of(token))
    except DomainError:
        return False
