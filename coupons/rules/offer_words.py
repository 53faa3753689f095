"""A template's terms as staff and customers read them."""

from collections.abc import Mapping
from typing import Any

from coupons.rules.offers import CouponKind
from wallet.rules.kinds import MoveKind
from wallet_project.kit.money import yuan

_DAYS = "一二三四五六日"

# What a coupon may be limited to: kind of basket or move → as staff read it.
BUSINESS = {"STORE": "到店", "SHOP": "商城", **{kind.value: str(kind.label) for kind in MoveKind}}


def percent(rate: int) -> str:
    """Basis points as people write them: 2000 → 20%."""
    return yuan(rate).rstrip("0").rstrip(".") + "%"


def worth_in_words(*, kind: str, amount: int, rate: int) -> str:
    """减 ¥5.00 / 减 20%，最多 ¥30.00 / …"""
    most = f"¥{yuan(amount)}"
    match kind:
        case CouponKind.PERCENT:
            return f"减 {percent(rate)}，最多 {most}"
        case CouponKind.CASHBACK:
            return f"返现 {percent(rate)}，最多 {most}"
        case CouponKind.FEE_FREE:
            return f"免手续费，最多 {most}"
        case CouponKind.GIFT:
            return f"赠一件，价值最多 {most}"
    return f"减 {most}"


def scope_in_words(terms: Mapping[str, Any], *, places: str) -> str:
    """Where, when and for what it counts."""
    words = [f"满 ¥{yuan(terms['threshold'])}" if terms["threshold"] else "无门槛"]
    if terms["kinds"]:
        words.append("业务：" + "、".join(BUSINESS.get(kind, kind) for kind in terms["kinds"]))
    words += [f"地点：{places}"] if places else []
    words += [f"商品：{'、'.join(terms['items'])}"] if terms["items"] else []
    if terms["weekdays"]:
        words.append("周" + "、".join(_DAYS[day - 1] for day in sorted(terms["weekdays"])))
    if (terms["hour_from"], terms["hour_until"]) != (0, 24):
        words.append(f"{terms['hour_from']}:00–{terms['hour_until']}:00")
    if terms["blackout"]:
        words.append("不可用日期：" + "、".join(terms["blackout"]))
    return "；".join(words)


def audience_in_words(terms: Mapping[str, Any], *, tier: str) -> str:
    words = ["新顾客"] if terms["new_customers"] else []
    words += [f"会员等级 {tier}"] if tier else []
    words += [f"人群“{terms['segment'][1]}”"] if terms["segment"] else []
    return "且".join(words) or "所有人"


def validity_in_words(terms: Mapping[str, Any]) -> str:
    if terms["valid_days"]:
        return f"领取后 {terms['valid_days']} 天"
    return f"{_moment(terms['valid_from'])} 至 {_moment(terms['valid_until'])}"


def terms_in_words(terms: Mapping[str, Any], *, giving: str, places: str, tier: str) -> dict[str, str]:
    """Chinese label → words: all that a checker decides about; what other tables name comes named."""
    together = "不与其他优惠同用" if terms["exclusive"] else f"同组（{terms['group'] or '默认'}）限用一张"
    return {
        "名称": terms["name"],
        "优惠": worth_in_words(kind=terms["kind"], amount=terms["amount"], rate=terms["rate"]),
        "适用范围": scope_in_words(terms, places=places),
        "适用人群": audience_in_words(terms, tier=tier),
        "叠加": together,
        "有效期": validity_in_words(terms),
        "发放方式": giving,
        "发放时间": f"{_moment(terms['offered_from'])} 至 {_moment(terms['offered_until'])}",
        "每人限领": f"{terms['per_person']} 张" if terms["per_person"] else "不限",
        "总量": f"{terms['stock']} 张" if terms["stock"] else "不限",
        "最多承担（元）": yuan(terms["amount"] * terms["stock"]) if terms["stock"] else "不封顶",
        "使用说明": terms["notes"] or "—",
    }


def _moment(kept: str | None) -> str:
    """Kept as ISO 8601 in Shanghai time, to the second."""
    return kept[:19].replace("T", " ") if kept else "—"
