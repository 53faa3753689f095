"""Where WeChat and the biller platform knock. They prove themselves by their signatures alone."""

from collections.abc import Mapping

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from payments.errors import CallbackNotOpened, InvalidCallback
from payments.services.bill_receipts import receive_bill_callback
from payments.services.pushes import confirm_address, receive_push
from payments.services.receipts import receive_callback
from wallet_project.kit.api.access import Anyone
from wallet_project.kit.api.views import Door


class WeChatCallback(Door):
    """
    Payments, refunds, transfers and complaints: the envelope says which (WeChat Pay v3 doc 4012791861).

    204 once it is kept; any failure is 4xx/5xx and WeChat sends it again.
    """

    authentication_classes = []
    permission_classes = [Anyone]
    throttle_classes = []  # WeChat is never turned away; what is not signed costs one signature check
    throttle_scope = None
    open_while_read_only = True
    errors = (InvalidCallback, CallbackNotOpened)

    @extend_schema(exclude=True)
    def post(self, request: Request) -> HttpResponse:
        receive_callback(headers=request.headers, body=request._request.body)
        return HttpResponse(status=204)


class WeChatMessages(Door):
    """
    The mini-program's message push (doc: 消息推送), in secure mode; JSON or XML.

    GET: WeChat looks whether the address is ours, and gets back what it sent. POST: `success` once kept.
    """

    authentication_classes = []
    permission_classes = [Anyone]
    throttle_classes = []  # as for the other callbacks
    throttle_scope = None
    open_while_read_only = True
    errors = (InvalidCallback, CallbackNotOpened)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        given = request.query_params
        confirm_address(**_signed(given, "signature"))
        return HttpResponse(given.get("echostr", ""), content_type="text/plain")

    @extend_schema(exclude=True)
    def post(self, request: Request) -> HttpResponse:
        receive_push(**_signed(request.query_params, "msg_signature"), body=request._request.body)
        return HttpResponse("success", content_type="text/plain")


def _signed(given: Mapping[str, str], signature: str) -> dict[str, str]:
    names = {"signature": signature, "timestamp": "timestamp", "nonce": "nonce"}
    return {ours: given.get(theirs, "") for ours, theirs in names.items()}


class BillerCallback(Door):
    """
    The end of a bill's payment (docs/biller_api.md); the address, biller included, is part of what is signed.

    204 once it is kept; any failure is 4xx/5xx and the platform sends it again.
    """

    authentication_classes = []
    permission_classes = [Anyone]
    throttle_classes = []  # as for WeChat
    throttle_scope = None
    open_while_read_only = True
    errors = (InvalidCallback,)

    @extend_schema(exclude=True)
    def post(self, request: Request, biller: str) -> HttpResponse:
        receive_bill_callback(headers=request.headers, path=request.path, body=request._request.body)
        return HttpResponse(status=204)
