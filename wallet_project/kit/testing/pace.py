"""
The suite's pace.

Thousands of tests and all of our modules stay in memory until the end; looking through them for garbage again
and again took a sixth of the time. And whole systems, which take minutes each, come first: in the end neither
of two workers waits for the other.
"""

import gc

import pytest

gc.disable()  # while everything is imported and collected, nothing is thrown away


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("system") is None)


def pytest_collection_finish() -> None:
    """What is here now stays; what tests leave behind is looked for, if less often than Python would."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
