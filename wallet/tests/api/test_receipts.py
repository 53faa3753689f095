"""A receipt is fetched by a link of one's own and checked by anybody."""

from datetime import timedelta

import pytest
import time_machine
from django.db.transaction import atomic

from accounts.tests.factories import logged_in
from wallet.selectors.records import records_of
from wallet.services.top_ups import credit_top_up, open_top_up
from wallet.services.wallets import open_wallet
from wallet.tests.factories import new_key
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error

RECORDS = "/api/v1/wallet/records"


@pytest.fixture
def person(db):
    return logged_in(nickname="小明")


def record_of(person, amount=500):
    wallet = open_wallet(user_id=person.user.pk)
    with atomic():
        number = open_top_up(wallet_id=wallet.pk, amount=amount).number
        credit_top_up(number=number, key=new_key("wx:pay"), facts={})
    return records_of(person.user.pk)[0].pk


@pytest.fixture
def record_id(person):
    return record_of(person)


@pytest.fixture
def links(client_of, person, record_id):
    return client_of(person).get(f"{RECORDS}/{record_id}/receipt").json()


@pytest.mark.parametrize(
    ("link", "media", "begins"),
    [("pdf_url", "application/pdf", b"%PDF-"), ("image_url", "image/png", b"\x89PNG")],
)
def test_a_link_opens_without_a_token_and_with_ones_own(
    client, client_of, person, links, link, media, begins
):
    for asker in (client, client_of(person)):
        answer = asker.get(links[link])

        assert (answer.status_code, answer.headers["Content-Type"]) == (200, media)
        assert answer.content.startswith(begins)
        assert answer.headers["Cache-Control"] == "no-store"
    assert links["link_expires_in"] == 300


def test_a_link_opens_one_receipt_for_five_minutes(client, person, links, record_id):
    other = record_of(person)

    assert_error(
        client.get(links["pdf_url"].replace(f"/{record_id}/", f"/{other}/")), 403, "DOCUMENT_LINK_INVALID"
    )
    assert_error(client.get(links["pdf_url"][:-4] + "AAAA"), 403, "DOCUMENT_LINK_INVALID")
    assert_error(client.get(f"{RECORDS}/{record_id}/receipt/pdf"), 400, "INVALID_INPUT")
    with time_machine.travel(clock.now() + timedelta(seconds=301), tick=False):
        assert_error(client.get(links["pdf_url"]), 403, "DOCUMENT_LINK_INVALID")


def test_a_link_does_not_open_for_somebody_else_who_is_logged_in(client_of, links):
    assert_error(client_of(logged_in()).get(links["pdf_url"]), 403, "DOCUMENT_LINK_INVALID")


def test_a_link_ends_with_its_session(client, client_of, person, links):
    assert client_of(person).post("/api/v1/auth/logout").status_code == 204

    assert_error(client.get(links["pdf_url"]), 403, "DOCUMENT_LINK_INVALID")


def test_there_are_two_forms(client, links):
    assert_error(client.get(links["pdf_url"].replace("/pdf?", "/exe?")), 404, "NOT_FOUND")


def test_another_persons_receipt_looks_like_none(client_of, record_id):
    stranger = client_of(logged_in())

    theirs = assert_error(stranger.get(f"{RECORDS}/{record_id}/receipt"), 404, "NOT_FOUND")
    assert theirs == assert_error(stranger.get(f"{RECORDS}/999999999/receipt"), 404, "NOT_FOUND")


def test_anybody_may_check_a_receipt_and_learns_little(client, links):
    code = links["verify_url"].rpartition("/")[2]

    told = client.get(f"/api/v1/receipts/{code}").json()
    page = client.get(f"/receipts/{code}")

    assert told == {"valid": True, "amount": 500, "at": told["at"], "payer": "", "payee": "小*"}
    assert page.status_code == 200
    assert "核验通过" in page.content.decode()
    assert "¥ 5.00" in page.content.decode()
    assert "小明" not in page.content.decode()


@pytest.mark.parametrize("code", ["x", "AQAB" * 20, "%3Cscript%3E"])
def test_a_made_up_code_is_not_valid(client, code):
    answer, page = client.get(f"/api/v1/receipts/{code}"), client.get(f"/receipts/{code}")

    assert answer.status_code == 404 or answer.json() == {
        "valid": False,
        **dict.fromkeys(["amount", "at", "payer", "payee"]),
    }
    assert page.status_code == 404
    assert "<script>" not in page.content.decode()


def test_one_character_more_or_less_is_not_valid(client, links):
    code = links["verify_url"].rpartition("/")[2]

    for changed in (code[:-1], code + "A", code[:30] + ("A" if code[30] != "A" else "B") + code[31:]):
        assert client.get(f"/api/v1/receipts/{changed}").json()["valid"] is False
        assert "核验未通过" in client.get(f"/receipts/{changed}").content.decode()
