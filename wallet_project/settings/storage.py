"""PostgreSQL holds everything that matters; Valkey (Redis protocol) carries messages and may vanish."""

import sys
from typing import Any

from wallet_project.settings import env

# `migrate` and its kin change tables, so they connect as the owner; everything else connects as the
# application role, which cannot touch the ledger except through its functions.
OWNER_COMMANDS = {"migrate", "createcachetable", "sqlmigrate", "makemigrations"}
_as_owner = len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS and env.text("DATABASE_OWNER_URL", "")

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **env.database(
            "DATABASE_OWNER_URL" if _as_owner else "DATABASE_URL", "postgresql://localhost/wallet"
        ),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "options": ""
            if _as_owner
            else ("-c lock_timeout=3s -c statement_timeout=10s -c idle_in_transaction_session_timeout=10s"),
        },
    }
}

REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")

# Nudges to the sockets of live chats; what is new they read from PostgreSQL.
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [{"address": REDIS_URL, "socket_connect_timeout": 0.5}],
            "prefix": "wallet-chat:",
        },
    }
}

# Where clients reach the process of live chats (wallet_project.asgi); empty: they poll.
CHAT_SOCKET_URL = env.text("CHAT_SOCKET_URL", "").rstrip("/")

CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "wallet_project.kit.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "wallet",
        "OPTIONS": {
            "serializer": "wallet_project.kit.cache.PlainValues",
            "socket_connect_timeout": 0.5,
            "socket_timeout": 0.5,
        },
    },
    # What a process asks all the time and may know a few seconds late; each keeps its own.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "flags": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "flags", "TIMEOUT": 3},
}
WAFFLE_CACHE_NAME = "flags"
