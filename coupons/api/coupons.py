"""My coupons, those I may take, and the best of them for a basket."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from coupons.errors import (
    CodeUnknown,
    CodeUsed,
    CouponNotForYou,
    CouponNotOffered,
    CouponsGone,
    CouponTakenOften,
)
from coupons.models import CouponState
from coupons.rules.baskets import Basket, BasketLine
from coupons.rules.eligibility import Obstacle, Reason
from coupons.rules.offers import CouponKind, Offer
from coupons.rules.stacking import Best
from coupons.selectors.coupons import Shelf, coupons_of, offers_to_claim
from coupons.selectors.offers import best_for_basket
from coupons.services.claims import claim_coupon
from coupons.services.codes import redeem_code
from wallet_project.kit import clock
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import (
    FenField,
    InputSerializer,
    OutputSerializer,
    StrictCharField,
    StrictIntegerField,
    TimeField,
)
from wallet_project.kit.api.throttling import HumanPace, ScopedThrottle
from wallet_project.kit.api.views import Door
from wallet_project.kit.idempotency import this_request
from wallet_project.kit.money import Fen
from wallet_project.kit.places import name_places
from wallet_project.pauses.errors import Paused
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going

_TAG = "优惠券 coupons"
_LINES_MOST = 100


class TermsOutput(OutputSerializer):
    """What a coupon promises."""

    name = serializers.CharField()
    notes = serializers.CharField(help_text="使用说明")
    kind = serializers.ChoiceField(choices=CouponKind.choices)
    kind_name = serializers.CharField(source="get_kind_display", help_text="可直接展示")
    amount = FenField(help_text="面额；按比例的为上限")
    rate = serializers.IntegerField(help_text="折扣或返现的比例，万分之一；2000 即减或返 20%，其他类型为 0")
    threshold = FenField(min_value=0, help_text="适用商品满多少可用")
    kinds = serializers.ListField(child=serializers.CharField(), help_text="适用业务，空为不限")
    places = serializers.ListField(child=serializers.CharField(), help_text="适用地点，空为不限")
    place_names = serializers.ListField(child=serializers.CharField(), help_text="它们的名称，可直接展示")
    items = serializers.ListField(child=serializers.CharField(), help_text="适用商品，空为不限")
    weekdays = serializers.ListField(child=serializers.IntegerField(), help_text="1 为周一，空为每天")
    hour_from = serializers.IntegerField(help_text="每日从几点起")
    hour_until = serializers.IntegerField(help_text="每日到几点止，不含")
    blackout = serializers.ListField(child=serializers.CharField(), help_text="不可用日期")


class CouponOutput(OutputSerializer):
    serial = serializers.CharField(help_text="券号：付款时带上，也可展示给客服")
    terms = TermsOutput(source="template")
    state = serializers.ChoiceField(choices=CouponState.choices)
    state_name = serializers.CharField(source="get_state_display", help_text="可直接展示")
    valid_from = TimeField()
    valid_until = TimeField()
    issued_at = TimeField()
    ended_at = TimeField(allow_null=True, help_text="使用或失效的时间")
    worth = FenField(min_value=0, help_text="实际优惠，未使用为 0")

    @classmethod
    def answer_each(cls, instances: Iterable[Any]) -> list[Any]:
        coupons = list(instances)
        name_places(coupon.template for coupon in coupons)
        return super().answer_each(coupons)


class ClaimableOutput(OutputSerializer):
    id = serializers.IntegerField(source="pk", help_text="领取时带上")
    terms = TermsOutput(source="*")
    per_person = serializers.IntegerField(allow_null=True, help_text="每人限领张数，null 为不限")
    offered_until = TimeField(help_text="领取截止")
    valid_from = TimeField(allow_null=True)
    valid_until = TimeField(allow_null=True)
    valid_days = serializers.IntegerField(allow_null=True, help_text="领取后有效天数；固定有效期的为 null")


_TERMS: dict[str, Any] = {
    "name": "满 20 减 5",
    "notes": "到店使用，不找零",
    "kind": "AMOUNT",
    "kind_name": "满减券",
    "amount": 500,
    "rate": 0,
    "threshold": 2_000,
    "kinds": [],
    "places": ["store:renmin"],
    "place_names": ["人民路店"],
    "items": [],
    "weekdays": [],
    "hour_from": 0,
    "hour_until": 24,
    "blackout": [],
}
COUPON_EXAMPLE: dict[str, Any] = {
    "serial": "C261128201530123Q7K0M2Z9XWDAX",
    "terms": _TERMS,
    "state": "HELD",
    "state_name": "可使用",
    "valid_from": "2026-11-28T20:15:30+08:00",
    "valid_until": "2026-12-28T20:15:30+08:00",
    "issued_at": "2026-11-28T20:15:30+08:00",
    "ended_at": None,
    "worth": 0,
}
_CLAIMABLE_EXAMPLE: dict[str, Any] = {
    "id": 27,
    "terms": _TERMS,
    "per_person": 1,
    "offered_until": "2026-12-24T00:00:00+08:00",
    "valid_from": None,
    "valid_until": None,
    "valid_days": 30,
}


class Coupons(Door):
    """My coupons: those I can use, those I used, those whose time is over."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Query(PageQuery):
        shelf = serializers.ChoiceField(choices=Shelf.choices, required=False, default=Shelf.USABLE)

    @extend_schema(
        operation_id="list_coupons",
        summary="我的优惠券 My coupons, newest first",
        tags=[_TAG],
        parameters=[Query],
        responses={200: page_output(CouponOutput, "CouponPage")},
        examples=[
            OpenApiExample(
                "一页",
                value={"items": [COUPON_EXAMPLE], "next_cursor": None, "has_more": False},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = self.Query.read_query(request)
        page = page_of(
            coupons_of(self.caller_id, shelf=query["shelf"], at=clock.now()),
            output=CouponOutput,
            query=query,
            purpose=f"coupons:{query['shelf']}:{self.caller_id}",
        )
        return Response(page)


class ClaimableCoupons(Door):
    """Coupons that I may take now, those that are gone first before the rest."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        items = ClaimableOutput(many=True)

    @extend_schema(
        operation_id="list_claimable_coupons",
        summary="可领取的优惠券 Coupons I may take now",
        tags=[_TAG],
        responses={200: Output},
        examples=[OpenApiExample("一张", value={"items": [_CLAIMABLE_EXAMPLE]}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        offers = list(offers_to_claim(self.caller_id, at=clock.now()))
        name_places(offers)
        return Response(self.Output.answer({"items": offers}))


class ClaimCoupon(Door):
    """Take a coupon that is on offer."""

    permission_classes = [LoggedIn]
    throttle_scope = "claim"
    throttle_classes = [ScopedThrottle, HumanPace]
    errors = (Paused, CouponNotOffered, CouponNotForYou, CouponsGone, CouponTakenOften)

    class Input(InputSerializer):
        pass

    @extend_schema(
        operation_id="claim_coupon",
        summary="领取优惠券 Take a coupon",
        tags=[_TAG],
        request=Input,
        responses={201: CouponOutput},
        examples=[OpenApiExample("已领取", value=COUPON_EXAMPLE, response_only=True, status_codes=["201"])],
    )
    @idempotent
    def post(self, request: Request, template_id: int) -> Response:
        self.Input.read(request)
        coupon = claim_coupon(user_id=self.caller_id, template_id=template_id, source=this_request())
        return Response(CouponOutput.answer(coupon), status=201)


class RedeemCode(Door):
    """Turn a code into a coupon; mine again, the same coupon."""

    permission_classes = [LoggedIn]
    throttle_scope = "coupon_code"
    throttle_classes = [ScopedThrottle, HumanPace]
    errors = (Paused, CodeUnknown, CodeUsed, CouponNotOffered, CouponsGone, CouponTakenOften)

    class Input(InputSerializer):
        code = StrictCharField(max_length=32, help_text="大小写、空格和连字符均可")

    @extend_schema(
        operation_id="redeem_coupon_code",
        summary="兑换码兑换 Turn a code into a coupon",
        tags=[_TAG],
        request=Input,
        responses={201: CouponOutput},
        examples=[
            OpenApiExample("兑换码", value={"code": "7Q4K-0M2Z-9XWD"}, request_only=True),
            OpenApiExample("已兑换", value=COUPON_EXAMPLE, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        coupon = redeem_code(user_id=self.caller_id, text=wish["code"])
        return Response(CouponOutput.answer(coupon), status=201)


class OfferOutput(OutputSerializer):
    coupon = serializers.CharField(help_text="券号，付款时带上；空：无需领取，付款时自动生效")
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=CouponKind.choices)
    valid_until = TimeField()


class AppliedOutput(OfferOutput):
    off = FenField(min_value=0, help_text="这次减多少")
    back = FenField(min_value=0, help_text="付款后返多少")


class UnlockOutput(OfferOutput):
    missing = FenField(help_text="再买多少可用")
    gain = FenField(help_text="比现在多优惠多少")


class ObstacleOutput(OfferOutput):
    reason = serializers.ChoiceField(choices=Reason.choices)
    message = serializers.CharField(help_text="可直接展示")
    missing = FenField(min_value=0, help_text="只差门槛时，还差多少；否则为 0")


class QuoteCoupons(Door):
    """The best of my coupons for a basket, why the others do not apply, and what a bit more would unlock."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"
    errors = (Paused,)

    class Input(InputSerializer):
        class Line(InputSerializer):
            sku = StrictCharField(max_length=64)
            amount = FenField(help_text="这一行的金额")
            quantity = StrictIntegerField(min_value=1, max_value=9_999, required=False, default=1)

        amount = FenField(max_value=settings.ORDER_MAX, help_text="应付总额")
        kind = serializers.ChoiceField(choices=["STORE", "SHOP"], help_text="到店或商城")
        place = StrictCharField(max_length=64, help_text="store:门店编号，或 shop:商城编号")
        lines = serializers.ListField(
            child=Line(), required=False, default=list, max_length=_LINES_MOST, help_text="不知道就不传"
        )

    class Output(OutputSerializer):
        off = FenField(min_value=0, help_text="合计减多少")
        back = FenField(min_value=0, help_text="付款后合计返多少")
        payable = FenField(min_value=0, help_text="减后应付")
        applied = AppliedOutput(many=True, help_text="最优组合")
        not_applied = ObstacleOutput(many=True, help_text="其余的为什么不能用")
        unlock = UnlockOutput(allow_null=True, help_text="再买一点就更优惠")

    @extend_schema(
        operation_id="quote_coupons",
        summary="最优用券 The best coupons for a basket",
        tags=[_TAG],
        request=Input,
        responses={200: Output},
        examples=[
            OpenApiExample(
                "到店 60 元",
                value={
                    "amount": 6_000,
                    "kind": "STORE",
                    "place": "store:renmin",
                    "lines": [{"sku": "DRIP-10", "amount": 6_000, "quantity": 2}],
                },
                request_only=True,
            ),
            OpenApiExample(
                "减 5 元，差 40 元可再多减 7 元",
                value={
                    "off": 500,
                    "back": 0,
                    "payable": 5_500,
                    "applied": [
                        {
                            "coupon": "C261128201530123Q7K0M2Z9XWDAX",
                            "name": "满 20 减 5",
                            "kind": "AMOUNT",
                            "valid_until": "2026-12-28T20:15:30+08:00",
                            "off": 500,
                            "back": 0,
                        }
                    ],
                    "not_applied": [
                        {
                            "coupon": "C261127101530123Q7K0M2Z9XWDBY",
                            "name": "满 100 减 12",
                            "kind": "AMOUNT",
                            "valid_until": "2026-12-28T20:15:30+08:00",
                            "reason": "BELOW_THRESHOLD",
                            "message": "未达到使用门槛",
                            "missing": 4_000,
                        }
                    ],
                    "unlock": {
                        "coupon": "C261127101530123Q7K0M2Z9XWDBY",
                        "name": "满 100 减 12",
                        "kind": "AMOUNT",
                        "valid_until": "2026-12-28T20:15:30+08:00",
                        "missing": 4_000,
                        "gain": 700,
                    },
                },
                response_only=True,
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        basket = Basket(
            amount=Fen(wish["amount"]),
            place=wish["place"],
            kind=wish["kind"],
            lines=tuple(BasketLine(**line) for line in wish["lines"]),
        )
        require_going(Flow.COUPONS)
        best = best_for_basket(user_id=self.caller_id, basket=basket, at=clock.now())
        return Response(self.Output.answer(_told(best, basket)))


def _told(best: Best, basket: Basket) -> dict[str, Any]:
    return {
        "off": best.off,
        "back": best.worth - best.off,
        "payable": basket.amount - best.off,
        "applied": [{**_offer(one.offer), "off": one.off, "back": one.back} for one in best.applied],
        "not_applied": [{**_offer(offer), **_why(obstacle)} for offer, obstacle in best.obstacles.items()],
        "unlock": best.unlock
        and {**_offer(best.unlock.offer), "missing": best.unlock.missing, "gain": best.unlock.gain},
    }


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "coupon": offer.serial,
        "name": offer.name,
        "kind": offer.terms.kind,
        "valid_until": offer.valid_until,
    }


def _why(obstacle: Obstacle) -> dict[str, Any]:
    return {
        "reason": obstacle.reason,
        "message": obstacle.reason.label,
        "missing": obstacle.missing,
    }
