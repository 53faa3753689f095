"""Tell WeChat that an order is shipped; its money may be kept back until then."""

from dataclasses import dataclass
from datetime import datetime

from payments.rules.shipping import LOGISTICS_TYPE, ShippingWay, Verdict, verdict_of
from wallet_project.kit.clock import SHANGHAI
from wallet_project.kit.mini_program import BUSY, WeChatClientException, post
from wallet_project.kit.outbound import NoAnswer


@dataclass(frozen=True, kw_only=True)
class Parcel:
    way: ShippingWay
    items: str
    company: str
    tracking_no: str
    receiver_contact: str


def upload_shipping(*, transaction_id: str, openid: str, parcel: Parcel, at: datetime) -> tuple[Verdict, str]:
    """
    What WeChat makes of it, and its own words (mini-program doc: uploadShippingInfo). The same twice is fine.

    Silence is LATER: it may have been taken, and then WeChat says so the next time.
    """
    item: dict[str, object] = {"item_desc": parcel.items}
    if parcel.way == ShippingWay.EXPRESS:
        item |= {"tracking_no": parcel.tracking_no, "express_company": parcel.company}
        if parcel.receiver_contact:
            item["contact"] = {"receiver_contact": parcel.receiver_contact}
    wish = {
        "order_key": {"order_number_type": 2, "transaction_id": transaction_id},
        "logistics_type": LOGISTICS_TYPE[parcel.way],
        "delivery_mode": 1,
        "shipping_list": [item],
        "upload_time": at.astimezone(SHANGHAI).isoformat(timespec="milliseconds"),
        "payer": {"openid": openid},
    }
    try:
        answer = post("wxa/sec/order/upload_shipping_info", wish)
    except NoAnswer as silence:
        return Verdict.LATER, str(silence)
    except WeChatClientException as error:
        code = error.errcode
        return verdict_of(code, busy=code in BUSY), f"{code}: {error.errmsg}"
    except (ValueError, KeyError, TypeError):
        return Verdict.LATER, "unreadable answer"
    if not isinstance(answer, dict) or answer.get("errcode", 0) != 0:
        return Verdict.LATER, "unreadable answer"
    return Verdict.DONE, ""
