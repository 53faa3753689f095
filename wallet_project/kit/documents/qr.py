"""An address as the squares of a QR code."""

from collections.abc import Iterator

import segno


def squares_of(address: str) -> tuple[int, Iterator[tuple[int, int]]]:
    """Squares on a side, with its quiet border, and (column, row) of every dark one, from the top."""
    border = 2
    matrix = segno.make(address, error="m", micro=False).matrix
    dark = (
        (column + border, row + border)
        for row, line in enumerate(matrix)
        for column, bit in enumerate(line)
        if bit
    )
    return len(matrix) + 2 * border, dark
