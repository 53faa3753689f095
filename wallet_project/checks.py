"""System checks: what production must have, and must not have."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from payments.rules.transfers import problem_with_scene

_LOCAL = {"localhost", "127.0.0.1", "::1", "0.0.0.0"}  # noqa: S104 - compared with, not bound to
_NEEDED = (
    "appid",
    "app_secret",
    "mchid",
    "merchant_serial",
    "merchant_private_key",
    "apiv3_key",
    "public_key_id",
    "public_key",
)


@register(Tags.security, deploy=True)
def production_is_real(**_options: Any) -> list[CheckMessage]:
    """No sandbox, no weak keys, no owner's role, no half-configured WeChat."""
    problems: list[CheckMessage] = []

    def refuse(number: int, message: str, hint: str) -> None:
        problems.append(Error(message, hint=hint, id=f"wallet.E{number:03d}"))

    if settings.DEBUG:
        refuse(
            1, "DEBUG is on", "Production settings never turn it on; use wallet_project.settings.production."
        )
    for name in ("pay_url", "api_url"):
        address = urlsplit(settings.WECHAT[name])
        if address.scheme != "https" or address.hostname in _LOCAL:
            refuse(
                2,
                f"WECHAT {name} points to {address.netloc}: that is the sandbox",
                "Unset WECHAT_PAY_URL/API_URL.",
            )
    missing = [name for name in _NEEDED if not settings.WECHAT[name]]
    if missing:
        refuse(3, f"WeChat settings are missing: {', '.join(missing)}", "See .env.example.")
    for name in ("apiv3_key", "apiv3_other_key"):
        if len(settings.WECHAT[name].encode()) not in (0, 32):
            refuse(4, f"WECHAT_{name.upper()} must be exactly 32 bytes", "Copy it from the merchant portal.")
    if urlsplit(settings.PUBLIC_URL).scheme != "https":
        refuse(5, "PUBLIC_URL must be https", "WeChat calls back only over TLS.")
    weak = {
        settings.SECRET_KEY.startswith(("development-only", "tests-only")),
        len(set(settings.SECRET_KEY)) < 10,
    }
    if True in weak or len(settings.SECRET_KEY) < 50:
        refuse(6, "SECRET_KEY is weak", "Fifty random characters or more.")
    rings = [set(ring.values()) for ring in (settings.FIELD_KEYS, settings.INDEX_KEYS, settings.PIN_PEPPER)]
    keys = set.union(*rings)
    if any(len(set(key)) < 8 for key in keys):
        refuse(
            7, "FIELD_KEYS, INDEX_KEYS or PIN_PEPPER is weak", "`openssl rand -base64 32` makes a good one."
        )
    if sum(map(len, rings)) > len(keys):
        refuse(7, "FIELD_KEYS, INDEX_KEYS and PIN_PEPPER share a key", "Each ring needs keys of its own.")
    database = settings.DATABASES["default"]
    if database.get("USER") in {"postgres", "wallet_owner", ""}:
        refuse(
            8,
            "DATABASE_URL connects as an owner",
            "Connect as the application role; migrate with DATABASE_OWNER_URL.",
        )
    if settings.WALLET_MODE == "licensed" and not settings.LICENCE_REF:
        refuse(
            9, "WALLET_MODE=licensed needs LICENCE_REF", "The number of the payment licence, or closed_loop."
        )
    sms = settings.SMS
    if sms["provider"] not in {"tencent", "aliyun"}:
        refuse(10, f"SMS_PROVIDER is {sms['provider']}: nobody would get a message", "tencent or aliyun.")
    unset = [name for name in ("key_id", "secret", "sign_name") if not sms[name]]
    unset += [f"template {name}" for name, number in sms["templates"].items() if not number]
    if unset:
        refuse(11, f"SMS settings are missing: {', '.join(unset)}", "See .env.example.")
    identity = settings.IDENTITY
    unset = [name for name in ("key_id", "secret", "face_rule") if not identity[name]]
    if unset or urlsplit(identity["url"]).hostname in _LOCAL:
        refuse(
            12,
            f"IDENTITY does not reach Tencent Cloud: {', '.join(unset) or 'url is the sandbox'}",
            "Nobody could be verified; see .env.example.",
        )
    billers = settings.BILLERS
    address = urlsplit(billers["url"])
    if billers["url"] and (address.scheme != "https" or address.hostname in _LOCAL):
        refuse(13, f"BILLERS_URL points to {address.netloc}: that is the sandbox", "The platform's, or none.")
    if billers["url"] and not (billers["key_id"] and billers["secret"]):
        refuse(14, "BILLERS_KEY_ID and BILLERS_SECRET are missing", "Nobody could pay a bill; or no URL.")
    transfers = settings.WECHAT_TRANSFERS
    wrong = problem_with_scene(transfers["scene"], transfers["reports"]) if transfers["scene"] else ""
    if wrong:
        refuse(15, f"WECHAT_TRANSFER_REPORTS do not fit: {wrong}", "WeChat would refuse every transfer.")
    return problems


def refuse_to_start_unreal() -> None:
    """
    Only commands run system checks; web, worker and relay come through here.

    :raises ImproperlyConfigured: in production, naming everything that is missing or not real
    """
    if settings.ENVIRONMENT == "production" and (problems := production_is_real()):
        raise ImproperlyConfigured("\n".join(f"{problem.msg}. {problem.hint}" for problem in problems))


@register(Tags.database)
def database_keeps_chinese(databases: Any = None, **_options: Any) -> list[CheckMessage]:
    """PostgreSQL with UTF-8 and a locale that knows letters; only looked at when a database is at hand."""
    from django.db import connections

    problems: list[CheckMessage] = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT datctype, pg_encoding_to_char(encoding) FROM pg_database"
                " WHERE datname = current_database()"
            )
            ctype, encoding = cursor.fetchone()
        if encoding != "UTF8" or ctype in {"C", "POSIX"}:
            problems.append(
                Error(
                    f"database {alias} uses {encoding}/{ctype}",
                    hint="Create it with ENCODING 'UTF8' LC_CTYPE 'C.UTF-8'.",
                    id="wallet.E020",
                )
            )
    return problems


@register(Tags.files, deploy=True)
def documents_have_a_typeface(**_options: Any) -> list[CheckMessage]:
    """The font of receipts and statements is there, and of the one kind that a PDF can carry inside."""
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    try:
        TTFont("Document", str(settings.DOCUMENT_FONT))
    except (OSError, TTFError) as error:
        return [
            Error(
                f"DOCUMENT_FONT cannot be used: {error}",
                hint="A TrueType font (.ttf), or unset it for the one that comes along.",
                id="wallet.E021",
            )
        ]
    return []
