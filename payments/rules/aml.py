"""
Large and suspicious dealings of one day (反洗钱法; 金融机构大额交易和可疑交易报告管理办法 第五条、第十一条).

Amounts in fen. A finding is for whoever reports; its subject and support never learn of it.
"""

from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.money import Fen

LARGE: Final = Fen(50_000_00)
PASSED_THROUGH_FROM: Final = Fen(5_000_00)
PASSED_THROUGH_PERCENT: Final = 90
MANY_PAYERS: Final = 10
SPLIT_TIMES: Final = 5
SPLIT_FROM: Final = Fen(900_00)  # several just below a thousand
SPLIT_BELOW: Final = Fen(1_000_00)


class AmlKind(TextChoices):
    LARGE = "LARGE", _("大额交易")
    SUSPICIOUS = "SUSPICIOUS", _("可疑交易")


class AmlReason(TextChoices):
    LARGE_SUM = "LARGE_SUM", _("当日累计达到大额标准")
    PASSED_THROUGH = "PASSED_THROUGH", _("资金快进快出，几乎不留余额")
    MANY_PAYERS = "MANY_PAYERS", _("分散转入、集中转出")
    SPLIT_UP = "SPLIT_UP", _("多笔金额刚好低于整数关口")


class AmlState(TextChoices):
    """NEW → REPORTED or DISMISSED."""

    NEW = "NEW", _("待研判")
    REPORTED = "REPORTED", _("已报告")
    DISMISSED = "DISMISSED", _("已排除")


AML_MOVES: Final = {AmlState.NEW: {AmlState.REPORTED, AmlState.DISMISSED}}


@dataclass(frozen=True, kw_only=True)
class Day:
    """What one person moved on one day: in by top-ups and from people, out of the balance."""

    came: Fen
    went: Fen
    payers: int
    just_below: int


def reasons_of(day: Day) -> list[AmlReason]:
    """Why a day must be looked at; none for most."""
    found = []
    if max(day.came, day.went) >= LARGE:
        found.append(AmlReason.LARGE_SUM)
    passed = day.came > 0 and day.went * 100 >= day.came * PASSED_THROUGH_PERCENT
    if passed and day.went >= PASSED_THROUGH_FROM:
        found.append(AmlReason.PASSED_THROUGH)
    if passed and day.payers >= MANY_PAYERS:
        found.append(AmlReason.MANY_PAYERS)
    if day.just_below >= SPLIT_TIMES:
        found.append(AmlReason.SPLIT_UP)
    return found


def kind_of(reason: AmlReason) -> AmlKind:
    return AmlKind.LARGE if reason is AmlReason.LARGE_SUM else AmlKind.SUSPICIOUS
