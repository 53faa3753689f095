"""How far newcomers come: from the first look to the first payment."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from wallet_project.analytics.models import Journey
from wallet_project.analytics.selectors.activity import People, of_people
from wallet_project.analytics.selectors.series import total


@dataclass(frozen=True, kw_only=True)
class Step:
    """`count` of devices for the first, of people for the others; None: not rolled up."""

    name: str
    definition: str
    count: int | None


def newcomers(first: date, last: date, *, among: People = None) -> list[Step]:
    """
    Whoever registered in these days, and what of the way they have gone until now, whenever that was. Devices
    are of everybody: of a segment's people that step is unknown.
    """
    joined = of_people(Journey.objects.filter(registered_on__range=(first, last)), among)
    counted = joined.aggregate(
        registered=Count("user"),
        phones=Count("phone_on"),
        top_ups=Count("topped_up_on"),
        payments=Count("paid_on"),
    )
    opened = total("new_visitors", first, last) if among is None else None
    return [
        Step(name="首次打开", definition="这段时间里第一次打开小程序的设备", count=opened),
        Step(name="注册", definition="这段时间里注册的顾客", count=counted["registered"]),
        Step(name="绑定手机", definition="其中到现在绑定过手机的", count=counted["phones"]),
        Step(name="首次充值", definition="其中到现在充值过的", count=counted["top_ups"]),
        Step(name="首次付款", definition="其中到现在付款过的；不必先充值", count=counted["payments"]),
    ]
