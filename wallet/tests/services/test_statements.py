"""A statement ties to the ledger, or nobody gets it; and it is made once, whoever is lost meanwhile."""

import csv
import io
import logging
import re
from datetime import timedelta
from decimal import Decimal
from functools import partial
from zipfile import ZipFile

import pytest
import time_machine
from pypdf import PdfReader

from accounts.models import PersonalKey
from accounts.tests.factories import newcomer
from wallet.errors import (
    StatementExpired,
    StatementNotReady,
    StatementOutOfRange,
    StatementQuotaUsed,
)
from wallet.models import Record, Statement, StatementPart
from wallet.rules.statements import PER_DAY, SEEN_WITHIN, Form
from wallet.selectors.statements import lines_of, period_of
from wallet.services import statement_making
from wallet.services.statement_making import make_statement
from wallet.services.statements import fetch_file, request_statement
from wallet.services.wallets import open_wallet
from wallet.tests.factories import fill
from wallet.tests.months import live_a_little, live_much
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound
from wallet_project.kit.jobs import StillAtWork
from wallet_project.kit.models import Job, StoredEvent


@pytest.fixture
def wallet(db):
    """Of somebody with a key of their own, 65.00 in it."""
    wallet = open_wallet(user_id=newcomer(nickname="小明").user.pk)
    live_a_little(wallet)
    return wallet


def this_month():
    return clock.business_month(clock.now())


def ask(wallet):
    """For the month that is over by the clock of the test, or for the current one."""
    return request_statement(user_id=wallet.user_id, month=clock.business_month(wallet.opened_at))


def ready(wallet):
    number = ask(wallet).number
    make_statement(number=number)
    return Statement.objects.get(number=number)


def file_of(statement, form):
    return fetch_file(user_id=statement.wallet.user_id, number=statement.number, form=form)


def later():
    """A day of next month, or of the month after."""
    return time_machine.travel(clock.now() + timedelta(days=32), tick=False)


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def rows_of(table):
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))


def cells_of(book, sheet):
    """Texts and numbers of a sheet, as they are stored."""
    stored = ZipFile(io.BytesIO(book)).read(f"xl/worksheets/sheet{sheet}.xml").decode()
    return [
        re.findall(r"<(?:t|v)[^>]*>([^<]*)<", row) for row in re.findall(r"<row .*?</row>", stored, re.DOTALL)
    ]


