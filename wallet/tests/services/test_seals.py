"""Blocks of a hash chain over what was posted."""

import hashlib
import logging

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from wallet.models import Seal
from wallet.rules.postings import suspense_in_legs
from wallet.services.integrity import check_ledger, is_sealed
from wallet.services.ledger import post_journal
from wallet.services.seals import seal_journals
from wallet.tests.factories import new_key, seal_everything


def post_something():
    return post_journal(kind="suspense_in", key=new_key(), legs=suspense_in_legs(amount=1))


@pytest.mark.committed
@pytest.mark.usefixtures("committed_db")
class TestSealing:
    def test_each_block_is_sealed_once_on_top_of_the_last(self):
        post_something()
        seal_everything()
        before = Seal.objects.order_by("height").last()
        post_something()
        post_something()

        assert seal_everything() == 2
        assert seal_journals() == 0

        fresh = list(Seal.objects.filter(height__gt=before.height).order_by("height"))
        assert [seal.height for seal in fresh] == [before.height + 1 + n for n in range(len(fresh))]
        assert sum(seal.journals for seal in fresh) == 2
        assert fresh[0].before_xid > before.before_xid
        assert check_ledger().head == fresh[-1].head

    def test_the_head_is_published_in_the_log(self, caplog):
        post_something()

        with caplog.at_level(logging.INFO, logger="wallet.services.seals"):
            seal_everything()

        assert caplog.records[-1].head == Seal.objects.order_by("height").last().head
        assert is_sealed(caplog.records[-1].head)

    @pytest.mark.parametrize(
        "head", ["", "1", "1:", "x:00", f"1:{hashlib.sha256(b'').hexdigest()}", "999999:00"]
    )
    def test_what_was_never_published_is_not_in_the_chain(self, head):
        post_something()
        seal_everything()

        assert not is_sealed(head)


@pytest.mark.committed
def test_a_head_is_logged_only_when_it_is_committed(committed_db):
    with transaction.atomic(), pytest.raises(TransactionManagementError):
        seal_journals()
