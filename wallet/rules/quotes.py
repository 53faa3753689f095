"""A quote: a fee that is promised for one move, for a while."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wallet.rules.kinds import MoveKind

QUOTE_LIFE = timedelta(minutes=5)

# When the other side has the money, as the customer is told before they confirm.
ARRIVALS: dict[str, Promise] = {
    MoveKind.TOP_UP: _("支付成功后立即到账"),
    MoveKind.PAY: _("立即完成"),
    MoveKind.TRANSFER: _("立即到账"),
    MoveKind.RED_PACKET: _("对方领取后立即到账，24 小时未领取退回"),
    MoveKind.WITHDRAW: _("预计 2 小时内到账"),
    MoveKind.BILL: _("预计 10 分钟内到账，以收费单位为准"),
}

# Whoever confirms names whom the money is for; a quote for one of them is none for another.
HAS_PAYEE = frozenset({MoveKind.TRANSFER, MoveKind.BILL})


def fingerprint_of(facts: Mapping[str, str]) -> bytes:
    """Two moves of the same kind with the same fingerprint go to the same place."""
    canonical = json.dumps(dict(facts), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).digest()
