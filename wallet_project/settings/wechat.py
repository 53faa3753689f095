"""App id, merchant id, keys, and where WeChat lives (the real hosts or the sandbox)."""

from typing import Any

from wallet_project.settings import env

PUBLIC_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")

# What a transfer to a customer is for, as our merchant was granted it, and the most that one may carry.
# Without a scene there are none.
WECHAT_TRANSFERS: dict[str, Any] = {
    "scene": env.text("WECHAT_TRANSFER_SCENE", ""),
    "reports": dict(pair.split("=", 1) for pair in env.words("WECHAT_TRANSFER_REPORTS") if "=" in pair),
    "perception": env.text("WECHAT_TRANSFER_PERCEPTION", ""),
    "remark": env.text("WECHAT_TRANSFER_REMARK", "钱包提现"),
    "most": env.integer("WECHAT_TRANSFER_MAX", 20_000_00),
}

# So many requests in a row that failed (no answer, 5xx, 429), and an API of WeChat's is left alone for so
# long; each process finds out for itself.
CIRCUIT_FAILURES = env.integer("CIRCUIT_FAILURES", 5)
CIRCUIT_REST_SECONDS = env.integer("CIRCUIT_REST_SECONDS", 5)

WECHAT: dict[str, Any] = {
    "appid": env.text("WECHAT_APPID", ""),
    "app_secret": env.text("WECHAT_APP_SECRET", ""),
    "mchid": env.text("WECHAT_MCHID", ""),
    "merchant_serial": env.text("WECHAT_MERCHANT_SERIAL", ""),
    "merchant_private_key": env.path("WECHAT_MERCHANT_PRIVATE_KEY"),
    "apiv3_key": env.text("WECHAT_APIV3_KEY", ""),
    "apiv3_other_key": env.text("WECHAT_APIV3_OTHER_KEY", ""),
    "public_key_id": env.text("WECHAT_PUBLIC_KEY_ID", ""),
    "public_key": env.path("WECHAT_PUBLIC_KEY"),
    # which version of the mini-program a subscribe message opens
    "mini_program_state": env.choice("WECHAT_MINI_PROGRAM_STATE", ("formal", "trial", "developer"), "formal"),
    "push_token": env.text("WECHAT_PUSH_TOKEN", ""),
    "push_aes_key": env.text("WECHAT_PUSH_AES_KEY", ""),
    "platform_certs": env.path("WECHAT_PLATFORM_CERTS"),
    "pay_url": env.text("WECHAT_PAY_URL", "https://api.mch.weixin.qq.com").rstrip("/"),
    "api_url": env.text("WECHAT_API_URL", "https://api.weixin.qq.com").rstrip("/"),
}
