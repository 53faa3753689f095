"""Password and code together open the admin, once, and only for a while."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.contrib.auth.hashers import make_password

from accounts.admin.gate import LOGGED_IN_AT
from accounts.models import StaffProfile, User
from accounts.services.staff import end_staff_sessions, hire, reset_password
from accounts.tests.admin.conftest import PASSWORD
from accounts.tests.factories import logged_in
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.testing.browser import Browser

pytestmark = pytest.mark.django_db


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_password_and_code_open_the_door_and_leave_a_trace(colleague):
    assert colleague.knock().headers["Location"] == "/admin/"

    assert colleague.is_in
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor, entry.facts) == (
        "accounts.staff.login",
        f"staff:{colleague.user.pk}",
        {"second_factor": True},
    )


@pytest.mark.parametrize(
    "wrong",
    [{"code": ""}, {"code": "000000"}, {"code": "１２３４５６"}, {"password": "wrong"}, {"code": "é" * 6}],
)
def test_every_wrong_half_is_refused_in_the_same_words(colleague, wrong):
    page = colleague.knock(**wrong)

    assert "登录名、密码或动态码不正确" in page.content.decode()
    assert not colleague.is_in
    assert "accounts.staff.login_failed" in actions()


def test_a_code_works_once(colleague):
    code = colleague.code()
    colleague.knock(code=code)
    colleague.browser = Browser()

    colleague.knock(code=code)

    assert not colleague.is_in


def test_a_recovery_code_works_once_and_is_written_down(colleague):
    spare = colleague.recovery_codes[0]
    colleague.knock(code=spare.lower())
    assert colleague.is_in
    colleague.browser = Browser()

    colleague.knock(code=spare)

    assert not colleague.is_in
    assert actions().count("accounts.second_factor.recovery_code_used") == 1


def test_a_password_without_a_code_reaches_nothing_but_the_set_up(db):
    staff, _password = hire(username="wang", name="王", employee_no="E-9", password=PASSWORD)
    browser = Browser()
    browser.post("/admin/login/", {"username": "wang", "password": PASSWORD})

    assert browser.get("/admin/").headers["Location"] == "/admin/second-factor/"
    assert browser.get("/admin/accounts/user/").headers["Location"] == "/admin/second-factor/"
    assert browser.get("/admin/second-factor/").status_code == 200
    assert staff.last_login is None


def test_five_wrong_tries_lock_that_name_at_that_address_only(colleague):
    for _ in range(4):
        assert colleague.knock(password="wrong").status_code == 200
    locked = colleague.knock(password="wrong")

    assert locked.status_code == 429
    assert "15 分钟" in locked.content.decode()
    assert colleague.knock().status_code == 429
    assert "accounts.staff.locked_out" in actions()

    assert colleague.knock(REMOTE_ADDR="198.51.100.7").status_code == 302
    assert colleague.is_in


def test_wrong_codes_lock_as_wrong_passwords_do(colleague):
    answers = []
    for _ in range(5):
        answers.append(colleague.knock(code="000000").status_code)
        colleague.rest()

    assert answers == [200, 200, 200, 200, 429]
    assert colleague.knock().status_code == 429


def test_guessing_codes_from_many_addresses_gets_slower_and_slower(colleague):
    for tail in range(4):
        colleague.knock(code="000000", REMOTE_ADDR=f"198.51.100.{tail}")
    pause = colleague.authenticator.paused_until - clock.now()

    colleague.knock(REMOTE_ADDR="198.51.100.99")

    assert pause > timedelta(seconds=10)
    assert not colleague.is_in
    colleague.rest()
    colleague.knock()
    assert colleague.is_in


def test_a_customer_with_a_password_is_no_staff(db):
    person = logged_in().user
    User.objects.filter(pk=person.pk).update(username="kunde", password=make_password(PASSWORD))
    browser = Browser()

    page = browser.post("/admin/login/", {"username": "kunde", "password": PASSWORD})

    assert page.status_code == 200
    assert browser.get("/admin/second-factor/").status_code == 302
    assert browser.get("/admin/").status_code == 302


def test_a_mistyped_name_is_not_kept(colleague):
    colleague.browser.post("/admin/login/", {"username": "my secret password", "password": "x"})

    entry = AuditEntry.objects.get(action="accounts.staff.login_failed")
    assert (entry.subject, entry.facts) == ("user:unknown", {})


def test_a_session_ends_after_eight_hours_however_busy(colleague):
    colleague.knock()
    session = colleague.browser.session
    session[LOGGED_IN_AT] = (clock.now() - timedelta(hours=8, seconds=1)).isoformat()
    session.save()

    assert colleague.browser.get("/admin/").headers["Location"] == "/admin/login/"
    assert not colleague.is_in


def test_a_change_of_rights_or_password_ends_every_session(colleague):
    colleague.knock()
    end_staff_sessions(colleague.user.pk)
    assert not colleague.is_in

    colleague.knock(code=colleague.code(steps=1))
    assert colleague.is_in
    reset_password(staff_id=colleague.user.pk)
    assert not colleague.is_in


def test_a_session_always_gets_a_new_key_at_login(colleague):
    colleague.browser.get("/admin/login/")
    session = colleague.browser.session
    session["planted"] = "1"
    session.save()
    planted = session.session_key
    colleague.browser.cookies["sessionid"] = planted

    colleague.knock()

    assert colleague.browser.session.session_key != planted


def test_a_one_time_password_must_be_changed_first_and_to_another(colleague):
    given = reset_password(staff_id=colleague.user.pk)
    colleague.knock(password=given)
    change = {"old_password": given, "new_password1": given, "new_password2": given}

    assert colleague.browser.get("/admin/").headers["Location"] == "/admin/password_change/"
    assert (
        "不能与现在的密码相同" in colleague.browser.post("/admin/password_change/", change).content.decode()
    )
    weak = change | {"new_password1": "12345678901234", "new_password2": "12345678901234"}
    assert colleague.browser.post("/admin/password_change/", weak).status_code == 200
    assert colleague.browser.get("/admin/").status_code == 302

    good = change | {"new_password1": "quite another one", "new_password2": "quite another one"}
    assert colleague.browser.post("/admin/password_change/", good).status_code == 302
    assert colleague.is_in


@pytest.mark.parametrize(("days", "is_in"), [(90, False), (0, True)])
def test_an_old_password_is_changed_where_the_operator_wants_it(colleague, settings, days, is_in):
    settings.ADMIN_PASSWORD_MAX_AGE_DAYS = days
    StaffProfile.objects.update(password_changed_at=clock.now() - timedelta(days=91))

    colleague.knock()

    assert colleague.is_in is is_in


def test_the_admin_opens_only_from_where_the_operator_allows(colleague, settings):
    settings.ADMIN_ALLOWED_NETWORKS = [ip_network("10.0.0.0/8")]

    assert colleague.browser.get("/admin/login/").status_code == 403
    assert colleague.knock().status_code == 403
    assert colleague.browser.get("/admin/login/", REMOTE_ADDR="10.1.2.3").status_code == 200
    assert (
        colleague.browser.get("/admin/login/", HTTP_X_FORWARDED_FOR="10.1.2.3").status_code == 403
    )  # nobody's proxy stands in front here, so the header is hearsay
