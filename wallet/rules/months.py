"""Months as they are written: '2026-11'. In this form they sort as they follow."""


def months_ending(month: str, count: int) -> list[str]:
    """`count` months, the last of them `month`."""
    return [add_months(month, -back) for back in reversed(range(count))]


def months_of(year: str) -> list[str]:
    return [f"{year}-{number:02d}" for number in range(1, 13)]


def add_months(month: str, count: int) -> str:
    """'2026-12' + 1 → '2027-01'."""
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + count, 12)
    return f"{year:04d}-{number + 1:02d}"
