"""Signed requests of the merchant's shop system."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from payments.models import ShopSystem
from payments.services.shops import authenticate_shop
from wallet_project.kit import context


class ShopSignature(BaseAuthentication):
    """Headers Shop-Key, Shop-Timestamp, Shop-Nonce, Shop-Signature; see services.shops.signing_text."""

    def authenticate(self, request: Request) -> tuple[None, ShopSystem] | None:
        headers = request.headers
        if "Shop-Key" not in headers:
            return None
        shop = authenticate_shop(
            key_id=headers["Shop-Key"],
            timestamp=headers.get("Shop-Timestamp", ""),
            nonce=headers.get("Shop-Nonce", ""),
            signature=headers.get("Shop-Signature", ""),
            method=request.method or "",
            target=request._request.get_full_path(),
            body=request._request.body,
        )
        context.fill_in(actor=f"shop:{shop.key_id}")
        return None, shop

    def authenticate_header(self, request: Request) -> str:
        return "Shop-Signature"


class FromShop(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, ShopSystem)


class ShopSignatureScheme(OpenApiAuthenticationExtension):
    target_class = ShopSignature
    name = "shopSignature"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Shop-Signature",
            "description": (
                "HMAC-SHA256（hex）over `METHOD\\nPATH?QUERY\\nTIMESTAMP\\nNONCE\\nBODY\\n`，密钥为商城密钥；"
                "另需请求头 Shop-Key、Shop-Timestamp（秒，5 分钟内）、Shop-Nonce（16–64 位，只能用一次）。"
            ),
        }
