"""The number of a mainland identity card (GB 11643-1999): can it exist, and when was its holder born?"""

import unicodedata
from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import ValidationError
from stdnum.util import isdigits

# How long a card is valid, by its holder's age when it was issued (身份证法 §5). From 46 on it has no end.
_VALID_YEARS = ((16, 5), (26, 10), (46, 20))


class NotAnIdNumber(ValueError):
    """Not eighteen characters, a wrong check character, or a birthday that no calendar has."""


def normalise_id_number(text: str, *, today: date) -> str:
    """
    Eighteen characters, the last one a digit or X.

    The first six, the place, are not looked up: counties come and go, and a list that is a year old would
    refuse people who exist.

    :raises NotAnIdNumber: nobody has this number
    """
    number = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if len(number) != 18 or not number.isascii() or not isdigits(number[:-1]):
        raise NotAnIdNumber
    if number[-1] != ric.calc_check_digit(number) or not date(1900, 1, 1) <= birthday_of(number) <= today:
        raise NotAnIdNumber
    return number


def birthday_of(id_number: str) -> date:
    """
    :raises NotAnIdNumber: no calendar has this day
    """
    try:
        return ric.get_birth_date(id_number)
    except ValidationError:
        raise NotAnIdNumber from None


def turns(birthday: date, years: int) -> date:
    """The day on which somebody has this age; who was born on 29 February waits for 1 March."""
    try:
        return birthday.replace(year=birthday.year + years)
    except ValueError:
        return date(birthday.year + years, 3, 1)


def age_on(day: date, *, birthday: date) -> int:
    """Full years."""
    return day.year - birthday.year - (day < turns(birthday, day.year - birthday.year))


def latest_end(birthday: date, *, issued_by: date) -> date | None:
    """The latest day that a card issued by then may name as its last; None: it may have no end."""
    age = age_on(issued_by, birthday=birthday)
    for below, years in _VALID_YEARS:
        if age < below:
            return turns(issued_by, years)
    return None
