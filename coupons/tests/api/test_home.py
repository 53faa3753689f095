"""What the mini-program shows first."""

import pytest
from rest_framework.test import APIClient

from accounts.tests.factories import logged_in
from coupons.models import Exposure, RecommendationClick

pytestmark = pytest.mark.django_db


def test_home_shows_what_it_knows_and_my_choice_is_kept(django_assert_max_num_queries):
    login = logged_in()
    api = APIClient(headers=login.as_header())

    # 1 session, 10 recommendations, 2 exposure, 1 campaigns
    with django_assert_max_num_queries(15):
        home = api.get("/api/v1/home").json()
    clicked = api.post("/api/v1/recommendations/clicks", {"key": "tier"}, format="json")

    assert (home["tier"]["code"], home["next_tier"]["code"], home["missing"]) == ("member", "silver", 1_000)
    assert home["expiring"] == {"coupons": 0, "points": 0, "bonus": 0}
    assert home["wants_personal"] is True
    assert clicked.status_code == 204
    assert Exposure.objects.filter(user=login.user).count() == 1
    assert RecommendationClick.objects.get(user=login.user).key == "tier"

    off = api.put("/api/v1/recommendations/settings", {"is_on": False}, format="json")
    home = api.get("/api/v1/home").json()

    assert off.json() == api.get("/api/v1/recommendations/settings").json() == {"is_on": False}
    assert (home["is_personal"], home["wants_personal"], home["recommendations"]) == (False, False, [])
    assert not Exposure.objects.filter(user=login.user).exists()
