"""The platform that carries bills to their billers, and the adapter that speaks its language."""

from typing import Any

from wallet_project.settings import env

BILLERS: dict[str, Any] = {
    "adapter": "payments.gateways.billers.platform.HttpPlatform",
    "url": env.text("BILLERS_URL", "").rstrip("/"),
    "key_id": env.text("BILLERS_KEY_ID", ""),
    "secret": env.text("BILLERS_SECRET", ""),
}
