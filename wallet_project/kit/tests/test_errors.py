"""A failure has a name, a code and its facts."""

import pytest

from wallet_project.kit.errors import DomainError


class TooHot(DomainError):
    code = "TOO_HOT"
    message = "太热"
    facts = ("degrees",)


def test_a_failure_carries_the_facts_it_declared():
    failure = TooHot(degrees=99)

    assert failure.detail == {"degrees": 99}
    assert str(failure) == "TOO_HOT {'degrees': 99}"
    assert str(TooHot()) == "TOO_HOT"


def test_a_fact_nobody_declared_is_a_mistake_in_the_code():
    with pytest.raises(TypeError, match="TooHot has no fact named colour"):
        TooHot(degrees=99, colour="red")
