"""Red packets, sent with whatever has to be proven for them, and people to open them."""

import uuid
from typing import Any

from accounts.errors import StepUpRequired
from accounts.models import User
from accounts.rules.kyc import KycLevel
from accounts.tests.factories import LoggedIn, grant_of
from wallet.models import RedPacket
from wallet.rules.red_packets import PacketKind
from wallet.services.red_packets import RedPacketTerms, send_red_packet
from wallet.services.wallets import open_wallet
from wallet.tests.dealings import Person, somebody, token_for
from wallet_project.kit import clock


def member(principal: int = 0, *, nickname: str = "小满") -> Person:
    """Somebody of the group, with a PIN and a phone."""
    return somebody(principal, level=KycLevel.I, nickname=nickname)


def members(number: int) -> list[Person]:
    """Many of them, who never log in: it would take too long."""
    now, people = clock.now(), []
    for _ in range(number):
        user = User.objects.create()
        user.set_phone(f"136{uuid.uuid4().int % 10**8:08d}", at=now)
        user.save()
        login = LoggedIn(user, None, None)  # type: ignore[arg-type]
        people.append(Person(login, open_wallet(user_id=user.pk)))
    return people


def send_packet(
    sender: Person,
    *,
    amount: int,
    count: int = 1,
    kind: str = PacketKind.LUCKY,
    greeting: str = "新年好",
    to: Person | None = None,
) -> RedPacket:
    wish: dict[str, Any] = {
        "sender_id": sender.id,
        "device_id": sender.login.device.device_id,
        "terms": RedPacketTerms(
            kind=PacketKind(kind),
            amount=amount,
            count=count,
            greeting=greeting,
            payee_token=token_for(sender, to) if to else "",
        ),
    }
    try:
        return send_red_packet(**wish)
    except StepUpRequired as asked:
        return send_red_packet(**wish, grant=grant_of(asked.detail["challenge_id"]))
