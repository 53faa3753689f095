"""Prepay, pay parameters, query, close."""

from datetime import datetime
from urllib.parse import quote

from django.conf import settings

from payments.gateways.wechat.client import ask
from payments.gateways.wechat.errors import UnreadableNotice, WeChatUnknown
from payments.gateways.wechat.keys import merchant_key
from payments.gateways.wechat.messages import TransactionNotice, transaction_notice
from payments.gateways.wechat.signing import new_nonce, pay_message, sign
from payments.gateways.wechat.texts import shorten
from wallet_project.kit import clock
from wallet_project.kit.money import Fen

_BY_NUMBER = "/v3/pay/transactions/out-trade-no/{}"
NOTIFY_PATH = "/api/v1/callbacks/wechat/transactions"


def prepay(
    *,
    number: str,
    amount: Fen,
    openid: str,
    description: str,
    expires_at: datetime,
    attach: str = "",
    client_ip: str = "",
) -> str:
    """
    Tell WeChat about a payment to come; the prepay_id, good for two hours (WeChat Pay v3 doc 4012791856).

    The same number with the same facts gives a prepay_id again, so a repetition makes no second order.

    :raises WeChatError: as `client.ask`
    """
    payload = {
        "appid": settings.WECHAT["appid"],
        "mchid": settings.WECHAT["mchid"],
        "description": shorten(description, most_bytes=127),
        "out_trade_no": number,
        "time_expire": clock.iso(expires_at),
        "notify_url": settings.PUBLIC_URL + NOTIFY_PATH,
        "amount": {"total": amount, "currency": "CNY"},
        "payer": {"openid": openid},
    }
    if attach:
        payload["attach"] = attach
    if client_ip:
        payload["scene_info"] = {"payer_client_ip": client_ip}
    prepay_id = ask("POST", "/v3/pay/transactions/jsapi", payload).get("prepay_id")
    if not isinstance(prepay_id, str) or not prepay_id:
        raise WeChatUnknown("an answer without prepay_id")
    return prepay_id


def pay_parameters(prepay_id: str) -> dict[str, str]:
    """
    What the mini-program hands to `wx.requestPayment` (doc 4012365341).

    Its "ok" proves nothing; only a query or a callback does.
    """
    timestamp, nonce, package = str(int(clock.now().timestamp())), new_nonce(), f"prepay_id={prepay_id}"
    message = pay_message(appid=settings.WECHAT["appid"], timestamp=timestamp, nonce=nonce, package=package)
    return {
        "timeStamp": timestamp,
        "nonceStr": nonce,
        "package": package,
        "signType": "RSA",
        "paySign": sign(message, key=merchant_key()),
    }


def query_payment(number: str) -> TransactionNotice:
    """
    What became of the order under our number (doc 4012791859).

    :raises OrderMissing: WeChat never made it
    :raises WeChatError: as `client.ask`
    """
    found = _query(_BY_NUMBER.format(quote(number, safe="")))
    if found.number != number:
        raise WeChatUnknown("an answer about another order")  # signatures do not cover the question
    return found


def query_by_transaction_id(transaction_id: str) -> TransactionNotice:
    """As `query_payment`, for paid orders, by WeChat's number (doc 4012791858)."""
    found = _query(f"/v3/pay/transactions/id/{quote(transaction_id, safe='')}")
    if found.transaction_id != transaction_id:
        raise WeChatUnknown("an answer about another order")
    return found


def close_payment(number: str) -> None:
    """
    Nobody can pay this order from now on; closing twice is fine (doc 4012791860).

    :raises AlreadyPaid: too late: query it
    :raises WeChatError: as `client.ask`
    """
    ask("POST", _BY_NUMBER.format(quote(number, safe="")) + "/close", {"mchid": settings.WECHAT["mchid"]})


def _query(path: str) -> TransactionNotice:
    try:
        return transaction_notice(ask("GET", f"{path}?mchid={settings.WECHAT['mchid']}"))
    except UnreadableNotice as error:
        raise WeChatUnknown(f"unreadable answer: {error}") from error
