"""The pages of numbers: who sees them, in which period, of whom; and what is behind a number."""

import io
import re
from datetime import date, datetime, timedelta
from zipfile import ZipFile

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import logged_in
from coupons.models import Segment, SegmentMember
from feedback.models import Ticket
from feedback.tests.factories import opened
from payments.models import Order, Payment
from payments.tests.factories import paid_order, topped_up
from wallet_project.analytics.admin.asked import ASKED
from wallet_project.analytics.admin.rows_behind import ROWS, rows_behind
from wallet_project.analytics.models import WatchedSegment
from wallet_project.analytics.rules.boards import BOARDS, GLANCE
from wallet_project.analytics.rules.metrics import Unit
from wallet_project.analytics.rules.panels import Asked
from wallet_project.analytics.rules.periods import Period
from wallet_project.analytics.selectors.boards import codes_of
from wallet_project.analytics.selectors.metrics.catalogue import METRICS, RATIOS
from wallet_project.analytics.selectors.series import total
from wallet_project.analytics.services.rollups import roll_up
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.staff import make_groups

DAY = date(2020, 2, 29)  # nothing else happened then
MORNING = datetime(2020, 2, 29, 9, 30, tzinfo=clock.SHANGHAI)
THEN = {"span": "own", "first": "2020-02-29", "last": "2020-03-01", "against": "previous"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    def of(role):
        staff = User.objects.create_user(f"who-{role}", password="a long enough password", is_staff=True)
        staff.groups.add(make_groups()[role])
        client.force_login(staff)
        return staff

    return of


def sold(amount: int, *, at: datetime, payer: User | None = None) -> Order:
    order = paid_order(payer or logged_in().user, amount=amount)
    Order.objects.filter(pk=order.pk).update(placed_at=at, paid_at=at)
    Payment.objects.filter(order=order).update(created_at=at)
    return order


@pytest.fixture
def two_days():
    sold(1_000, at=MORNING - timedelta(days=2))
    sold(2_000, at=MORNING)
    sold(3_000, at=MORNING + timedelta(days=1))
    for days in range(-2, 2):
        roll_up(day=DAY + timedelta(days=days))


def words_of(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def cells_of(book: bytes, sheet: int) -> list[list[str]]:
    """Texts and numbers of a sheet, as they are stored."""
    stored = ZipFile(io.BytesIO(book)).read(f"xl/worksheets/sheet{sheet}.xml").decode()
    rows = re.findall(r"<row .*?</row>", stored, re.DOTALL)
    return [re.findall(r"<(?:t|v)[^>]*>([^<]*)<", row) for row in rows]


def test_every_number_of_the_catalogue_stands_on_a_page():
    shown = {code for board in BOARDS.values() for code in codes_of(board)}
    asked = [panel for board in BOARDS.values() for panel in board.panels if isinstance(panel, Asked)]

    assert shown | {code for panel in asked for code in panel.codes} == set(METRICS) | set(RATIOS)
    assert {panel.name for panel in asked} == set(ASKED)
    assert {code for code, _board in GLANCE} <= shown
    assert set(ROWS) <= set(METRICS)


def test_a_page_says_what_a_number_means_and_what_it_was_before(
    client, member, two_days, django_assert_max_num_queries
):
    member("运营")
    with django_assert_max_num_queries(25):
        page = client.get(reverse("board", args=["today"]), THEN)

    said = words_of(page)
    assert "2020-02-29 至 2020-03-01，对比 2020-02-27 至 2020-02-28" in said
    assert "交易额 ¥50.00 ▲ 400.0% 此前 ¥10.00 当天支付成功的订单金额" in said
    assert "支付人数 日均 1" in said
    assert "<script>" not in page.content.decode().split('id="content"')[-1]


def test_nothing_at_all_is_said_and_not_drawn(client, member, two_days):
    member("运营")

    page = client.get(reverse("board", args=["today"]), THEN).content.decode()

    assert 'role="img" aria-label="交易额"' in page
    assert 'role="img" aria-label="充值与转出"' not in page
    assert "这段时间全部为零" in page


def test_each_role_sees_its_own_pages(client, member):
    for role, seen in {
        "运营": {"today", "users", "growth", "habits", "support"},
        "财务": {"today", "money", "growth"},
        "风控": {"today", "users", "risk"},
        "客服主管": {"today", "support"},
        "审计": set(BOARDS),
        "管理员": set(),
    }.items():
        member(role)
        answers = {code: client.get(reverse("board", args=[code])).status_code for code in BOARDS}
        assert answers == {code: 200 if code in seen else 403 for code in BOARDS}, role
    assert client.get(reverse("board", args=["nothing"])).status_code == 404


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"span": "own"}, "请选择起止日期"),
        ({"span": "own", "first": "2026-02-30", "last": "x"}, "输入一个有效的日期"),
        ({"span": "own", "first": "2026-03-02", "last": "2026-03-01"}, "起始日期不能晚于截止日期"),
        ({"span": "own", "first": "0001-01-01", "last": "9999-12-31"}, "不能晚于今天"),
        ({"span": "own", "first": "2020-01-01", "last": "2021-12-31"}, "最多查看 400 天"),
        ({"span": "own", "first": "0001-01-01", "last": "0001-01-02"}, "起始日期"),
        ({"span": "'; --", "against": "\x00", "cut": "segment:0"}, "不在可用的选项中"),
    ],
)
def test_what_cannot_be_answered_is_said_and_the_page_is_still_there(client, member, asked, said):
    member("审计")

    page = client.get(reverse("board", args=["today"]), asked)

    assert page.status_code == 200
    assert said in words_of(page)


