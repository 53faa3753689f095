"""Setting up the authenticator, replacing it, and what a thief of the session may not do."""

import base64
import re

import pytest
from django.db import transaction

from accounts.models import Authenticator
from accounts.rules.one_time_codes import code_at, step_at, step_of_code
from accounts.services.second_factors import begin_set_up, remove_second_factor
from accounts.services.staff import hire
from accounts.tests.admin.conftest import PASSWORD, Colleague
from wallet_project.kit import clock
from wallet_project.kit.testing.browser import Browser

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/second-factor/"


@pytest.fixture
def newcomer(db):
    staff, _password = hire(username="wang", name="王", employee_no="E-9", password=PASSWORD)
    browser = Browser()
    browser.post("/admin/login/", {"username": "wang", "password": PASSWORD})
    return staff, browser


def secret_on(page: str) -> bytes:
    shown = re.search(r'select-all">([A-Z2-7 ]+)<', page)
    return base64.b32decode(shown[1].replace(" ", ""))


def test_rfc_6238_says_so():
    secret = b"12345678901234567890"

    assert code_at(secret, 59 // 30) == "287082"
    assert code_at(secret, 1111111109 // 30) == "081804"


def test_a_clock_may_differ_by_one_step_and_a_code_is_not_taken_again():
    secret, now = b"12345678901234567890", clock.now()
    step = step_at(now)

    near = [
        step_of_code(secret=secret, code=code_at(secret, step + off), at=now, after=-1)
        for off in range(-2, 3)
    ]

    assert near == [None, step - 1, step, step + 1, None]
    assert step_of_code(secret=secret, code=code_at(secret, step), at=now, after=step) is None


def test_a_newcomer_scans_types_and_is_in_with_ten_codes_shown_once(newcomer):
    staff, browser = newcomer
    page = browser.get(ADDRESS).content.decode()
    secret = secret_on(page)
    assert "<svg" in page
    assert secret_on(browser.get(ADDRESS).content.decode()) == secret

    assert "不正确" in browser.post(ADDRESS, {"code": "000000"}).content.decode()
    assert browser.get("/admin/").status_code == 302
    answer = browser.post(ADDRESS, {"code": code_at(secret, step_at(clock.now()))})

    codes = re.findall(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}", answer.content.decode())
    assert len(set(codes)) == 10
    assert "no-store" in answer.headers["Cache-Control"]
    assert browser.get("/admin/").status_code == 200
    assert "10 个恢复码" in browser.get(ADDRESS).content.decode()
    assert secret not in bytes(Authenticator.objects.get(user=staff).secret_sealed)


def test_replacing_it_needs_a_code_and_the_old_one_counts_until_then(colleague):
    colleague.knock()
    begin = {"wish": "replace", "code": "000000"}
    assert "不正确" in colleague.browser.post(ADDRESS, begin).content.decode()

    colleague.browser.post(ADDRESS, begin | {"code": colleague.code(steps=1)})
    secret = secret_on(colleague.browser.get(ADDRESS).content.decode())
    assert colleague.is_in
    colleague.browser.post(ADDRESS, {"code": code_at(secret, step_at(clock.now()))})

    assert colleague.is_in
    assert Authenticator.objects.filter(user=colleague.user).count() == 1
    colleague.browser = Browser()
    colleague.knock(code=colleague.recovery_codes[3])
    assert not colleague.is_in
    colleague.secret = secret
    colleague.knock(code=colleague.code(steps=1))
    assert colleague.is_in


def test_who_changes_their_mind_keeps_the_old_one(colleague):
    colleague.knock()
    colleague.browser.post(ADDRESS, {"wish": "replace", "code": colleague.code(steps=1)})

    colleague.browser.post(ADDRESS, {"wish": "cancel"})

    assert "个恢复码没有用过" in colleague.browser.get(ADDRESS).content.decode()


def test_new_recovery_codes_make_the_old_ones_worthless(colleague):
    colleague.knock()
    page = colleague.browser.post(ADDRESS, {"wish": "renew", "code": colleague.code(steps=1)})
    assert colleague.recovery_codes[0] not in page.content.decode()
    colleague.browser = Browser()

    colleague.knock(code=colleague.recovery_codes[0])

    assert not colleague.is_in


def test_taking_it_away_ends_what_it_opened(colleague):
    colleague.knock()

    with transaction.atomic():
        remove_second_factor(staff_id=colleague.user.pk)

    assert colleague.browser.get("/admin/").headers["Location"] == ADDRESS


def test_somebody_elses_authenticator_opens_nothing(colleague):
    other = Colleague("mo")

    colleague.knock(code=other.code())

    assert not colleague.is_in
    begin_set_up(staff_id=other.user.pk)
    assert other.authenticator.failures == 0
