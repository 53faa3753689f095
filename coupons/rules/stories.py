"""What a success story may say, and who came because of it."""

import re
from datetime import datetime, timedelta

JOINS_WITHIN = timedelta(hours=1)  # whoever opened a shared story so soon after their first login came by it

_OF_A_PERSON = re.compile(r"(?<!\d)(?:1\d{10}|\d{17}[\dXx]|\d{15,19})(?!\d)")


def tells_of_a_person(text: str) -> bool:
    """Whether there is a phone, an ID or a card number in it, whatever stands between the digits."""
    return bool(_OF_A_PERSON.search(re.sub(r"[\s\-·.]", "", text)))


def joined_by_it(*, registered_at: datetime, seen_at: datetime) -> bool:
    return seen_at - registered_at <= JOINS_WITHIN
