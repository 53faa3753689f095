"""Many questions at the same moment."""

import pytest

from wallet.errors import PayeeLookupsUsedUp, PayeeNotFound
from wallet.services.payees import payee_by_phone
from wallet.tests.factories import make_wallet

pytestmark = pytest.mark.committed


def test_many_questions_at_once_do_not_pass_the_cap(committed_db, settings, in_parallel):
    settings.PAYEE_LOOKUPS_A_DAY = 5
    asker = make_wallet().user_id

    answers = in_parallel([lambda: payee_by_phone(asker_id=asker, phone="10086")] * 40)

    kinds = [type(answer) for answer in answers]
    assert (kinds.count(PayeeNotFound), kinds.count(PayeeLookupsUsedUp)) == (5, 35)
