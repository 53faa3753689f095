"""What a client is told before it shows anything, and which clients are too old to act."""

import pytest
from django.core.cache import caches

from accounts.tests.factories import logged_in
from wallet_project.flags.models import Feature, Flag
from wallet_project.kit.api.client_version import parts_of
from wallet_project.notifications.models import SubscribeTemplate

pytestmark = pytest.mark.django_db

CONFIG = "/api/v1/config"


def test_a_stranger_learns_what_is_on_in_a_few_questions(client, django_assert_num_queries):
    SubscribeTemplate.objects.filter(code="money").update(template_id="a-template-of-wechat")
    with django_assert_num_queries(4):  # flags, agreements, calendars, templates
        answer = client.get(CONFIG)

    told = answer.json()
    assert told["features"] == dict.fromkeys(Feature.values, True)
    assert told["limits"]["transfer_remark"] == 50
    assert {"kind": "PRIVACY", "version": 1}.items() <= told["agreements"][1].items()
    assert told["client"] == {"minimum": "", "latest": "", "message": ""}
    assert "–" in told["service_hours"][0]["words"]
    assert told["subscribe_templates"] == [{"template_id": "a-template-of-wechat", "title": "账户变动提醒"}]
    assert answer["Cache-Control"] == "public, max-age=60"
    assert {"Authorization", "Accept-Language"} <= set(answer["Vary"].split(", "))


def test_somebody_known_learns_what_is_open_to_them(client):
    somebody = logged_in()
    Flag.objects.filter(name=Feature.LIVE_CHAT).update(everyone=None, people=[somebody.user.pk])
    caches["flags"].clear()

    theirs = client.get(CONFIG, headers=somebody.as_header())

    assert theirs.json()["features"]["live_chat"] is True
    assert theirs["Cache-Control"] == "private, max-age=60"
    assert client.get(CONFIG).json()["features"]["live_chat"] is False


@pytest.mark.parametrize(
    ("version", "is_served"),
    [("1.3.9", False), ("1.4", True), ("1.10.0", True), ("devtools", True), ("", True), ("1.4.-1", True)],
)
def test_who_is_too_old_may_look_and_nothing_else(client, settings, version, is_served):
    settings.CLIENT = {"minimum": "1.4.0", "latest": "1.10.0", "message": ""}
    somebody = logged_in()
    known = {**somebody.as_header(), **({"Client-Version": version} if version else {})}

    looked = client.get("/api/v1/me", headers=known)
    acted = client.post("/api/v1/me/sessions/revoke-others", headers=known)

    assert looked.status_code == 200
    assert (acted.status_code < 300) is is_served
    if not is_served:
        assert acted.status_code == 426
        assert acted.json()["code"] == "CLIENT_TOO_OLD"
        assert acted.json()["detail"] == {"minimum": "1.4.0", "latest": "1.10.0"}


def test_versions_are_compared_number_by_number():
    assert parts_of("1.9") < parts_of("1.10") < parts_of("2")
    assert parts_of("1.4") == parts_of("1.4.0")
