"""What is sealed opens only whole, only for its row, and only with a key of the ring."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet_project.kit.crypto import CannotOpen, blind_index, new_token, open_sealed, seal, token_hash

ROW = "accounts.user.phone:7"
FIRST, SECOND = os.urandom(32), os.urandom(32)


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_what_was_sealed_for_a_row_opens_for_it(text):
    assert open_sealed(seal(text, belongs_to=ROW), belongs_to=ROW) == text


def test_the_same_text_never_looks_the_same():
    assert seal("13800138000", belongs_to=ROW) != seal("13800138000", belongs_to=ROW)


def test_a_value_copied_to_another_row_does_not_open():
    sealed = seal("13800138000", belongs_to=ROW)

    for other in ("accounts.user.phone:8", "accounts.user.name:7", ""):
        with pytest.raises(CannotOpen):
            open_sealed(sealed, belongs_to=other)


def test_a_value_with_any_bit_changed_does_not_open():
    sealed = seal("13800138000", belongs_to=ROW)

    for position in range(len(sealed)):
        for bit in range(8):
            tampered = bytearray(sealed)
            tampered[position] ^= 1 << bit
            with pytest.raises(CannotOpen):
                open_sealed(bytes(tampered), belongs_to=ROW)


def test_a_value_cut_short_or_lengthened_does_not_open():
    sealed = seal("13800138000", belongs_to=ROW)

    for length in range(len(sealed)):
        with pytest.raises(CannotOpen):
            open_sealed(sealed[:length], belongs_to=ROW)
    with pytest.raises(CannotOpen):
        open_sealed(sealed + b"\0", belongs_to=ROW)


def test_a_new_key_writes_while_the_old_one_still_reads(settings):
    settings.FIELD_KEYS = {1: FIRST}
    old = seal("before", belongs_to=ROW)

    settings.FIELD_KEYS = {2: SECOND, 1: FIRST}
    new = seal("after", belongs_to=ROW)

    assert open_sealed(old, belongs_to=ROW) == "before"
    assert open_sealed(new, belongs_to=ROW) == "after"
    settings.FIELD_KEYS = {2: SECOND}
    assert open_sealed(new, belongs_to=ROW) == "after"
    with pytest.raises(CannotOpen):
        open_sealed(old, belongs_to=ROW)


def test_another_key_of_the_same_number_opens_nothing(settings):
    settings.FIELD_KEYS = {1: FIRST}
    sealed = seal("secret", belongs_to=ROW)

    settings.FIELD_KEYS = {1: SECOND}

    with pytest.raises(CannotOpen):
        open_sealed(sealed, belongs_to=ROW)


def test_a_blind_index_finds_a_value_for_one_purpose_with_one_key(settings):
    index = blind_index("13800138000", purpose="phone")

    assert index == blind_index("13800138000", purpose="phone")
    assert len(index) == 19
    assert index != blind_index("13800138001", purpose="phone")
    assert index != blind_index("13800138000", purpose="id_card")
    settings.INDEX_KEYS = {1: os.urandom(32)}
    assert index != blind_index("13800138000", purpose="phone")


def test_a_token_is_long_fit_for_a_header_and_stored_as_a_hash():
    token = new_token()

    assert len(token) == 43
    assert token.replace("-", "").replace("_", "").isalnum()
    assert token != new_token()
    assert len(token_hash(token)) == 32
    assert token.encode() not in token_hash(token)
