"""Categories, analysis and budgets, as the mini-program sees them."""

import pytest

from accounts.models import WeChatIdentity
from wallet.models import Budget, RecordCategory, TaughtRule
from wallet.services.wallets import open_wallet
from wallet.tests.factories import make_wallet
from wallet.tests.histories import add_line, category_of
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.committed

FOOD = {"code": "food", "name": "餐饮", "symbol": "🍜"}


@pytest.fixture
def wallet(customer):
    return open_wallet(user_id=WeChatIdentity.objects.get(openid=customer.openid).user_id)


def test_the_categories_on_offer_come_in_their_order(customer):
    shown = customer.get("wallet/categories").json()["items"]

    assert shown[0] == FOOD
    assert "own_money" not in {category["code"] for category in shown}
    customer.session.headers["Accept-Language"] = "en"
    assert customer.get("wallet/categories").json()["items"][0]["name"] == "Food and drink"


def test_a_line_shows_its_category_and_who_decided_so(customer, wallet):
    record = add_line(wallet, 100, title="社区超市", store="renmin")

    [line] = customer.get("wallet/records").json()["items"]
    assert (line["category"]["code"], line["filed_by"]) == ("shopping", "rule")

    answer = customer.put(f"wallet/records/{record.pk}/category", {"category": "food", "for_later": True})

    body = answer.json()
    assert (answer.status_code, body["record"]["id"]) == (200, str(record.pk))
    assert (body["record"]["category"], body["record"]["filed_by"]) == (FOOD, "owner")
    assert (body["taught"]["shown"], body["taught"]["category"]) == ("renmin店", FOOD)
    assert customer.get("wallet/category-rules").json()["items"] == [body["taught"]]
    once = customer.put(f"wallet/records/{record.pk}/category", {"category": "leisure"}).json()
    assert (once["record"]["category"]["code"], once["taught"]) == ("leisure", None)


def test_what_was_taught_can_be_forgotten(customer, wallet):
    record = add_line(wallet, 100, store="renmin")
    wish = {"category": "food", "for_later": True}
    rule = customer.put(f"wallet/records/{record.pk}/category", wish).json()["taught"]["id"]

    gone = customer.delete(f"wallet/category-rules/{rule}")

    assert gone.status_code == 204
    assert customer.get("wallet/category-rules").json()["items"] == []
    assert_error(customer.delete(f"wallet/category-rules/{rule}"), 404, "NOT_FOUND")


def test_another_persons_lines_and_lessons_look_missing(customer, wallet):
    other = make_wallet()
    theirs = add_line(other, 100, store="renmin")
    rule = TaughtRule.objects.create(
        wallet=other, key="store:renmin", shown="renmin店", category_id="food", taught_at=clock.now()
    )
    wish = {"category": "food", "for_later": True}

    answers = [
        (
            customer.put(f"wallet/records/{number}/category", wish),
            customer.delete(f"wallet/category-rules/{id_}"),
        )
        for number, id_ in ((theirs.pk, rule.pk), (10**15, 10**15), (10**30, 10**30))
    ]

    for each in answers:
        for answer in each:
            assert_error(answer, 404, "NOT_FOUND")
    assert len({answer.json()["message"] for each in answers for answer in each}) == 1
    assert category_of(theirs) == ("other", "rule")
    assert TaughtRule.objects.filter(pk=rule.pk).exists()
    assert not TaughtRule.objects.filter(wallet=wallet).exists()


def test_only_spending_has_a_category_to_choose_and_only_from_what_is_offered(customer, wallet):
    paid, topped_up = add_line(wallet, 100), add_line(wallet, 100, kind="top_up")
    back = add_line(wallet, 50, kind="refund", reference=paid.reference)

    for record in (topped_up, back):
        answer = customer.put(f"wallet/records/{record.pk}/category", {"category": "food"})
        assert_error(answer, 409, "RECORD_NOT_SPENDING")
    for unknown in ("own_money", "nothing", "' OR 1=1 --"):
        answer = customer.put(f"wallet/records/{paid.pk}/category", {"category": unknown})
        assert assert_error(answer, 409, "CATEGORY_NOT_OFFERED") == {"category": unknown}
    assert set(RecordCategory.objects.filter(wallet=wallet).values_list("filed_by", flat=True)) == {
        "rule",
        "original",
    }


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"category": None},
        {"category": ["food"]},
        {"category": 1},
        {"category": "food\u202e"},
        {"category": "f" * 17},
        {"category": "food", "for_later": "yes"},
        {"category": "food", "for_later": 1},
        {"category": "food", "user_id": 1},
        {"category": "food", "wallet": 1, "amount": 5},
    ],
)
def test_a_correction_that_makes_no_sense_changes_nothing(customer, wallet, wish):
    record = add_line(wallet, 100)

    assert_error(customer.put(f"wallet/records/{record.pk}/category", wish), 400, "INVALID_INPUT")

    assert category_of(record) == ("other", "rule")


