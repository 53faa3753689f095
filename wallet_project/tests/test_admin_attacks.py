"""What somebody with half a login, or with the wrong role, tries in the admin."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services.staff import hire
from wallet_project.kit import context
from wallet_project.kit.testing.browser import Browser
from wallet_project.staff import ADMINISTRATORS, AUDITORS, ROLES, make_groups
from wallet_project.tests.architecture.test_routes import ADMIN, admin_path
from wallet_project.tests.town import furnish

pytestmark = pytest.mark.usefixtures("town", "db_again")

PASSWORD = "three unusual words"
OWN = {"/admin/second-factor/"}
MONEY = {"wallet", "payments", "audit", "approvals"}


@pytest.fixture(scope="module")
def town(module_db):
    with context.acting():
        furnish()


def sit_down(role: str) -> Browser:
    staff, _password = hire(username="li", name="李", employee_no="E-1", password=PASSWORD)
    staff.groups.add(make_groups()[role])
    browser = Browser()
    browser.force_login(staff)
    return browser


def test_a_password_alone_reaches_no_page_with_no_method():
    staff = User.objects.create_superuser("chen", PASSWORD)
    browser = Browser()
    browser.log_in_by_password(staff)

    pages = [route for route in ADMIN if route.path not in OWN]
    # Whoever looks at the second factor looks at no method: the rarer ones are tried here and there.
    for method, tried in (("GET", pages), ("POST", pages), ("PUT", pages[::10]), ("DELETE", pages[5::10])):
        let_in = {
            route.path: answer.status_code
            for route in tried
            if (answer := browser.generic(method, admin_path(route))).headers.get("Location")
            != "/admin/second-factor/"
        }
        assert let_in == {}


def test_auditors_look_and_administrators_do_not():
    groups = make_groups()
    held = {
        name: set(group.permissions.values_list("content_type__app_label", "codename"))
        for name, group in groups.items()
    }

    assert all(codename.startswith("view_") for _app, codename in held[AUDITORS])
    assert {app for app, _codename in held[ADMINISTRATORS]} <= {
        "accounts",
        "analytics",
        "approvals",
        "compliance",
        "flags",
        "kit",
    }
    of_accounts = {codename for app, codename in held[ADMINISTRATORS] if app == "accounts"}
    assert of_accounts == {
        "view_staffmember",
        "add_staffmember",
        "change_staffmember",
        "approve_staff_change",
    }
    for name in ROLES:
        assert not {("accounts", "change_user"), ("auth", "change_group")} & held[name]
        assert not any(codename.startswith("delete_") for app, codename in held[name] if app in MONEY)


@pytest.mark.parametrize("role", [*ROLES, AUDITORS])
def test_an_action_is_refused_to_whoever_is_not_offered_it(role):
    browser = sit_down(role)

    acting = {model: page for model, page in admin.site._registry.items() if page.actions_detail}
    assert len(acting) > 20
    for model, page in acting.items():
        row = page.get_queryset(None).order_by("-pk").first()
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        shown = browser.get(reverse(f"{base}_change", args=[row.pk]))
        for name in page.actions_detail:
            address = reverse(f"{base}_{name}", args=[row.pk])
            offered = shown.status_code == 200 and address in shown.content.decode()
            if not offered:
                assert browser.post(address, {"_form_submitted": "True"}).status_code == 403, address


def test_lists_are_not_searched_by_what_they_do_not_show():
    browser = sit_down("客服")
    people = reverse("admin:accounts_user_changelist")

    for question in ("password__startswith=a", "phone_sealed__isnull=0", "groups__name=x", "is_superuser=1"):
        answer = browser.get(f"{people}?{question}")
        assert answer.status_code == 400, question
    assert browser.get(f"{people}?status__exact=ACTIVE").status_code == 200
    assert browser.get(f"{people}?_to_field=password").status_code == 400
    assert browser.get("/admin/auth/group/").status_code == 404


def test_the_history_of_a_row_is_for_those_who_may_see_the_row():
    browser = sit_down("客服")
    staff = User.objects.filter(is_staff=True).first()

    assert browser.get(reverse("admin:accounts_staffmember_history", args=[staff.pk])).status_code == 403
    assert browser.get(f"/admin/accounts/staffmember/{staff.pk}/change/?_popup=1").status_code == 403


def test_no_page_is_framed_cached_or_posted_to_from_elsewhere():
    careful = Client(enforce_csrf_checks=True)
    browser = sit_down("运营")

    page = browser.get("/admin/")
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "no-store" in page.headers["Cache-Control"]
    assert "HttpOnly" in str(browser.cookies["sessionid"])
    assert "SameSite=Lax" in str(browser.cookies["sessionid"])
    for path in ("/admin/login/", "/admin/second-factor/", "/admin/logout/"):
        assert careful.post(path, {}).status_code == 403


def test_a_right_that_was_taken_is_gone_at_the_next_click():
    browser = sit_down("财务")
    assert browser.get(reverse("admin:wallet_journal_changelist")).status_code == 200

    Permission.objects.get(codename="view_journal").group_set.clear()

    assert browser.get(reverse("admin:wallet_journal_changelist")).status_code == 403