class TestContents:
    def test_every_number_stands_whole_on_the_paper(self, wallet):
        statement = ready(wallet)

        text = text_of(file_of(statement, "pdf"))
        numbers = list(Record.objects.filter(wallet=wallet).values_list("reference", flat=True))
        assert max(map(len, numbers)) == 29
        assert [number for number in numbers if number not in text] == []

    def test_opening_and_lines_are_closing_in_every_form(self, wallet):
        statement = ready(wallet)

        assert (statement.state, statement.opening, statement.closing) == ("READY", 0, 6_500)
        assert (statement.lines, statement.percent, statement.difference) == (4, 100, 0)
        text, rows = text_of(file_of(statement, "pdf")), rows_of(file_of(statement, "csv"))
        lines = [row for row in rows if len(row) == 11][1:]
        assert [row[5] for row in lines] == ["100.00", "5.00", "-30.00", "-10.00"]
        assert sum(Decimal(row[5]) for row in lines) == Decimal("65.00")
        assert [row[9] for row in lines] == ["100.00", "105.00", "75.00", "65.00"]
        for said in (
            "钱包对账单",
            "期初余额",
            "0.00",
            "65.00",
            "105.00",
            "40.00",
            "人民路店",
            statement.number,
        ):
            assert said in text
        book = file_of(statement, "xlsx")
        assert [row[5] for row in cells_of(book, 2)[1:]] == ["100.00", "5.00", "-30.00", "-10.00"]
        assert ["期末余额", "65.00"] in cells_of(book, 1)

    def test_each_colour_has_its_own_sums(self, wallet):
        statement = Statement.objects.get(number=ask(wallet).number)
        period = period_of(
            wallet_id=wallet.pk, month=statement.month, since=statement.since, until=statement.until
        )

        sums = {code: (each.opening, each.received, each.given) for code, each in period.colours.items()}
        assert sums == {
            "principal": (0, 10_000, 3_500),
            "bonus": (0, 500, 500),
            "cashback": (0, 0, 0),
        }
        assert list(period.colours) == ["principal", "bonus", "cashback"]
        assert (period.closing, period.lines_total, period.difference) == (6_500, 6_500, 0)

    def test_what_people_wrote_is_text_in_every_form(self, wallet):
        statement = ready(wallet)

        assert "=新客礼" in text_of(file_of(statement, "pdf"))
        assert "'=新客礼" in file_of(statement, "csv").decode()
        assert "=新客礼" in [row[2] for row in cells_of(file_of(statement, "xlsx"), 2)]
        assert b"<f>" not in ZipFile(io.BytesIO(file_of(statement, "xlsx"))).read("xl/worksheets/sheet2.xml")

    def test_the_checksum_is_on_all_of_them_and_the_holder_is_masked(self, wallet):
        statement = ready(wallet)
        pdf, table = text_of(file_of(statement, "pdf")), file_of(statement, "csv").decode()

        assert statement.checksum in pdf.replace("\n", "")
        assert statement.checksum in table
        assert ["校验码（SHA-256）", statement.checksum] in cells_of(file_of(statement, "xlsx"), 1)
        assert "小*" in pdf
        assert "小明" not in pdf + table

    def test_a_month_without_a_line_is_a_statement_too(self, wallet):
        with later():
            number = request_statement(user_id=wallet.user_id, month=this_month()).number
            make_statement(number=number)

        statement = Statement.objects.get(number=number)
        assert (statement.opening, statement.closing, statement.lines) == (6_500, 6_500, 0)
        with later():
            assert "本期没有交易" in text_of(file_of(statement, "pdf"))

    def test_a_month_that_is_over_is_the_same_whenever_it_is_asked_for(self, wallet):
        with later():
            first = ready(wallet)
            Statement.objects.filter(pk=first.pk).update(expires_at=clock.now())
            second = ready(wallet)

        assert first.number != second.number
        assert first.checksum == second.checksum
        assert not first.is_provisional
        assert first.until == clock.borders_of(first.month)[1]

    def test_the_current_month_is_provisional_and_tells_up_to_now(self, wallet):
        first = ready(wallet)
        live_a_little(wallet)
        second = ready(wallet)

        assert first.is_provisional
        assert first.until == first.requested_at
        assert (first.closing, second.closing) == (6_500, 13_000)
        assert first.checksum != second.checksum
        assert "暂定" in text_of(file_of(second, "pdf"))

    def test_a_month_is_over_only_when_nothing_can_come_into_it_any_more(self, wallet):
        ends = clock.borders_of(this_month())[1]
        with time_machine.travel(ends + timedelta(minutes=4, seconds=59), tick=False):
            assert ask(wallet).is_provisional
        Statement.objects.update(state="FAILED")
        with time_machine.travel(ends + timedelta(minutes=5), tick=False):
            assert not ask(wallet).is_provisional

    def test_a_long_month_comes_in_pages(self, wallet, django_assert_max_num_queries):
        live_much(wallet, lines=2_500)
        number = ask(wallet).number
        with django_assert_max_num_queries(70):  # four times over three thousand lines, a thousand at a time
            make_statement(number=number)

        statement = Statement.objects.get(number=number)
        assert (statement.lines, statement.closing) == (2_504, 256_500)
        assert len(PdfReader(io.BytesIO(file_of(statement, "pdf"))).pages) > 40
        assert len(rows_of(file_of(statement, "csv"))) > 2_504
        numbers = [
            line.reference
            for line in lines_of(wallet_id=wallet.pk, month=statement.month, until=statement.until)
        ]
        assert numbers[4:] == [f"R{n}" for n in range(1, 2_501)]


class TestThatDoesNotTie:
    def test_is_given_to_nobody_and_alarms(self, wallet, caplog):
        fill(wallet, principal=7)  # into the ledger, without a line
        number = ask(wallet).number

        with caplog.at_level(logging.CRITICAL):
            make_statement(number=number)

        statement = Statement.objects.get(number=number)
        assert (statement.state, statement.difference) == ("FAILED", 7)
        assert not statement.parts.exists()
        assert not StoredEvent.objects.filter(name="wallet.statement.ready").exists()
        assert "wallet.statement.does_not_tie" in caplog.text
        with pytest.raises(StatementNotReady):
            file_of(statement, "pdf")


class TestAsking:
    def test_queues_the_work_in_the_same_commit(self, wallet):
        number = ask(wallet).number

        assert Job.objects.filter(task="wallet.make_statement", arguments={"number": number}).exists()

    def test_twice_while_it_is_made_is_asking_once(self, wallet):
        assert ask(wallet).number == ask(wallet).number
        assert Statement.objects.filter(wallet=wallet).count() == 1

    def test_again_for_a_month_that_is_over_finds_what_is_there(self, wallet):
        with later():
            assert ready(wallet).number == ask(wallet).number

    @pytest.mark.parametrize("away", [-1, 1])
    def test_for_a_month_that_the_wallet_did_not_live_is_refused(self, wallet, away):
        month = clock.business_month(
            clock.borders_of(this_month())[0] + timedelta(days=-1 if away < 0 else 40)
        )

        with pytest.raises(StatementOutOfRange) as refusal:
            request_statement(user_id=wallet.user_id, month=month)

        assert refusal.value.detail == {"first": this_month(), "last": this_month()}
        assert not Statement.objects.filter(wallet=wallet).exists()

    def test_too_often_is_refused_for_a_day(self, wallet):
        for _time in range(PER_DAY):
            ask(wallet)
            Statement.objects.filter(wallet=wallet).update(state="FAILED")

        with pytest.raises(StatementQuotaUsed) as refusal:
            ask(wallet)

        assert refusal.value.detail["allowed"] == PER_DAY
        with time_machine.travel(clock.now() + timedelta(days=1, seconds=1), tick=False):
            assert ask(wallet).state == "QUEUED"


