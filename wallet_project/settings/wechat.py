"""App id, merchant id, keys, and where WeChat lives (the real hosts or the sandbox)."""

from typing import Any

from wallet_project.settings import env

PUBLIC_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")

WECHAT: dict[str, Any] = {
    "appid": env.text("WECHAT_APPID", ""),
    "app_secret": env.text("WECHAT_APP_SECRET", ""),
    "mchid": env.text("WECHAT_MCHID", ""),
    "merchant_serial": env.text("WECHAT_MERCHANT_SERIAL", ""),
    "merchant_private_key": env.path("WECHAT_MERCHANT_PRIVATE_KEY"),
    "apiv3_key": env.text("WECHAT_APIV3_KEY", ""),
    "public_key_id": env.text("WECHAT_PUBLIC_KEY_ID", ""),
    "public_key": env.path("WECHAT_PUBLIC_KEY"),
    "platform_certs": env.path("WECHAT_PLATFORM_CERTS"),
    "pay_url": env.text("WECHAT_PAY_URL", "https://api.mch.weixin.qq.com").rstrip("/"),
    "api_url": env.text("WECHAT_API_URL", "https://api.weixin.qq.com").rstrip("/"),
}
