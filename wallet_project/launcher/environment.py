"""The environment of the product's processes (settings read it; `.env.example` documents it)."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from wallet_project.launcher.keys import Keys
from wallet_project.launcher.places import CHECKOUT


@dataclass(frozen=True)
class Addresses:
    """Where PostgreSQL and Valkey answer."""

    database: str
    database_owner: str
    redis: str

    def as_environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database,
            "DATABASE_OWNER_URL": self.database_owner,
            "REDIS_URL": self.redis,
        }


def key_environment(keys: Keys) -> dict[str, str]:
    """Generated keys, unless the person brought their own."""
    return {
        name: os.environ.get(name) or generated
        for name, generated in {
            "SECRET_KEY": keys.secret_key,
            "FIELD_KEYS": keys.field_keys,
            "INDEX_KEY": keys.index_key,
        }.items()
    }


def wechat_environment(credentials: Path, *, sandbox_url: str) -> dict[str, str]:
    """The sandbox in WeChat's place."""
    facts = json.loads(credentials.read_text(encoding="utf-8"))
    return {
        "WECHAT_APPID": facts["appid"],
        "WECHAT_APP_SECRET": facts["app_secret"],
        "WECHAT_MCHID": facts["mchid"],
        "WECHAT_MERCHANT_SERIAL": facts["merchant_serial"],
        "WECHAT_MERCHANT_PRIVATE_KEY": facts["merchant_private_key"],
        "WECHAT_APIV3_KEY": facts["apiv3_key"],
        "WECHAT_PUBLIC_KEY_ID": facts["public_key_id"],
        "WECHAT_PUBLIC_KEY": facts["public_key"],
        "WECHAT_PLATFORM_CERTS": facts["platform_certs_dir"],
        "WECHAT_PAY_URL": sandbox_url,
        "WECHAT_API_URL": sandbox_url,
    }


def read_dotenv() -> None:
    """`KEY=value` lines of `.env`, for names that the environment does not set."""
    path = CHECKOUT / ".env"
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("'\""))