def test_a_month_is_told_and_a_year(customer, wallet):
    now, month = clock.now(), clock.business_month(clock.now())
    add_line(wallet, 300, title="咖啡", store="renmin", at=now)
    add_line(wallet, 500, kind="top_up", at=now)

    told = customer.get("wallet/analysis").json()

    assert told == customer.get("wallet/analysis", month=month).json()
    assert (told["period"], told["is_running"], told["net"], told["moved_in"]) == (month, True, 300, 500)
    [row] = told["categories"]
    assert (row["category"], row["net"], row["share"]) == (FOOD, 300, 10_000)
    assert told["payees"] == [{"name": "renmin店", "net": 300, "count": 1}]
    assert [line["amount"] for line in told["largest"]] == [300]
    assert told["before"]["net_so_far"] == 0
    year = customer.get("wallet/analysis", year=month[:4]).json()
    assert (year["period"], year["net"], len(year["trend"])) == (month[:4], 300, 12)


def test_what_is_unusual_is_explained_in_words(customer, wallet):
    now = clock.now()
    for _ in range(6):
        add_line(wallet, 1_000, title="咖啡", at=now)
    add_line(wallet, 9_000, title="咖啡", at=now)

    unusual = customer.get("wallet/analysis").json()["unusual"]

    large = next(line for line in unusual if line["record"]["amount"] == 9_000)
    assert {"code": "LARGE", "text": "明显高于您近 90 天在这一类的消费"} in large["reasons"]


@pytest.mark.parametrize(
    "query",
    [
        {"month": "2026-13"},
        {"month": "20２６-01"},
        {"year": "26"},
        {"year": "2126"},
        {"year": "2026-11"},
        {"month": "2026-11", "year": "2026"},
        {"user": 1},
        {"wallet_id": 1},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(customer, query):
    assert_error(customer.get("wallet/analysis", **query), 400, "INVALID_INPUT")


def test_the_first_and_the_last_month_that_can_be_asked_about_are_empty(customer):
    for query in ({"month": "2000-01"}, {"month": "2099-12"}, {"year": "2000"}, {"year": "2099"}):
        told = customer.get("wallet/analysis", **query).json()
        assert (told["net"], told["is_running"], told["categories"]) == (0, False, [])


def test_budgets_are_set_seen_and_dropped(customer, wallet):
    add_line(wallet, 8_300, title="咖啡", at=clock.now())
    assert customer.get("wallet/budgets").json()["items"] == []

    customer.put("wallet/budgets/food", {"amount": 10_000}).raise_for_status()
    told = customer.put("wallet/budgets/total", {"amount": 8_000}).json()

    assert told == customer.get("wallet/budgets").json()
    assert told["items"] == [
        {
            "scope": "total",
            "category": None,
            "amount": 8_000,
            "spent": 8_300,
            "left": 0,
            "over": 300,
            "percent": 103,
            "level": 100,
        },
        {
            "scope": "food",
            "category": FOOD,
            "amount": 10_000,
            "spent": 8_300,
            "left": 1_700,
            "over": 0,
            "percent": 83,
            "level": 80,
        },
    ]
    assert customer.get("wallet/budgets", month="2020-01").json()["items"][0]["spent"] == 0
    assert customer.delete("wallet/budgets/total").status_code == 204
    assert_error(customer.delete("wallet/budgets/total"), 404, "NOT_FOUND")
    assert [item["scope"] for item in customer.get("wallet/budgets").json()["items"]] == ["food"]


def test_budgets_are_ones_own(customer, wallet):
    other = make_wallet()
    Budget.objects.create(wallet=other, category_id="food", amount=1, set_at=clock.now())

    assert customer.get("wallet/budgets").json()["items"] == []
    assert_error(customer.delete("wallet/budgets/food"), 404, "NOT_FOUND")
    assert Budget.objects.filter(wallet=other).exists()


@pytest.mark.parametrize("amount", [0, -1, 1.5, "100", "1e3", True, None, 2**53, "１００", [], {}])
def test_an_amount_that_is_none_is_no_budget(customer, wallet, amount):
    assert_error(customer.put("wallet/budgets/total", {"amount": amount}), 400, "INVALID_INPUT")

    assert not Budget.objects.filter(wallet=wallet).exists()


@pytest.mark.parametrize("scope", ["own_money", "nothing", "TOTAL", "1"])
def test_nobody_plans_for_what_is_not_offered(customer, scope):
    assert_error(customer.put(f"wallet/budgets/{scope}", {"amount": 100}), 409, "CATEGORY_NOT_OFFERED")


def test_lessons_come_in_pages(customer, wallet):
    for number in range(3):
        record = add_line(wallet, 1, store=f"s{number}")
        customer.put(f"wallet/records/{record.pk}/category", {"category": "food", "for_later": True})

    first = customer.get("wallet/category-rules", limit=2).json()
    second = customer.get("wallet/category-rules", limit=2, cursor=first["next_cursor"]).json()

    assert [item["shown"] for item in first["items"] + second["items"]] == ["s2店", "s1店", "s0店"]
    assert (first["has_more"], second["has_more"]) == (True, False)
