"""Every line is filed; its owner may file it elsewhere and teach later ones; totals are always exact."""

from datetime import datetime, timedelta

import psycopg2
import pytest
from django.db import DatabaseError, connection
from django.db.transaction import atomic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wallet.errors import CategoryNotOffered, RecordNotSpending
from wallet.models import Category, CategoryRule, FiledBy, RecordCategory, TaughtRule
from wallet.rules.categories import DIRECTION_OF_NATURE, NATURES
from wallet.rules.kinds import Direction, RecordKind
from wallet.selectors.records import month_totals
from wallet.services.categories import correct_category, forget_habit
from wallet.services.category_rules import file_recent_lines, start_rule, stop_rule
from wallet.services.wishes import forget_wishes
from wallet.tests.factories import make_wallet
from wallet.tests.histories import add_line, category_of, totals_counted, totals_kept
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound
from wallet_project.kit.models import Job

pytestmark = pytest.mark.django_db


def correct(wallet, record, category, *, for_later=False):
    return correct_category(
        user_id=wallet.user_id, record_id=record.pk, category=category, for_later=for_later
    )


@pytest.mark.parametrize(
    ("line", "category"),
    [
        ({"title": "两杯拿铁"}, "food"),
        ({"title": "人民路店", "store": "renmin", "name": "人民路咖啡"}, "food"),
        ({"title": "社区超市"}, "shopping"),
        ({"title": "社区药店"}, "health"),
        ({"title": "欢唱ＫＴＶ"}, "leisure"),
        ({"title": "订单 1"}, "other"),
        ({"kind": "bill", "title": "国网上海"}, "bills"),
        ({"kind": "transfer_out", "title": "转账"}, "people"),
        ({"kind": "transfer_in", "title": "收到转账"}, "people"),
        ({"kind": "top_up", "title": "充值"}, "own_money"),
        ({"kind": "withdrawal", "title": "提现"}, "own_money"),
        ({"kind": "grant", "title": "赠送"}, "other"),
    ],
)
def test_a_line_is_filed_by_the_first_rules_there_are(line, category):
    assert category_of(add_line(make_wallet(), 100, **line)) == (category, "rule")


def test_an_amount_and_a_time_are_repeated_beside_the_line():
    record = add_line(make_wallet(), 123)

    filed = RecordCategory.objects.get(record=record)
    assert (filed.wallet_id, filed.amount, filed.occurred_at, filed.nature) == (
        record.wallet_id,
        123,
        record.occurred_at,
        "spent",
    )


def test_what_comes_back_is_filed_where_it_was_spent():
    wallet = make_wallet()
    add_line(wallet, 500, title="社区超市", reference="O1")

    back = add_line(wallet, 200, kind="refund", title="退款", reference="O1")
    nobodys = add_line(wallet, 200, kind="refund", title="退款", reference="O2")
    others = add_line(make_wallet(), 200, kind="refund", title="退款", reference="O1")

    assert category_of(back) == ("shopping", "original")
    assert category_of(nobodys) == category_of(others) == ("other", "rule")


def test_the_owner_files_a_line_elsewhere_and_what_came_back_goes_along():
    wallet = make_wallet()
    paid = add_line(wallet, 500, title="社区超市", reference="O1")
    back = add_line(wallet, 200, kind="refund", title="退款", reference="O1")
    similar = add_line(wallet, 70, title="社区超市")

    record, taught = correct(wallet, paid, "food")

    assert (record.pk, record.filed.category_id, taught) == (paid.pk, "food", None)
    assert category_of(paid) == ("food", "owner")
    assert category_of(back) == ("food", "original")
    assert category_of(similar) == ("shopping", "rule")
    assert category_of(add_line(wallet, 1, kind="refund", reference="O1")) == ("food", "original")
    assert totals_kept(wallet) == totals_counted(wallet)


