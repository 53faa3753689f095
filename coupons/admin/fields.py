"""What the forms of growth ask: chosen by name, typed in yuan and in percent."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from coupons.models import Campaign, CouponTemplate
from coupons.rules.offer_words import percent
from coupons.selectors.campaigns import campaigns_in_force
from coupons.selectors.coupons import templates_in_force
from coupons.selectors.membership import tiers_in_force
from wallet.selectors.fees import fee_tiers
from wallet_project.kit import clock
from wallet_project.kit.admin import YuanField
from wallet_project.kit.money import yuan
from wallet_project.kit.places import place_names

_WEEKDAYS = [(day + 1, f"周{name}") for day, name in enumerate("一二三四五六日")]


class PercentField(YuanField):
    """Two decimals at most, kept in basis points: 20 → 2000."""

    refusal = "请输入百分数，最多两位小数"

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "如 5 或 12.5")
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return percent(value).removesuffix("%") if isinstance(value, int) else value


class SeveralField(forms.TypedMultipleChoiceField):
    """Some of what there is, ticked by name; none: all of it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False, empty_value=[], widget=UnfoldAdminCheckboxSelectMultipleWidget, **options
        )


class PlacesField(SeveralField):
    def __init__(self, *, label: str = "门店") -> None:
        super().__init__(label=label, choices=_places, help_text="不选为不限")


class CouponField(forms.ModelChoiceField):
    """What is on offer, never a draft."""

    def __init__(self, *, label: str = "优惠券", **options: Any) -> None:
        super().__init__(
            queryset=templates_in_force(),
            label=label,
            required=False,
            empty_label="—",
            widget=UnfoldAdminSelectWidget,
            **options,
        )

    def label_from_instance(self, obj: Any) -> str:
        return coupon_label(obj)


class CampaignField(forms.ModelChoiceField):
    """What is in force and not over, never a draft."""

    def __init__(self, *, label: str = "活动", **options: Any) -> None:
        super().__init__(
            queryset=campaigns_in_force(),
            limit_choices_to=lambda: {"ends_at__gt": clock.now()},
            label=label,
            required=False,
            empty_label="—",
            widget=UnfoldAdminSelectWidget,
            **options,
        )

    def label_from_instance(self, obj: Any) -> str:
        return campaign_label(obj)


class FeeTierField(forms.ChoiceField):
    """A tier that fee schedules were made for."""

    def __init__(self) -> None:
        super().__init__(
            label="收费等级",
            choices=_fee_tiers,
            required=False,
            widget=UnfoldAdminSelectWidget,
            help_text="有单独收费标准的等级；先在收费标准中为它设立",
        )


class WeekdaysField(SeveralField):
    def __init__(self, *, label: str = "星期") -> None:
        super().__init__(label=label, choices=_WEEKDAYS, coerce=int, help_text="不选为每天")


class TierField(forms.ChoiceField):
    def __init__(self) -> None:
        super().__init__(label="会员等级", choices=_tiers, required=False, widget=UnfoldAdminSelectWidget)


def coupon_label(template: CouponTemplate) -> str:
    return f"{template.name}（最多 {yuan(template.amount)} 元）"


def campaign_label(campaign: Campaign) -> str:
    """Campaigns may share a name: their days tell them apart."""
    first, last = clock.business_day(campaign.starts_at), clock.business_day(campaign.ends_at)
    return f"{campaign.name}（{first} 至 {last}）"


def _fee_tiers() -> list[tuple[str, str]]:
    return [("", "普通"), *((tier, tier) for tier in fee_tiers())]


def _places() -> list[tuple[str, str]]:
    return list(place_names().items())


def _tiers() -> list[tuple[str, str]]:
    return [("", "所有人"), *tiers_in_force().values_list("code", "name")]
