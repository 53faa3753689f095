"""Where WeChat knocks. It proves itself by its signature alone."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from payments.errors import CallbackNotOpened, InvalidCallback
from payments.services.receipts import receive_callback
from wallet_project.kit.api.access import Anyone
from wallet_project.kit.api.views import Door


class WeChatCallback(Door):
    """
    Payments and refunds: the envelope says which (WeChat Pay v3 doc 4012791861).

    204 once it is kept; any failure is 4xx/5xx and WeChat sends it again.
    """

    authentication_classes = []
    permission_classes = [Anyone]
    throttle_classes = []  # WeChat is never turned away; what is not signed costs one signature check
    throttle_scope = None
    errors = (InvalidCallback, CallbackNotOpened)

    @extend_schema(exclude=True)
    def post(self, request: Request) -> HttpResponse:
        receive_callback(headers=request.headers, body=request._request.body)
        return HttpResponse(status=204)
