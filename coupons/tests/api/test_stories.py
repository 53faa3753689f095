"""Stories, as the mini-program shows and shares them."""

import pytest
from rest_framework.test import APIClient

from accounts.tests.factories import logged_in
from coupons.models import Story
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.django_db


def test_a_story_is_listed_shared_and_opened_by_somebody_else(django_assert_max_num_queries):
    story = Story.objects.create(
        title="两杯咖啡", text="每天签到", state=AgreedState.LIVE, live_at=clock.now()
    )
    Story.objects.create(title="草稿", text="还没有人看过")
    mine, theirs = (APIClient(headers=logged_in().as_header()) for _each in range(2))
    with django_assert_max_num_queries(3):
        assert [each["title"] for each in mine.get("/api/v1/stories").json()["items"]] == ["两杯咖啡"]

    code = mine.post(f"/api/v1/stories/{story.pk}/share", {}, format="json").json()["code"]
    opened = theirs.post("/api/v1/stories/shared", {"code": code}, format="json")

    assert opened.json()["text"] == "每天签到"
    again = mine.post(f"/api/v1/stories/{story.pk}/share", {}, format="json").json()
    assert (again["code"], again["views"], again["joins"]) == (code, 1, 1)
    assert_error(
        theirs.post("/api/v1/stories/shared", {"code": "no-such-code"}, format="json"), 404, "STORY_NOT_SHOWN"
    )
