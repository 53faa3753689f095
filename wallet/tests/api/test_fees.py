"""The fees are for everybody to read, before anybody logs in: as JSON, and on a page."""

from datetime import timedelta

import pytest

from wallet.rules.kinds import MoveKind
from wallet.tests.factories import make_schedule
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db

FIRST = "金额的 0.1%，最低 ¥0.10，最高 ¥25.00，每月 ¥1,000.00 以内免费"


@pytest.fixture
def changes():
    """Withdrawals became cheaper a moment ago; paying will cost something in a week."""
    make_schedule("withdraw", rate=5)
    make_schedule("pay", flat=1_00, effective_from=clock.now() + timedelta(days=7))


def test_everything_has_its_price(client):
    fees = client.get("/api/v1/fees").json()

    assert [fee["kind"] for fee in fees["in_force"]] == MoveKind.values
    assert {fee["kind"]: fee["text"] for fee in fees["in_force"]} == {
        **dict.fromkeys(MoveKind.values, "免费"),
        "withdraw": FIRST,
    }
    [withdrawal] = [fee for fee in fees["in_force"] if fee["kind"] == "withdraw"]
    assert withdrawal == {
        "kind": "withdraw",
        "kind_name": "提现",
        "tier": "",
        "version": 1,
        "text": FIRST,
        "flat": 0,
        "rate": 10,
        "least": 10,
        "most": 25_00,
        "free_amount": 1_000_00,
        "free_moves": 0,
        "published_at": "2025-12-25T00:00:00+08:00",
        "effective_from": "2026-01-01T00:00:00+08:00",
        "effective_until": None,
    }
    assert (fees["coming"], fees["past"]) == ([], [])


def test_what_is_coming_and_what_was_is_told_as_well(client, changes):
    fees = client.get("/api/v1/fees").json()

    [coming], [past] = fees["coming"], fees["past"]
    assert (coming["kind"], coming["text"], coming["version"]) == ("pay", "每笔 ¥1.00", 2)
    assert (past["kind"], past["text"], past["version"]) == ("withdraw", FIRST, 1)
    now = {fee["kind"]: fee for fee in fees["in_force"]}
    assert now["withdraw"]["effective_from"] == past["effective_until"]
    assert now["pay"]["effective_until"] == coming["effective_from"]


def test_who_set_a_fee_is_nobodys_business(client):
    make_schedule("pay", proposed_by=1234567, approved_by=7654321)

    for path in ("/api/v1/fees", "/fees"):
        text = client.get(path).content.decode()
        assert "1234567" not in text
        assert "7654321" not in text


def test_an_old_token_keeps_nobody_from_reading(client):
    assert client.get("/api/v1/fees", headers={"Authorization": "Bearer old"}).status_code == 200


def test_reading_costs_one_query_however_long_the_history_is(client, changes, django_assert_num_queries):
    for rate in range(20):
        make_schedule("withdraw", rate=rate)

    for path in ("/api/v1/fees", "/fees"):
        with django_assert_num_queries(1):
            client.get(path)


class TestThePage:
    def test_says_what_is_charged_what_will_be_and_what_was(self, client, changes):
        answer = client.get("/fees")

        page = answer.content.decode()
        assert answer.status_code == 200
        for words in ("金额的 0.05%", "即将生效", "每笔 ¥1.00", "历史", FIRST, "¥50,000.00", "¥25.00"):
            assert words in page
        assert page.index("金额的 0.05%") < page.index("即将生效") < page.index("历史")
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert "<script" not in page
        assert " style=" not in page

    def test_leaves_out_what_there_is_not(self, client):
        page = client.get("/fees").content.decode()

        assert "即将生效" not in page
        assert "历史" not in page

    def test_is_chinese_first_for_everybody(self, client):
        pages = {
            client.get("/fees", headers={"Accept-Language": language}).content for language in ("zh", "en")
        }

        assert len(pages) == 1
        assert "提现" in pages.pop().decode()

    def test_is_only_read(self, client):
        assert client.post("/fees").status_code == 405
