"""What many answers come to, against numbers worked out by hand."""

import pytest

from feedback.rules.scores import net_promoter, satisfaction


@pytest.mark.parametrize(
    ("counts", "percent", "mean"),
    [
        ({5: 6, 4: 2, 3: 1, 1: 1}, 80, 4.2),
        ({5: 1, 1: 2}, 33, 7 / 3),
        ({4: 1, 3: 7}, 13, 3.125),  # 12.5 is rounded up
        ({1: 3}, 0, 1.0),
        ({}, None, None),
    ],
)
def test_four_and_five_are_satisfied(counts, percent, mean):
    found = satisfaction(counts)

    assert found.percent == percent
    assert found.mean == (None if mean is None else pytest.approx(mean))
    assert found.answers == sum(counts.values())


@pytest.mark.parametrize(
    ("counts", "parts", "score"),
    [
        ({10: 50, 9: 20, 8: 10, 7: 10, 6: 5, 0: 5}, (70, 20, 10), 60),
        ({9: 1, 6: 1}, (1, 0, 1), 0),
        ({0: 4}, (0, 0, 4), -100),
        ({7: 2, 8: 1}, (0, 3, 0), 0),
        ({10: 1, 8: 7}, (1, 7, 0), 13),
        ({0: 1, 8: 7}, (0, 7, 1), -13),  # the mirror image is as far from zero
        ({}, (0, 0, 0), None),
    ],
)
def test_promoters_less_detractors(counts, parts, score):
    found = net_promoter(counts)

    assert (found.promoters, found.passives, found.detractors) == parts
    assert found.score == score


def test_few_answers_say_little():
    # 60 of 100: sqrt((0.8 - 0.36) / 100) = 0.0663, times 1.96 is 13.0
    assert net_promoter({10: 70, 8: 20, 0: 10}).margin == 14
    assert net_promoter({10: 7, 8: 2, 0: 1}).margin == 42
    assert net_promoter({10: 5}).margin == 0
    assert net_promoter({}).margin is None
