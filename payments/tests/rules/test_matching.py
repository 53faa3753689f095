"""Money is ours to credit only when everything is as we asked."""

import dataclasses

import pytest

from payments.rules.cases import CaseKind
from payments.rules.matching import Expected, Received, mismatch

ASKED = Expected(appid="wx1", mchid="19", amount=800, openid="o1")
TOLD = Received(appid="wx1", mchid="19", amount=800, currency="CNY", openid="o1")


def test_what_is_as_asked_matches():
    assert mismatch(expected=ASKED, received=TOLD) is None


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"appid": "wx2"}, CaseKind.MERCHANT_MISMATCH),
        ({"mchid": "20"}, CaseKind.MERCHANT_MISMATCH),
        ({"currency": "USD"}, CaseKind.CURRENCY_MISMATCH),
        ({"currency": None}, CaseKind.CURRENCY_MISMATCH),
        ({"amount": 799}, CaseKind.AMOUNT_MISMATCH),
        ({"amount": None}, CaseKind.AMOUNT_MISMATCH),
        ({"openid": "o2"}, CaseKind.PAYER_MISMATCH),
        ({"openid": None}, CaseKind.PAYER_MISMATCH),
        ({"mchid": "20", "amount": 1, "openid": "o2"}, CaseKind.MERCHANT_MISMATCH),
    ],
)
def test_each_difference_has_its_name_and_the_gravest_comes_first(changed, kind):
    assert mismatch(expected=ASKED, received=dataclasses.replace(TOLD, **changed)) == kind
