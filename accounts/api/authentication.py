"""Bearer token to user and device."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.errors import AccountClosed, AccountFrozen, TokenExpired, TokenInvalid
from accounts.models import User
from accounts.selectors.sessions import Holder, holder_of
from wallet_project.kit import context


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access_token>`; request.user is the User, request.auth its Holder."""

    errors = (TokenExpired, TokenInvalid, AccountFrozen, AccountClosed)

    def authenticate(self, request: Request) -> tuple[User, Holder] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        holder = holder_of(token.strip())
        context.fill_in(actor=f"user:{holder.user_id}", device_id=holder.device_id)
        return holder.user, holder

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "accessToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "登录得到的 access_token；TOKEN_EXPIRED 时刷新，TOKEN_INVALID 时重新登录",
        }
