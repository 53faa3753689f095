"""What people write is text, wherever it is shown, searched or stored."""

import re
from itertools import cycle

import pytest
from celery import current_app
from django.conf import settings
from django.contrib import admin
from django.urls import reverse

from accounts.models import Device, User
from payments.models import Order, Store
from wallet.models import MoneyRequest, RedPacket, Split, Transfer
from wallet_project.compliance.models import Checklist, Finding, Licence, RiskAssessment
from wallet_project.kit import context
from wallet_project.kit.testing.browser import Browser
from wallet_project.tests.town import furnish

pytestmark = pytest.mark.usefixtures("town", "db_again")

PAYLOAD = '"><img src=x onerror=a()>{{7*7}}'
WRITTEN = {
    User: ("nickname",),
    Device: ("name",),
    Store: ("name", "address"),
    Order: ("title",),
    Transfer: ("remark",),
    MoneyRequest: ("remark",),
    Split: ("title",),
    RedPacket: ("greeting",),
    Licence: ("name", "scope"),
    Checklist: ("title",),
    RiskAssessment: ("title", "scope", "measures"),
    Finding: ("title", "place"),
}
PAGES = sorted(admin.site._registry, key=lambda model: model._meta.label)
SEARCHES = ("' OR '1'='1\"; DROP TABLE accounts_user; -- (((a+)+)+)+$", "%_%_%", "a" * 5000)


@pytest.fixture(scope="module")
def town(module_db):
    with context.acting():
        furnish()


@pytest.fixture
def desk():
    browser = Browser()
    browser.force_login(User.objects.create_superuser("he", "a long enough password"))
    return browser


def address(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_what_people_wrote_runs_on_no_page_of_the_admin(desk):
    for model, columns in WRITTEN.items():
        row = model.objects.latest("pk")
        fits = {column: PAYLOAD[: model._meta.get_field(column).max_length] for column in columns}
        model.objects.filter(pk=row.pk).update(**fits)

    shown = 0
    for model in PAGES:
        row = model._base_manager.latest("pk")
        for page in (address(model), address(model, "change", row.pk)):
            text = desk.get(page).content.decode()
            assert "<img src=x" not in text, page
            shown += "&lt;img src=x onerror=a()&gt;{{7*7}}" in text

    assert shown >= 10


def test_a_search_is_only_a_search(desk):
    searched = [model for model in PAGES if admin.site._registry[model].search_fields]

    assert len(searched) > 10
    for model, search in [
        *((model, SEARCHES[0]) for model in searched),
        *((User, each) for each in SEARCHES),
    ]:
        found = desk.get(address(model), {"q": search})
        assert found.status_code == 200, (model, search)
        assert list(found.context["cl"].queryset) == [], (model, search)
    assert User.objects.exists()


def test_a_list_cannot_be_asked_about_what_it_does_not_offer(desk, rf):
    """Otherwise whoever sees a list could guess a hidden column letter by letter."""
    for model in PAGES:
        page = admin.site._registry[model]
        columns = [field.name for field in model._meta.concrete_fields if not field.is_relation]
        filters = [each for each in page.list_filter if isinstance(each, str | tuple)]
        offered = {each if isinstance(each, str) else each[0] for each in filters}
        for name in set(columns) - offered:
            for lookup in (name, f"{name}__startswith", f"{name}__gte"):
                assert not page.lookup_allowed(lookup, "1", rf.get("/")), (model, lookup)

    for lookup in ("password__startswith", "phone_index", "wechat_identities__openid__startswith"):
        assert desk.get(address(User), {lookup: "argon2"}).status_code == 400, lookup


def test_a_list_with_nonsense_in_its_address_does_not_break(desk):
    nonsense = cycle(({"o": "99.-1.x"}, {"p": "999999999"}, {"_to_field": "password"}, {"q": "\0"}))
    for model, query in zip(PAGES, nonsense, strict=False):
        assert desk.get(address(model), query).status_code in {200, 302, 400}, (model, query)


def test_messages_sessions_and_caches_are_read_as_plain_values():
    assert current_app.conf.accept_content == ["json"]
    assert current_app.conf.task_serializer == "json"
    assert re.search("JSON", settings.SESSION_SERIALIZER)
    assert settings.CACHES["default"]["OPTIONS"]["serializer"].endswith("PlainValues")