def test_a_segment_is_seen_alone_and_what_is_not_asked_about_people_is_not_shown(client, member):
    member("审计")
    insider = logged_in().user
    segment = Segment.objects.create(name="老顾客")
    SegmentMember.objects.create(segment=segment, user=insider, since=MORNING)
    watched = WatchedSegment.objects.create(segment=segment)
    sold(700, at=MORNING, payer=insider)
    sold(50_000, at=MORNING)
    roll_up(day=DAY)
    only = {**THEN, "last": "2020-02-29", "cut": watched.cut}

    page = client.get(reverse("board", args=["today"]), only)
    said = words_of(page)
    assert "交易额 ¥7.00" in said
    assert "¥507.00" not in said
    assert "/admin/payments/order/?" not in page.content.decode(), "the list would show everybody's"
    assert "不按人群统计" in words_of(client.get(reverse("board", args=["risk"]), only))


def test_behind_a_number_are_as_many_rows_as_it_counts(client, member, two_days):
    member("审计")
    refused = sold(700, at=MORNING - timedelta(days=3)).payments.get()
    refused_top_up = topped_up(logged_in().user, 700, at=MORNING)
    refusals = Payment.objects.filter(pk__in=[refused.pk, refused_top_up.pk])
    refusals.update(state="FAILED", created_at=MORNING)
    kept, merged = opened(), opened()
    Ticket.objects.filter(pk__in=[kept.pk, merged.pk]).update(opened_at=MORNING)
    Ticket.objects.filter(pk=merged.pk).update(state="MERGED", merged_into=kept, closed_at=MORNING)
    roll_up(day=DAY)
    period = Period(first=DAY, last=DAY)

    for code, rows in ROWS.items():
        answer = client.get(rows_behind(code, period=period))
        assert answer.status_code == 200, code
        assert "e=1" not in answer.wsgi_request.get_full_path(), code
        if METRICS[code].unit == Unit.COUNT and (rows.moment or rows.day):
            assert len(answer.context["cl"].result_list) == total(code, DAY, DAY), code
    assert [total(code, DAY, DAY) for code in ("orders_paid", "attempts_refused", "tickets_opened")] == [
        1,
        1,
        1,
    ]


def test_numbers_are_taken_away_as_a_file_so_many_times_a_day_and_never_unseen(
    client, member, two_days, settings
):
    settings.BOARD_EXPORTS_A_DAY = 2
    staff = member("财务")
    address = {kind: reverse("take_board", args=["today", kind]) for kind in ("xlsx", "csv")}
    asked = "?span=own&first=2020-02-29&last=2020-03-01&against=previous"

    assert client.get(address["csv"]).status_code == 405
    book = client.post(address["xlsx"] + asked).content
    assert cells_of(book, 1)[1][:4] == ["交易额", "50.00", "10.00", "元"]
    heads, first, second = cells_of(book, 2)
    assert [heads[:2], first[:2], second[:2]] == [
        ["日期", "交易额（元）"],
        ["2020-02-29", "20.00"],
        ["2020-03-01", "30.00"],
    ]

    lines = client.post(address["csv"] + asked).content.decode("utf-8-sig").splitlines()
    assert "交易额,50.00,10.00,元,合计," in lines[1]

    refused = client.post(address["csv"] + asked)
    assert "今天导出的次数已用完" in words_of(refused)
    taken = AuditEntry.objects.filter(action="analytics.board.exported")
    assert [entry.facts["kind"] for entry in taken.order_by("pk")] == ["xlsx", "csv"]
    assert {entry.actor for entry in taken} == {f"staff:{staff.pk}"}

    member("客服")
    assert client.post(address["csv"]).status_code == 403


@time_machine.travel(MORNING, tick=False)
def test_a_day_that_is_not_over_is_compared_with_as_much_of_the_other_one(client, member):
    member("运营")
    sold(1_000, at=MORNING - timedelta(days=7))
    sold(8_000, at=MORNING - timedelta(days=7) + timedelta(hours=3))
    sold(2_000, at=MORNING - timedelta(minutes=20))
    for day in (DAY - timedelta(days=7), DAY):
        roll_up(day=day)

    said = words_of(client.get(reverse("board", args=["today"])))

    assert "2020-02-29，对比 2020-02-22 到此时" in said
    assert "交易额 ¥20.00 ▲ 100.0% 此前 ¥10.00" in said
    week = words_of(client.get(reverse("board", args=["today"]), {"span": "7d", "against": "previous"}))
    assert "2020-02-23 至 2020-02-29，对比 2020-02-16 至 2020-02-22 到此时" in week
    assert "交易额 ¥20.00 ▲ 100.0% 此前 ¥10.00" in week
    yesterday = {"span": "yesterday", "against": "week"}
    assert "到此时" not in words_of(client.get(reverse("board", args=["today"]), yesterday))