def test_what_is_taught_holds_for_later_lines_of_the_same_payee_only():
    wallet = make_wallet()
    paid = add_line(wallet, 500, title="社区超市", store="renmin")
    earlier = add_line(wallet, 500, title="社区超市", store="renmin")

    _record, taught = correct(wallet, paid, "people", for_later=True)

    assert (taught.key, taught.shown) == ("store:renmin", "renmin店")
    assert category_of(earlier) == ("shopping", "rule")
    assert category_of(add_line(wallet, 1, title="别的", store="renmin")) == ("people", "habit")
    assert category_of(add_line(wallet, 1, title="社区超市", store="xinmin")) == ("shopping", "rule")
    assert category_of(add_line(make_wallet(), 1, title="社区超市", store="renmin")) == ("shopping", "rule")


def test_where_nobody_was_paid_the_words_of_the_title_are_remembered():
    wallet = make_wallet()
    paid = add_line(wallet, 500, title="挂耳咖啡 10 片")

    correct(wallet, paid, "shopping", for_later=True)

    assert category_of(add_line(wallet, 1, title="挂耳咖啡 20 片")) == ("shopping", "habit")
    assert category_of(add_line(wallet, 1, title="挂耳咖啡礼盒")) == ("food", "rule")


def test_nothing_is_learnt_from_a_title_without_letters():
    wallet = make_wallet()

    _record, taught = correct(wallet, add_line(wallet, 1, title="2026"), "food", for_later=True)

    assert taught is None
    assert not TaughtRule.objects.filter(wallet=wallet).exists()


def test_the_last_lesson_counts_until_it_is_forgotten():
    wallet = make_wallet()
    paid = add_line(wallet, 500, store="renmin")
    correct(wallet, paid, "food", for_later=True)
    _record, taught = correct(wallet, paid, "leisure", for_later=True)
    assert category_of(add_line(wallet, 1, store="renmin")) == ("leisure", "habit")

    forget_habit(user_id=wallet.user_id, taught_id=taught.pk)

    assert category_of(add_line(wallet, 1, store="renmin")) == ("other", "rule")
    with pytest.raises(NotFound):
        forget_habit(user_id=wallet.user_id, taught_id=taught.pk)


def test_only_ones_own_spending_can_be_filed_elsewhere():
    wallet, other = make_wallet(), make_wallet()
    paid, topped_up = add_line(wallet, 100), add_line(wallet, 100, kind="top_up")
    _record, taught = correct(wallet, paid, "food", for_later=True)
    before = totals_kept(wallet)

    with pytest.raises(NotFound):
        correct(other, paid, "leisure", for_later=True)
    with pytest.raises(NotFound):
        forget_habit(user_id=other.user_id, taught_id=taught.pk)
    with pytest.raises(RecordNotSpending):
        correct(wallet, topped_up, "food")
    for unknown in ("own_money", "nothing", "FOOD", ""):
        with pytest.raises(CategoryNotOffered):
            correct(wallet, paid, unknown)

    assert totals_kept(wallet) == before
    assert category_of(paid) == ("food", "owner")
    assert [rule.key for rule in TaughtRule.objects.filter(wallet=other)] == []


def test_a_category_that_is_retired_keeps_its_lines():
    wallet = make_wallet()
    paid = add_line(wallet, 100, title="社区超市")
    Category.objects.filter(code="shopping").update(is_offered=False)

    assert category_of(add_line(wallet, 100, title="社区超市")) == ("shopping", "rule")
    with pytest.raises(CategoryNotOffered):
        correct(wallet, paid, "shopping")


def test_a_rule_that_is_started_files_the_last_thirty_days_anew_and_a_stopped_one_too():
    wallet, now = make_wallet(), clock.now()
    recent = add_line(wallet, 100, title="订单", store="renmin", at=now, reference="O1")
    back = add_line(wallet, 30, kind="refund", at=now, reference="O1")
    chosen = add_line(wallet, 100, title="订单", store="renmin", at=now)
    correct(wallet, chosen, "people")
    long_ago = add_line(wallet, 100, title="订单", store="renmin", at=now - timedelta(days=31))
    rule = CategoryRule.objects.create(category_id="leisure", counterparty="store:renmin", priority=1)

    start_rule(rule_id=rule.pk)
    start_rule(rule_id=rule.pk)

    assert category_of(add_line(wallet, 1, store="renmin", at=now)) == ("leisure", "rule")
    assert [job.task for job in Job.objects.filter(task="wallet.file_recent_lines")] != []
    file_recent_lines()
    assert category_of(recent) == ("leisure", "rule")
    assert category_of(back) == ("leisure", "original")
    assert category_of(chosen) == ("people", "owner")
    assert category_of(long_ago) == ("other", "rule")
    assert totals_kept(wallet) == totals_counted(wallet)
    [entry] = AuditEntry.objects.filter(action="wallet.category_rule.switched")
    assert entry.facts == {"what": "娱乐：store:renmin", "state": "启用"}

    stop_rule(rule_id=rule.pk)
    file_recent_lines()

    assert category_of(recent) == ("other", "rule")
    assert category_of(back) == ("other", "original")
    assert totals_kept(wallet) == totals_counted(wallet)


