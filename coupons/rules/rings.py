"""
People who invite each other only to be rewarded: what gives them away, and how much each sign weighs.

Pure: a circle in, signs out. From what weight on somebody looks is a risk rule that two people may change.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices

MOST: Final = 100


@dataclass(frozen=True, kw_only=True)
class Circle:
    """
    A newcomer, whoever invited them, and whom those invited before.

    `on_device`: how many of the others have used one of the newcomer's devices. `on_network`: how many others
    came within a day from the newcomer's network (IPv4 /24, IPv6 /64). `invited`: newcomers of this inviter;
    of them `closed` have dealt with people, and only with people of this circle, and `idle` have done nothing
    in the week after they came. `chain`: how many people in a row, up to this newcomer, were each brought
    within two days of the one before.

    One who comes back with the phone, openid or ID number of another is no sign but no newcomer
    (services.real_people).
    """

    on_device: int = 0
    on_network: int = 0
    invited: int = 1
    closed: int = 0
    idle: int = 0
    chain: int = 1


class Sign(TextChoices):
    SAME_DEVICE = "SAME_DEVICE", "与邀请人或其邀请过的人用同一设备"
    SAME_NETWORK = "SAME_NETWORK", "一天内成批来自同一网络"
    CLOSED = "CLOSED", "多数被邀请人只与圈内人往来"
    STAR = "STAR", "邀请很多人，几乎都没有使用"
    CHAIN = "CHAIN", "一个接一个迅速邀请"


# Sign → its weight, and when it is there. Families share a network, and many try a thing once: such a sign
# alone is none, two of them together make somebody look.
_SIGNS: Final[Mapping[Sign, tuple[int, Callable[[Circle], bool]]]] = {
    Sign.SAME_DEVICE: (70, lambda circle: circle.on_device >= 1),
    Sign.SAME_NETWORK: (40, lambda circle: circle.on_network >= 3),
    Sign.CLOSED: (60, lambda circle: circle.closed >= 3 and circle.closed * 2 >= circle.invited),
    Sign.STAR: (40, lambda circle: circle.idle >= 8 and circle.idle * 10 >= circle.invited * 8),
    Sign.CHAIN: (60, lambda circle: circle.chain >= 4),
}


def signs_of(circle: Circle) -> list[Sign]:
    return [sign for sign, (_weight, is_there) in _SIGNS.items() if is_there(circle)]


def suspicion_of(signs: list[Sign]) -> int:
    """0 to 100."""
    return min(sum(_SIGNS[sign][0] for sign in signs), MOST)
