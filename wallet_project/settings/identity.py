"""Who is asked whether a name, an ID number and a phone belong together, and a face to them."""

from typing import Any

from wallet_project.settings import env

IDENTITY: dict[str, Any] = {
    "url": env.text("IDENTITY_URL", "https://faceid.tencentcloudapi.com").rstrip("/"),
    "key_id": env.text("IDENTITY_KEY_ID", ""),
    "secret": env.text("IDENTITY_SECRET", ""),
    "face_rule": env.text("IDENTITY_FACE_RULE", ""),
}
