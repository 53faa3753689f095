"""A month is lived, its statement asked for, downloaded in every form, and it adds up."""

import csv
import io
from decimal import Decimal

import requests
from pypdf import PdfReader

from wallet_project.kit import clock


def test_a_month_adds_up_to_the_fen(customer, top_up, place_order, pay, settled, web_server):
    top_up(customer, 10_000)
    pay(customer, place_order(customer, 3_001), "balance")
    started = pay(customer, place_order(customer, 9_999), "combined")
    customer.confirm(started["pay_params"])
    settled()

    asked = customer.post("wallet/statements", {"month": clock.business_month(clock.now())})
    assert asked.status_code == 202, asked.text
    settled()
    shown = customer.get(f"wallet/statements/{asked.json()['number']}").json()

    assert (shown["state"], shown["opening"], shown["closing"], shown["lines"]) == ("READY", 0, 0, 3)
    files = {file["form"]: requests.get(web_server + file["url"], timeout=20) for file in shown["files"]}
    assert {answer.status_code for answer in files.values()} == {200}
    rows = [
        row for row in csv.reader(io.StringIO(files["csv"].content.decode("utf-8-sig"))) if len(row) == 11
    ]
    assert [row[5] for row in rows[1:]] == ["100.00", "-30.01", "-69.99"]
    assert [row[6] for row in rows[1:]] == ["0.00", "0.00", "30.00"]
    assert sum(Decimal(row[5]) for row in rows[1:]) == customer.get("wallet").json()["total"] == 0
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(files["pdf"].content)).pages)
    assert shown["number"] in text
    assert "人民路店" in text
    checked = customer.get("statements/check", number=shown["number"], checksum=shown["checksum"]).json()
    assert (checked["valid"], checked["closing"]) == (True, 0)


def test_what_was_paid_has_a_receipt_that_anybody_may_check(customer, top_up, place_order, pay, web_server):
    top_up(customer, 10_000)
    pay(customer, place_order(customer, 3_001), "balance")
    newest = customer.get("wallet/records").json()["items"][0]

    links = customer.get(f"wallet/records/{newest['id']}/receipt").json()

    assert requests.get(web_server + links["pdf_url"], timeout=20).content.startswith(b"%PDF-")
    assert requests.get(web_server + links["image_url"], timeout=20).content.startswith(b"\x89PNG")
    page = requests.get(links["verify_url"], timeout=20)
    assert (page.status_code, "¥ 30.01" in page.text, "人民路店" in page.text) == (200, True, True)
