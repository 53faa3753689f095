"""Two inviters want the same newcomer at the same moment."""

import pytest

from coupons.errors import InviteNotBound
from coupons.models import Referral
from coupons.services.referrals import bind_inviter, invite_code_of
from coupons.tests.referrals import program, somebody

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


def test_of_two_inviters_at_once_one_has_brought_the_newcomer(in_parallel):
    program()
    codes = [invite_code_of(somebody().user.pk).code for _number in range(2)]
    newcomer = somebody().user

    answers = in_parallel(
        [lambda code=code: bind_inviter(user_id=newcomer.pk, code=code) for code in codes * 4], threads=8
    )

    [bound] = Referral.objects.filter(newcomer=newcomer)
    assert {answer.pk for answer in answers if isinstance(answer, Referral)} == {bound.pk}
    refused = [answer for answer in answers if isinstance(answer, InviteNotBound)]
    assert len(refused) == 4
