"""The steps of one move of money, in the words in which its owner reads them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wallet.rules.kinds import JournalKind
from wallet_project.kit.money import Fen


class StepKind(TextChoices):
    """What is not a record of its own; a record's step has the record's kind."""

    CREATED = "created", _("发起充值")
    PLACED = "placed", _("冻结金额")
    CAPTURED = "captured", _("扣除冻结金额")
    VOIDED = "voided", _("释放冻结金额")
    EXPIRED = "expired", _("冻结到期，已释放")
    SETTLED = "settled", _("微信已退回原支付方式")


# What happens at our accounts only, after the customer's: it moves nothing of theirs, but they wait for it.
SETTLEMENTS: dict[str, StepKind] = {JournalKind.PAYOUT_SETTLED: StepKind.SETTLED}


@dataclass(frozen=True, kw_only=True)
class Step:
    """`code` is a RecordKind or a StepKind."""

    at: datetime
    code: str
    name: str | Promise
    amount: Fen
