"""When so much leaves that it must stop itself."""

from collections.abc import Sequence
from statistics import mean, pstdev

from wallet_project.kit.money import Fen


def is_out_of_line(*, hour: Fen, before: Sequence[Fen]) -> bool:
    """
    An hour's fen against the same hour of the days `before`: more than three standard deviations above their
    mean. Without a history every hour is.
    """
    return not before or hour > mean(before) + 3 * pstdev(before)
