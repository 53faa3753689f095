"""The statement of a month, as the mini-program asks for it and as anybody checks it."""

from datetime import timedelta

import pytest
import time_machine

from accounts.tests.factories import logged_in, newcomer
from wallet.models import Statement
from wallet.services.statement_making import make_statement
from wallet.services.wallets import open_wallet
from wallet.tests.months import live_a_little
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.models import Job
from wallet_project.kit.testing.assertions import assert_error

STATEMENTS = "/api/v1/wallet/statements"


@pytest.fixture
def person(db):
    person = logged_in(nickname="小明")
    live_a_little(open_wallet(user_id=person.user.pk))
    return person


def ask(client, month=None):
    return client.post(STATEMENTS, {"month": month or clock.business_month(clock.now())}, format="json")


def ready(client):
    number = ask(client).json()["number"]
    make_statement(number=number)
    return client.get(f"{STATEMENTS}/{number}").json()


def test_it_is_queued_made_and_downloaded_in_three_forms(client, client_of, person):
    mine = client_of(person)
    asked = ask(mine)
    assert (asked.status_code, asked.json()["state"], asked.json()["percent"]) == (202, "QUEUED", 0)
    assert mine.get(f"{STATEMENTS}/{asked.json()['number']}").json()["files"] == []

    make_statement(number=asked.json()["number"])
    shown = mine.get(f"{STATEMENTS}/{asked.json()['number']}").json()

    assert (shown["state"], shown["state_name"], shown["percent"]) == ("READY", "可下载", 100)
    assert (shown["opening"], shown["closing"], shown["lines"], shown["is_provisional"]) == (
        0,
        6_500,
        4,
        True,
    )
    begins = {"pdf": b"%PDF-", "csv": "\ufeff".encode(), "xlsx": b"PK\x03\x04"}
    for file in shown["files"]:
        answer = client.get(file["url"])
        assert answer.status_code == 200
        assert answer.content.startswith(begins.pop(file["form"]))
        assert answer.headers["Cache-Control"] == "no-store"
    assert begins == {}
    noted = AuditEntry.objects.filter(action="wallet.statement.downloaded", subject=f"user:{person.user.pk}")
    assert noted.count() == 3


def test_my_statements_are_listed_newest_first(client_of, person, django_assert_num_queries):
    mine = client_of(person)
    first, second = ready(mine), ready(mine)
    mine.get(STATEMENTS)

    with django_assert_num_queries(1):  # a page
        page = mine.get(STATEMENTS).json()

    assert [item["number"] for item in page["items"]] == [second["number"], first["number"]]


def test_it_is_given_to_who_does_not_agree_to_anything(client_of, db):
    person = newcomer()
    open_wallet(user_id=person.user.pk)

    assert ready(client_of(person))["state"] == "READY"


@pytest.mark.parametrize("month", ["2026-13", "latest", "20２６-01", "2026-1", 202611, None, ["2026-11"]])
def test_what_is_no_month_is_refused(client_of, person, month):
    answer = client_of(person).post(STATEMENTS, {"month": month}, format="json")

    assert_error(answer, 400, "INVALID_INPUT")
    assert not Statement.objects.exists()
    assert not Job.objects.filter(task="wallet.make_statement").exists()


def test_a_month_that_the_wallet_did_not_live_is_refused_with_those_it_did(client_of, person):
    month = clock.business_month(clock.now())

    assert assert_error(ask(client_of(person), "2020-01"), 409, "STATEMENT_OUT_OF_RANGE") == {
        "first": month,
        "last": month,
    }


@pytest.mark.parametrize("end", ["", "/pdf?token=x"])
def test_of_somebody_else_looks_like_one_that_does_not_exist(client_of, person, end):
    number = ready(client_of(person))["number"]
    stranger = client_of(logged_in())

    theirs = stranger.get(f"{STATEMENTS}/{number}{end}")
    nobodys = stranger.get(f"{STATEMENTS}/S2611212015301237Q4K0M2Z9XWDCX{end}")

    assert theirs.status_code == nobodys.status_code == (403 if end else 404)
    assert theirs.json()["code"] == nobodys.json()["code"]


def test_a_link_is_for_one_statement_one_person_one_session_and_five_minutes(client, client_of, person):
    mine = client_of(person)
    other, shown = ready(mine), ready(mine)
    link = shown["files"][0]["url"]

    assert_error(client_of(logged_in()).get(link), 403, "DOCUMENT_LINK_INVALID")
    assert_error(client.get(link.replace(shown["number"], other["number"])), 403, "DOCUMENT_LINK_INVALID")
    assert_error(client.get(link[:-4] + "AAAA"), 403, "DOCUMENT_LINK_INVALID")
    assert_error(client.get(link.replace("/pdf?", "/exe?")), 404, "NOT_FOUND")
    with time_machine.travel(clock.now() + timedelta(seconds=301), tick=False):
        assert_error(client.get(link), 403, "DOCUMENT_LINK_INVALID")
    mine.post("/api/v1/auth/logout")
    assert_error(client.get(link), 403, "DOCUMENT_LINK_INVALID")
    assert Statement.objects.get(number=shown["number"]).downloads == 0


def test_after_a_week_it_is_asked_for_again(client, client_of, person):
    shown = ready(client_of(person))
    Statement.objects.filter(number=shown["number"]).update(expires_at=clock.now())

    assert client_of(person).get(f"{STATEMENTS}/{shown['number']}").json()["state"] == "EXPIRED"
    assert_error(client.get(shown["files"][0]["url"]), 410, "STATEMENT_EXPIRED")


def test_anybody_checks_a_paper_by_its_number_and_checksum(client, client_of, person):
    shown = ready(client_of(person))
    number, checksum = shown["number"], shown["checksum"]

    told = client.get(f"/api/v1/statements/check?number={number}&checksum={checksum}").json()
    page = client.get(f"/statements/{number}/{checksum}")

    assert told == {
        "valid": True,
        **{name: shown[name] for name in ("month", "is_provisional", "opening", "closing", "lines")},
        "holder": "小*",
    }
    assert page.status_code == 200
    assert "核验通过" in page.content.decode()
    assert "小明" not in page.content.decode()


@pytest.mark.parametrize("changed", ["0" * 64, "", "%00", "9f2c"])
def test_a_changed_paper_is_not_genuine(client, client_of, person, changed):
    number = ready(client_of(person))["number"]

    answer = client.get(f"/api/v1/statements/check?number={number}&checksum={changed}")

    assert answer.status_code == 400 or answer.json()["valid"] is False
    assert client.get(f"/statements/{number}/{changed or 'x'}").status_code == 404
