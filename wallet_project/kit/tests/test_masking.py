"""Those who need not know see the ends of a thing, not the thing."""

import pytest

from wallet_project.kit.masking import (
    mask_card,
    mask_id_number,
    mask_ip,
    mask_middle,
    mask_name,
    mask_phone,
)


def test_a_phone_shows_its_ends():
    assert mask_phone("13800138000") == "138****8000"


@pytest.mark.parametrize("phone", ["", "1", "1234567", "1380013800"])
def test_what_is_too_short_to_hide_anything_is_hidden_whole(phone):
    assert mask_phone(phone) == "****"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("欧阳娜娜", "欧*"),
        ("阿卜杜拉·买买提", "阿*"),
        ("𠮷野", "𠮷*"),
        ("张", "*"),
        ("", "*"),
    ],
)
def test_a_name_shows_its_first_character_and_not_its_length(name, shown):
    assert mask_name(name) == shown


def test_an_id_number_shows_three_and_four():
    assert mask_id_number("11010519491231002X") == "110***********002X"


@pytest.mark.parametrize("number", ["6222021234567891234", "6222021234561234"])
def test_a_card_shows_six_and_four(number):
    assert mask_card(number) == "622202" + "*" * (len(number) - 10) + "1234"


@pytest.mark.parametrize("mask", [mask_id_number, mask_card])
@pytest.mark.parametrize("number", ["", "1234", "11010519491"])
def test_a_number_too_short_to_hide_anything_is_hidden_whole(mask, number):
    assert mask(number) == "****"


def test_an_identifier_shows_its_ends():
    assert mask_middle("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o") == "oUpF…eS6o"


@pytest.mark.parametrize("length", range(64))
def test_never_more_than_half_of_an_identifier_is_shown(length):
    text = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_-"[:length]

    assert sum(character in text for character in mask_middle(text)) <= length / 2


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("203.0.113.77", "203.0.113.*"),
        ("2001:db8:85a3::8a2e:370:7334", "2001:db8:85a3:*"),
        ("::ffff:203.0.113.77", "::ffff:203.0.113.*"),
        ("", ""),
    ],
)
def test_an_address_says_roughly_where(address, shown):
    assert mask_ip(address) == shown
