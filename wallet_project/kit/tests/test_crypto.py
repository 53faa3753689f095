"""What is sealed opens only whole, only for its row, and only with a key of the ring."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet_project.kit.crypto import (
    CannotOpen,
    blind_index,
    blind_indexes,
    blind_lock,
    new_key,
    new_token,
    open_sealed,
    open_with,
    seal,
    seal_with,
    token_hash,
)

ROW = "accounts.user.phone:7"
FIRST, SECOND = os.urandom(32), os.urandom(32)
SUITES = ["aes-256-gcm", "sm4-gcm"]


@pytest.fixture(params=SUITES)
def suite(request, settings):
    settings.FIELD_CIPHER = request.param


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_what_was_sealed_for_a_row_opens_for_it(text):
    assert open_sealed(seal(text, belongs_to=ROW), belongs_to=ROW) == text


@pytest.mark.usefixtures("suite")
def test_the_same_text_never_looks_the_same():
    assert seal("13800138000", belongs_to=ROW) != seal("13800138000", belongs_to=ROW)


@pytest.mark.usefixtures("suite")
def test_a_value_copied_to_another_row_does_not_open():
    sealed = seal("13800138000", belongs_to=ROW)

    for other in ("accounts.user.phone:8", "accounts.user.name:7", ""):
        with pytest.raises(CannotOpen):
            open_sealed(sealed, belongs_to=other)


@pytest.mark.usefixtures("suite")
def test_a_value_with_any_bit_changed_does_not_open():
    sealed = seal("13800138000", belongs_to=ROW)

    for position in range(len(sealed)):
        for bit in range(8):
            tampered = bytearray(sealed)
            tampered[position] ^= 1 << bit
            with pytest.raises(CannotOpen):
                open_sealed(bytes(tampered), belongs_to=ROW)


@pytest.mark.usefixtures("suite")
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


def test_what_one_suite_wrote_is_read_and_found_under_the_other(settings):
    for writing, reading in (SUITES, SUITES[::-1]):
        settings.FIELD_CIPHER = writing
        sealed, index = seal("13800138000", belongs_to=ROW), blind_index("13800138000", purpose="phone")

        settings.FIELD_CIPHER = reading

        assert open_sealed(sealed, belongs_to=ROW) == "13800138000"
        assert index in blind_indexes("13800138000", purpose="phone")
        assert blind_index("13800138000", purpose="phone") == blind_indexes("13800138000", purpose="phone")[0]
        assert blind_index("13800138000", purpose="phone") != index


def test_a_value_is_found_by_every_key_of_the_ring_and_by_no_other(settings):
    settings.INDEX_KEYS = {1: FIRST}
    old = blind_index("13800138000", purpose="phone")

    settings.INDEX_KEYS = {2: SECOND, 1: FIRST}

    assert old in blind_indexes("13800138000", purpose="phone")
    assert old not in blind_indexes("13800138001", purpose="phone")
    assert old not in blind_indexes("13800138000", purpose="id_card")
    settings.INDEX_KEYS = {2: SECOND}
    assert old not in blind_indexes("13800138000", purpose="phone")


def test_a_value_is_locked_by_one_number_while_the_keys_change(settings):
    rings = [{1: FIRST}, {1: FIRST, 2: SECOND}, {2: SECOND, 1: FIRST}]
    numbers = set()
    for settings.INDEX_KEYS in rings:
        for settings.FIELD_CIPHER in SUITES:
            numbers.add(blind_lock("13800138000", purpose="phone"))

    assert len(numbers) == 1
    assert numbers != {blind_lock("13800138001", purpose="phone")}


def test_a_key_of_ones_own_seals_what_the_ring_does_not_open():
    key = new_key()

    sealed = seal_with(key, "张三", belongs_to=ROW)

    assert open_with(key, sealed, belongs_to=ROW) == "张三"
    with pytest.raises(CannotOpen):
        open_with(new_key(), sealed, belongs_to=ROW)
    with pytest.raises(CannotOpen):
        open_sealed(sealed, belongs_to=ROW)


def test_a_token_is_long_fit_for_a_header_and_stored_as_a_hash():
    token = new_token()

    assert len(token) == 43
    assert token.replace("-", "").replace("_", "").isalnum()
    assert token != new_token()
    assert len(token_hash(token)) == 32
    assert token.encode() not in token_hash(token)
