"""A receipt says what the record says, and hides people."""

import io
from datetime import timedelta

import pytest
from django.db.transaction import atomic
from django.utils import translation
from PIL import Image
from pypdf import PdfReader

from accounts.models import User
from accounts.tests.factories import known_by_name
from wallet.models import Record
from wallet.rules.kinds import JournalKind, RecordKind
from wallet.rules.postings import top_up_legs
from wallet.selectors.receipts import code_of, receipt_of, receipt_with
from wallet.services.ledger import post_journal
from wallet.services.receipt_papers import address_of, receipt_pdf, receipt_png
from wallet.services.records import write_record
from wallet.tests.factories import make_wallet, new_key
from wallet_project.kit import clock
from wallet_project.kit.tickets import make_ticket

pytestmark = pytest.mark.django_db


def receipt(kind=RecordKind.PAYMENT, **said):
    """Of a record of 94.99, 30.00 of them from the balance."""
    wallet = make_wallet()
    User.objects.filter(pk=wallet.user_id).update(nickname="小明同学")
    wallet.user.refresh_from_db()
    if said.pop("verified", None):
        known_by_name(wallet.user)
    legs = top_up_legs(wallet_id=wallet.pk, amount=3_000)
    journal = post_journal(kind=JournalKind.TOP_UP, key=new_key(), legs=legs)
    said = {"title": "双人套餐", "reference": "O261121201530123Q7K0M2Z9XWDAX", **said}
    with atomic():
        record = write_record(
            wallet_id=wallet.pk,
            journal=journal,
            kind=kind,
            balance_amount=3_000,
            channel_amount=6_499,
            **said,
        )
    return receipt_of(record.pk)


def text_of(pdf):
    [page] = PdfReader(io.BytesIO(pdf)).pages
    return page.extract_text()


def test_a_receipt_says_what_the_record_says():
    made = receipt(counterparty="store:renmin", counterparty_name="人民路店", fee=100)
    with translation.override("en"):
        text = text_of(receipt_pdf(made))

    for said in ("电子回单", "- ¥ 94.99", "付款", "小*", "人民路店", "30.00 元", "64.99 元", "1.00 元"):
        assert said in text
    for said in ("O261121201530123Q7K0M2Z9XWDAX", clock.in_words(made.at), str(made.record_id)):
        assert said in text
    assert "小明" not in text


def test_whoever_has_a_verified_name_is_called_by_it():
    assert receipt(verified=True).payer == "欧*"


def test_people_on_the_other_side_are_masked_and_money_comes_from_them():
    made = receipt(RecordKind.TRANSFER_IN, counterparty="user:0b1f", counterparty_name="李雷（李*）")

    assert (made.payer, made.payee) == ("李*", "小*")
    assert "+ ¥ 94.99" in text_of(receipt_pdf(made))


def test_names_that_the_typeface_lacks_leave_a_mark():
    assert "〓记" in text_of(receipt_pdf(receipt(counterparty="store:x", counterparty_name="𬱖记")))


def test_a_picture_is_a_picture():
    shown = Image.open(io.BytesIO(receipt_png(receipt())))

    assert (shown.format, shown.width) == ("PNG", 750)
    assert shown.height < 1_500


class TestChecking:
    def test_the_code_finds_the_receipt(self):
        made = receipt()

        assert receipt_with(code_of(made), at=clock.now()) == made
        assert address_of(made).startswith("http")

    def test_a_changed_code_finds_nothing(self):
        code = code_of(receipt())

        for place in range(0, len(code), 5):
            changed = code[:place] + ("A" if code[place] != "A" else "B") + code[place + 1 :]
            assert receipt_with(changed, at=clock.now()) is None
        assert receipt_with(code[:-8], at=clock.now()) is None
        assert receipt_with("", at=clock.now()) is None

    def test_what_was_made_for_something_else_is_no_code(self):
        made = receipt()
        other = make_ticket(made.record_id, purpose="wallet.receive", until=clock.now() + timedelta(days=1))

        assert receipt_with(other, at=clock.now()) is None

    def test_it_ends_after_ten_years(self):
        made = receipt()

        assert receipt_with(code_of(made), at=made.at + timedelta(days=3_652)) == made
        assert receipt_with(code_of(made), at=made.at + timedelta(days=3_654)) is None


def test_a_receipt_costs_one_query(django_assert_num_queries):
    record_id = receipt().record_id
    assert Record.objects.filter(pk=record_id).exists()

    with django_assert_num_queries(1):
        receipt_pdf(receipt_of(record_id))
