"""What can go wrong when points are exchanged."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class GoodNotOffered(DomainError):
    code = "GOOD_NOT_OFFERED"
    status = 409
    message = _("这件商品目前不能兑换")


class GoodSoldOut(DomainError):
    code = "GOOD_SOLD_OUT"
    status = 409
    message = _("已兑完")


class GoodTakenOften(DomainError):
    """Everybody may take it `times` times, and this person has."""

    code = "GOOD_TAKEN_OFTEN"
    status = 409
    message = _("这件商品你已达到限兑次数")
    facts = ("times",)


class PickUpCodeUnknown(DomainError):
    """No order that waits has this code."""

    code = "PICK_UP_CODE_UNKNOWN"
    status = 404
    message = _("没有待自提的兑换使用这个取货码")
    remembered = False