def test_whoever_leaves_takes_what_they_taught_along():
    wallet, other = make_wallet(), make_wallet()
    for each in (wallet, other):
        correct(each, add_line(each, 1, store="renmin"), "food", for_later=True)

    with atomic():
        forget_wishes(user_id=wallet.user_id, gives_up=0)

    left = TaughtRule.objects.filter(wallet__in=[wallet, other])
    assert list(left.values_list("wallet", flat=True)) == [other.pk]


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("write"),
            st.sampled_from(list(RecordKind)),
            st.integers(1, 10**6),
            st.sampled_from(["O1", "O2", "O3"]),
            st.sampled_from(["", "renmin", "xinmin"]),
            st.sampled_from(["社区超市", "咖啡", "订单"]),
            st.sampled_from([10, 11]),
        ),
        st.tuples(
            st.just("correct"),
            st.integers(0, 30),
            st.sampled_from(["food", "shopping", "leisure", "other"]),
            st.booleans(),
        ),
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_the_totals_are_what_the_records_add_up_to(steps):
    wallet, lines = make_wallet(), []
    for what, *how in steps:
        if what == "write":
            kind, amount, reference, store, title, month = how
            at = datetime(2026, month, 5, 4, tzinfo=clock.SHANGHAI)
            lines.append(
                add_line(wallet, amount, kind=kind, reference=reference, store=store, title=title, at=at)
            )
        elif lines:
            number, category, for_later = how
            record = lines[number % len(lines)]
            if NATURES[RecordKind(record.kind)] == "spent":
                correct(wallet, record, category, for_later=for_later)

    assert totals_kept(wallet) == totals_counted(wallet)
    for month in ("2026-10", "2026-11"):
        told = month_totals(wallet.user_id, month)
        kept = {key: amount for key, (amount, _lines) in totals_kept(wallet).items() if key[0] == month}
        assert told.income == sum(a for key, a in kept.items() if DIRECTION_OF_NATURE[key[1]] == Direction.IN)
        assert told.expense == sum(
            a for key, a in kept.items() if DIRECTION_OF_NATURE[key[1]] == Direction.OUT
        )
    for line in RecordCategory.objects.filter(wallet=wallet, filed_by=FiledBy.ORIGINAL):
        assert line.category_id == line.follows.category_id


@pytest.mark.parametrize(
    "write",
    [
        "UPDATE wallet_categorytotal SET amount = 1",
        "INSERT INTO wallet_categorytotal SELECT * FROM wallet_categorytotal",
        "DELETE FROM wallet_categorytotal",
        "DELETE FROM wallet_recordcategory",
        "TRUNCATE wallet_recordcategory",
        "DELETE FROM wallet_category",
        "DELETE FROM wallet_categoryrule",
        "DELETE FROM wallet_budgetnotice",
        "UPDATE wallet_budgetnotice SET level = 1",
        "SELECT category_totals_move()",
    ],
)
def test_the_application_writes_no_total_and_unfiles_no_line(write):
    add_line(make_wallet(), 1)

    with pytest.raises(DatabaseError) as refusal, connection.cursor() as cursor:
        cursor.execute(write)

    assert refusal.value.__cause__.pgcode == "42501"


@pytest.mark.committed
def test_the_owner_of_the_database_unfiles_no_line_either(committed_db, owner_cursor):
    for write in ("DELETE FROM wallet_recordcategory", "TRUNCATE wallet_recordcategory CASCADE"):
        with pytest.raises(psycopg2.Error) as refusal:
            owner_cursor.execute(write)
        assert refusal.value.pgcode == "WL007"
