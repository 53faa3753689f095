"""Those who need not know see the ends of a thing, not the thing."""

import pytest

from wallet_project.kit.masking import mask_middle, mask_phone


def test_a_phone_shows_its_ends():
    assert mask_phone("13800138000") == "138****8000"


@pytest.mark.parametrize("phone", ["", "1", "1234567", "1380013800"])
def test_what_is_too_short_to_hide_anything_is_hidden_whole(phone):
    assert mask_phone(phone) == "****"


def test_an_identifier_shows_its_ends():
    assert mask_middle("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o") == "oUpF…eS6o"


@pytest.mark.parametrize("length", range(64))
def test_never_more_than_half_of_an_identifier_is_shown(length):
    text = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_-"[:length]

    assert sum(character in text for character in mask_middle(text)) <= length / 2
