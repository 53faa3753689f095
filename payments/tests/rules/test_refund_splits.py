"""A refund goes back in the proportion in which the money came, to the fen, in whatever pieces."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.rules.refund_splits import Source, split_back
from wallet_project.kit.money import Fen

amounts = st.integers(min_value=1, max_value=10**9).map(Fen)
sources = st.lists(amounts, min_size=1, max_size=5)


@st.composite
def paid_and_pieces(draw):
    """What each source paid, and amounts that make up the whole."""
    paid = draw(sources)
    rest, pieces = sum(paid), []
    while rest and len(pieces) < 12:
        pieces.append(draw(st.integers(min_value=1, max_value=rest)))
        rest -= pieces[-1]
    return paid, [*pieces, rest] if rest else pieces


@given(paid_and_pieces())
def test_pieces_that_make_up_the_whole_restore_every_source_exactly(story):
    paid, pieces = story
    returned = [0] * len(paid)

    for upto, piece in enumerate(pieces, start=1):
        parts = split_back(Fen(piece), [Source(*pair) for pair in zip(paid, map(Fen, returned), strict=True)])
        returned = [before + part for before, part in zip(returned, parts, strict=True)]

        assert sum(parts) == piece
        assert min(parts) >= 0
        for source, back in zip(paid, returned, strict=True):
            assert back <= source
            assert abs(back - Fraction(source * sum(pieces[:upto]), sum(paid))) < 2

    assert returned == paid


@given(sources, st.data())
def test_what_was_given_up_in_between_changes_nothing(paid, data):
    """A refund that is refused frees its parts; what follows still restores every source exactly."""
    whole = sum(paid)
    first = data.draw(st.integers(min_value=1, max_value=whole))
    kept = split_back(Fen(first), [Source(source) for source in paid])
    if first == whole:
        return
    refused = data.draw(st.integers(min_value=1, max_value=whole - first))
    split_back(Fen(refused), [Source(source, back) for source, back in zip(paid, kept, strict=True)])

    rest = split_back(
        Fen(whole - first), [Source(source, back) for source, back in zip(paid, kept, strict=True)]
    )

    assert [a + b for a, b in zip(kept, rest, strict=True)] == paid


@given(sources, st.data())
def test_parts_given_up_out_of_turn_are_made_good(paid, data):
    """However uneven what is left has become, a refund fits into it, and the last one takes all of it."""
    returned = [Fen(data.draw(st.integers(min_value=0, max_value=min(source, 60)))) for source in paid]
    over = [Source(source, back) for source, back in zip(paid, returned, strict=True)]
    left = sum(source.left for source in over)
    if not left:
        return
    amount = data.draw(st.integers(min_value=1, max_value=left))

    parts = split_back(Fen(amount), over)

    assert sum(parts) == amount
    assert all(0 <= part <= source.left for part, source in zip(parts, over, strict=True))
    assert split_back(Fen(left), over) == [source.left for source in over]


@pytest.mark.parametrize(
    ("paid", "amount", "parts"),
    [
        ([100, 100], 1, [1, 0]),  # a leftover fen goes to the first that is furthest behind
        ([3000, 2800], 1000, [517, 483]),
        ([1, 1, 1], 2, [1, 1, 0]),
        ([1, 999], 500, [1, 499]),
        ([5000], 5000, [5000]),
    ],
)
def test_a_refund_is_split_to_the_fen(paid, amount, parts):
    assert split_back(Fen(amount), [Source(Fen(source)) for source in paid]) == parts


@pytest.mark.parametrize("amount", [0, -1, 201])
def test_nothing_and_more_than_is_left_are_no_refunds(amount):
    with pytest.raises(ValueError, match="still here"):
        split_back(Fen(amount), [Source(Fen(100)), Source(Fen(200), Fen(100))])
