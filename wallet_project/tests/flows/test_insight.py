"""A customer pays, says what it was for, and is told once how far they have come with what they planned."""

from payments.models import Order
from wallet.models import Record
from wallet.selectors.records import month_totals
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent
from wallet_project.kit.testing.assertions import assert_error


def newest(customer):
    return customer.get("wallet/records", limit=1).json()["items"][0]


def told_of_budgets(user_id):
    events = StoredEvent.objects.filter(name="wallet.budget.reached", aggregate=f"user:{user_id}")
    return [(event.payload["category"], event.payload["level"]) for event in events.order_by("pk")]


def test_a_payment_that_is_filed_elsewhere_teaches_the_next_one(new_customer, top_up, place_order, pay):
    customer, stranger = new_customer(), new_customer()
    top_up(customer, 10_000)
    pay(customer, place_order(customer, 1_000), "balance")
    first = newest(customer)
    assert first["filed_by"] == "rule"

    wish = {"category": "education", "for_later": True}
    assert_error(stranger.put(f"wallet/records/{first['id']}/category", wish), 404, "NOT_FOUND")
    corrected = customer.put(f"wallet/records/{first['id']}/category", wish).json()
    pay(customer, place_order(customer, 2_000), "balance")

    assert (newest(customer)["category"]["code"], newest(customer)["filed_by"]) == ("education", "habit")
    customer.delete(f"wallet/category-rules/{corrected['taught']['id']}").raise_for_status()
    pay(customer, place_order(customer, 500), "balance")
    assert newest(customer)["category"] == first["category"]
    told = customer.get("wallet/analysis").json()
    assert {row["category"]["code"]: row["net"] for row in told["categories"]} == {
        "education": 3_000,
        first["category"]["code"]: 500,
    }
    assert (told["net"], told["moved_in"]) == (3_500, 10_000)


def test_a_month_of_all_ways_to_pay_adds_up_to_its_records(customer, top_up, place_order, pay, settled):
    top_up(customer, 5_000)
    pay(customer, place_order(customer, 1_200), "balance")
    customer.confirm(pay(customer, place_order(customer, 333), "wechat")["pay_params"])
    settled()
    customer.confirm(pay(customer, place_order(customer, 4_999), "combined")["pay_params"])
    settled()

    told = customer.get("wallet/analysis").json()

    month = customer.get(f"wallet/records/months/{told['period']}").json()
    assert told["spent"] + told["moved_out"] == month["expense"] == 6_532
    assert told["returned"] + told["income"] + told["moved_in"] == month["income"] == 5_000
    assert sum(row["net"] for row in told["categories"]) == told["net"]
    assert sum(row["share"] for row in told["categories"]) == 10_000


def test_eighty_and_a_hundred_percent_are_told_of_once_while_sixteen_pay_at_once(
    customer, top_up, place_order, pay, in_parallel, settled
):
    top_up(customer, 10_000)
    customer.put("wallet/budgets/total", {"amount": 1_600}).raise_for_status()
    numbers = [place_order(customer, 100) for _ in range(17)]
    user_id = Order.objects.values_list("payer", flat=True).get(number=numbers[0])
    grants = {number: customer.grant_for(f"orders/{number}/pay", {"method": "balance"}) for number in numbers}

    def pay_now(number):
        answer = customer.post(f"orders/{number}/pay", {"method": "balance"}, grant=grants[number])
        return answer.json()["order"]["state"]

    states = in_parallel([lambda number=number: pay_now(number) for number in numbers[:16]], threads=16)
    settled()
    settled()

    assert states == ["PAID"] * 16
    levels = [level for _category, level in told_of_budgets(user_id)]
    assert levels in ([80, 100], [100])
    assert customer.get("wallet/budgets").json()["items"][0]["percent"] == 100
    assert pay_now(numbers[16]) == "PAID"
    settled()
    assert [level for _category, level in told_of_budgets(user_id)] == levels
    totals = month_totals(user_id, clock.business_month(clock.now()))
    assert totals.expense == sum(
        Record.objects.filter(wallet__user=user_id, direction="out").values_list("amount", flat=True)
    )