class TestMaking:
    def test_twice_is_once(self, wallet):
        statement = ready(wallet)
        before = list(statement.parts.values_list("pk", flat=True))

        make_statement(number=statement.number)

        assert list(statement.parts.values_list("pk", flat=True)) == before
        assert StoredEvent.objects.filter(name="wallet.statement.ready").count() == 1

    def test_is_left_to_the_worker_who_is_at_it(self, wallet):
        number = ask(wallet).number
        Statement.objects.filter(number=number).update(state="RUNNING", tries=1, seen_at=clock.now())

        with pytest.raises(StillAtWork):
            make_statement(number=number)

        assert Statement.objects.get(number=number).tries == 1

    def test_begins_again_when_that_one_is_lost(self, wallet):
        statement = ask(wallet)
        lost = clock.now() - SEEN_WITHIN
        Statement.objects.filter(pk=statement.pk).update(state="RUNNING", tries=1, seen_at=lost)
        half = StatementPart(statement=statement, form="pdf", position=0, content_sealed=b"half of it")
        half.save()

        make_statement(number=statement.number)

        assert Statement.objects.get(pk=statement.pk).state == "READY"
        assert not StatementPart.objects.filter(pk=half.pk).exists()
        assert file_of(statement, "pdf").startswith(b"%PDF-")

    def test_is_given_up_after_three_tries(self, wallet):
        statement = ask(wallet)
        Statement.objects.filter(pk=statement.pk).update(
            state="RUNNING", tries=3, seen_at=clock.now() - SEEN_WITHIN
        )

        make_statement(number=statement.number)

        assert Statement.objects.get(pk=statement.pk).state == "FAILED"

    def test_that_a_later_try_overtook_leaves_nothing(self, wallet, settings):
        statement = ask(wallet)

        class Overtaking(str):  # what is read while the first file is written
            def __format__(self, spec):
                Statement.objects.filter(pk=statement.pk).update(tries=2)
                return str(self)

        settings.PUBLIC_URL = Overtaking(settings.PUBLIC_URL)
        make_statement(number=statement.number)

        assert Statement.objects.get(pk=statement.pk).state == "RUNNING"
        assert not statement.parts.exists()

    def test_for_somebody_who_has_left_is_not_done(self, wallet):
        number = ask(wallet).number
        PersonalKey.objects.filter(user=wallet.user_id).update(key_sealed=None, destroyed_at=clock.now())

        make_statement(number=number)

        assert Statement.objects.get(number=number).state == "FAILED"


class TestFiles:
    def test_lie_sealed(self, wallet):
        statement = ready(wallet)

        lying = [bytes(part.content_sealed) for part in statement.parts.all()]
        assert len(lying) == len(Form)
        for content in lying:
            assert not any(plain in content for plain in (b"%PDF", b"PK\x03\x04", "人民路店".encode()))

    def test_are_counted(self, wallet):
        statement = ready(wallet)
        for form in Form:
            file_of(statement, form)

        assert Statement.objects.get(pk=statement.pk).downloads == 3

    def test_go_after_a_week_and_with_their_owner(self, wallet):
        statement = ready(wallet)
        with (
            time_machine.travel(clock.now() + timedelta(days=7, seconds=1), tick=False),
            pytest.raises(StatementExpired),
        ):
            file_of(statement, "pdf")
        PersonalKey.objects.filter(user=wallet.user_id).update(key_sealed=None, destroyed_at=clock.now())

        with pytest.raises(StatementExpired):
            file_of(statement, "csv")

    def test_of_somebody_else_are_not_there(self, wallet):
        statement = ready(wallet)

        with pytest.raises(NotFound):
            fetch_file(user_id=newcomer().user.pk, number=statement.number, form="pdf")


@pytest.mark.committed
def test_asked_for_twice_at_once_is_one_statement(committed_db, in_parallel):
    wallet = open_wallet(user_id=newcomer().user.pk)

    answers = in_parallel([partial(ask, wallet) for _each in range(4)])

    assert len({answer.number for answer in answers}) == 1


@pytest.mark.committed
def test_whatever_is_booked_while_it_is_read_what_is_ready_ties(committed_db, in_parallel):
    wallet = open_wallet(user_id=newcomer().user.pk)
    live_much(wallet, lines=300)
    statement = ask(wallet)
    Statement.objects.filter(pk=statement.pk).update(until=clock.now() + timedelta(minutes=1))

    def make():
        for _try in range(3):
            try:
                make_statement(number=statement.number)
            except statement_making._Unsettled:
                Statement.objects.filter(pk=statement.pk).update(tries=0, seen_at=None)

    in_parallel([make, *(partial(live_much, wallet, lines=40) for _each in range(3))])
    make()

    made = Statement.objects.get(pk=statement.pk)
    lines = [row for row in rows_of(file_of(made, "csv")) if len(row) == 11][1:]
    assert made.state == "READY"
    assert sum(Decimal(row[5]) for row in lines) * 100 == made.closing == made.lines * 100
