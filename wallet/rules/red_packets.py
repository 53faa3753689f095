"""
How a red packet is shared out: whole fen, nobody gets nothing, the sum is exact.

A lucky packet is drawn when it is sent. Each share is uniform about the average of what is left (from one fen
to twice the average, the way everybody knows it), and the shares are shuffled at the end: the last ones of
such a drawing swing more widely than the first, but after shuffling every place is as good as any other.
Cutting the sum at random places would be as fair, and would disappoint most people for the sake of a few:
half of them would get less than seven tenths of the average.
"""

from random import Random

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from wallet.errors import RedPacketImpossible
from wallet_project.kit.money import Fen

SHARES_MOST = 500  # whatever the settings say
GREETING = "恭喜发财，大吉大利"
GREETING_LONGEST = 25


class PacketKind(TextChoices):
    FIXED = "fixed", _("普通红包")
    LUCKY = "lucky", _("拼手气红包")


class Audience(TextChoices):
    PERSON = "person", _("发给一个人")
    GROUP = "group", _("发到群里")


def require_possible(*, kind: str, amount: Fen, count: int, share_max: Fen) -> None:
    """
    :raises RedPacketImpossible: somebody would get nothing or too much, or the same for all does not work out
    """
    least, most = Fen(count), Fen(count * share_max)
    if amount < least:
        raise RedPacketImpossible(reason="SHARE_TOO_SMALL", least=least, most=most)
    if amount > most:
        raise RedPacketImpossible(reason="SHARE_TOO_LARGE", least=least, most=most)
    if kind == PacketKind.FIXED and amount % count:
        raise RedPacketImpossible(reason="UNEVEN", least=least, most=most)


def shares_of(*, kind: str, amount: Fen, count: int, share_max: Fen, chance: Random) -> list[Fen]:
    """
    What the first, the second … to open it will get. Money is drawn with `secrets.SystemRandom()`.

    :raises RedPacketImpossible: as `require_possible`
    """
    require_possible(kind=kind, amount=amount, count=count, share_max=share_max)
    if kind == PacketKind.FIXED:
        return [Fen(amount // count)] * count
    return _lucky(amount=amount, count=count, share_max=share_max, chance=chance)


def _lucky(*, amount: Fen, count: int, share_max: Fen, chance: Random) -> list[Fen]:
    """
    Both ends of each drawing lie equally far from the average a of what is left, and so that it still works
    out for the n − 1 others: a share of 2a − 1 at most leaves them one fen each, one of 2a − share_max at
    least leaves them no more than share_max each.
    """
    shares, left = [], int(amount)
    for people in range(count, 1, -1):
        lowest = max(1, -(-2 * left // people) - share_max)
        highest = min(int(share_max), 2 * left // people - 1)
        share = chance.randint(lowest, highest)
        shares.append(Fen(share))
        left -= share
    shares.append(Fen(left))
    chance.shuffle(shares)
    return shares
