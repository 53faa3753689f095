import pytest

from payments.rules.cards import NotACardNumber, normalise_card_number


@pytest.mark.parametrize(
    "typed",
    ["6225750000000006", "6225 7500 0000 0006", "6225-7500-0000-0006", "6225\u30007500\u300000000006"],
)
def test_a_card_number_is_read_however_it_is_grouped(typed):
    assert normalise_card_number(typed) == "6225750000000006"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "6225750000000007",
        "622575000006",
        "62257500000000060000",
        "６２２５７５００００００００６",
        "6225x50000000006",
    ],
)
def test_what_nobodys_card_has_is_refused_and_not_repeated(typed):
    with pytest.raises(NotACardNumber) as refused:
        normalise_card_number(typed)

    assert str(refused.value) == ""
