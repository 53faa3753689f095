"""The environment of the product's processes (settings read it; `.env.example` documents it)."""

import os
from dataclasses import dataclass

from wallet_project.launcher.keys import Keys
from wallet_project.launcher.places import CHECKOUT, var


@dataclass(frozen=True)
class Addresses:
    """Where PostgreSQL and Valkey answer."""

    database: str
    database_owner: str
    redis: str


def read_dotenv() -> None:
    """`NAME=value` lines of `.env`, for names that the environment does not set."""
    path = CHECKOUT / ".env"
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("'\""))


def common_environment() -> dict[str, str]:
    """What every process of ours inherits."""
    local = ",".join(
        filter(None, [os.environ.get("no_proxy", os.environ.get("NO_PROXY")), "127.0.0.1,localhost"])
    )
    return {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"},
        "NO_PROXY": local,  # many a laptop sends everything through a proxy, which cannot reach its 127.0.0.1
        "no_proxy": local,
        "WALLET_VAR": str(var()),
    }


def product_environment(*, settings: str, keys: Keys, addresses: Addresses) -> dict[str, str]:
    """Settings, servers (without the owner's address) and keys; the person's own keys go first."""
    return {
        "DJANGO_SETTINGS_MODULE": f"wallet_project.settings.{settings}",
        "DATABASE_URL": addresses.database,
        "REDIS_URL": addresses.redis,
        "SECRET_KEY": os.environ.get("SECRET_KEY") or keys.secret_key,
        "FIELD_KEYS": os.environ.get("FIELD_KEYS") or keys.field_keys,
        "PIN_PEPPER": os.environ.get("PIN_PEPPER") or f"1:{keys.pin_pepper}",
        "INDEX_KEYS": os.environ.get("INDEX_KEYS") or f"1:{keys.index_key}",
    }


def wechat_environment(credentials: dict[str, str], *, sandbox_url: str) -> dict[str, str]:
    """The sandbox in WeChat's place."""
    return {
        "WECHAT_APPID": credentials["appid"],
        "WECHAT_APP_SECRET": credentials["app_secret"],
        "WECHAT_MCHID": credentials["mchid"],
        "WECHAT_MERCHANT_SERIAL": credentials["merchant_serial"],
        "WECHAT_MERCHANT_PRIVATE_KEY": credentials["merchant_private_key"],
        "WECHAT_APIV3_KEY": credentials["apiv3_key"],
        "WECHAT_PUSH_TOKEN": credentials["push_token"],
        "WECHAT_PUSH_AES_KEY": credentials["push_aes_key"],
        "WECHAT_PUBLIC_KEY_ID": credentials["public_key_id"],
        "WECHAT_PUBLIC_KEY": credentials["public_key"],
        "WECHAT_PLATFORM_CERTS": credentials["platform_certs_dir"],
        "WECHAT_PAY_URL": sandbox_url,
        "WECHAT_API_URL": sandbox_url,
        "SMS_URL": sandbox_url,
        "IDENTITY_URL": f"{sandbox_url}/faceid",
        "IDENTITY_KEY_ID": credentials["appid"],
        "IDENTITY_SECRET": credentials["app_secret"],
        "IDENTITY_FACE_RULE": "1",
        "BILLERS_URL": sandbox_url,
        "BILLERS_KEY_ID": credentials["appid"],
        "BILLERS_SECRET": credentials["app_secret"],
    }
