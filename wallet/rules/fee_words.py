"""Fees as people read them, in the language that is spoken now."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from wallet.rules.fees import FeeLine, FeeTerms
from wallet_project.kit.money import yuan


def percent(rate: int) -> str:
    """Basis points as people write them: 10 → '0.1%', 100 → '1%'."""
    return yuan(rate).rstrip("0").rstrip(".") + "%"


def terms_in_words(terms: FeeTerms) -> str:
    """金额的 0.1%，最低 ¥0.10，最高 ¥25.00，每月 ¥1,000.00 以内免费"""
    if terms.is_free:
        return _("免费")
    words = [_price_in_words(terms)]
    if terms.least and (terms.flat or terms.rate):
        words.append(_("最低 ¥{amount}").format(amount=yuan(terms.least)))
    if terms.most is not None:
        words.append(_("最高 ¥{amount}").format(amount=yuan(terms.most)))
    if terms.free.moves:
        words.append(_("每月前 {count} 笔免费").format(count=terms.free.moves))
    if terms.free.amount:
        words.append(_("每月 ¥{amount} 以内免费").format(amount=yuan(terms.free.amount)))
    return _("，").join(words)


def line_in_words(line: Mapping[str, Any]) -> str:
    """What one line of a breakdown stands for; its amount is shown beside it."""
    match line["line"]:
        case FeeLine.FREE_MOVE:
            return _("使用本月一次免费")
        case FeeLine.FREE_AMOUNT:
            return _("¥{amount} 在本月免费额度内").format(amount=yuan(line["of"]))
        case FeeLine.FLAT:
            return _("每笔固定")
        case FeeLine.RATE:
            return _("¥{amount} 的 {rate}").format(amount=yuan(line["of"]), rate=percent(line["rate"]))
        case FeeLine.LEAST:
            return _("补足最低 ¥{amount}").format(amount=yuan(line["least"]))
        case FeeLine.MOST:
            return _("减至最高 ¥{amount}").format(amount=yuan(line["most"]))
        case FeeLine.SPARED:
            return _("免手续费券")
    raise LookupError(line["line"])


def _price_in_words(terms: FeeTerms) -> str:
    if terms.flat and terms.rate:
        words = _("每笔 ¥{amount} 加金额的 {rate}")
    elif terms.rate:
        words = _("金额的 {rate}")
    else:
        words = _("每笔 ¥{amount}")
    return words.format(amount=yuan(terms.flat or terms.least), rate=percent(terms.rate))
