"""Who sends our text messages, and how many a person may be sent."""

from typing import Any

from wallet_project.settings import env

SMS: dict[str, Any] = {
    "provider": env.choice("SMS_PROVIDER", ("sandbox", "console", "tencent", "aliyun"), "sandbox"),
    "url": env.text("SMS_URL", "").rstrip("/"),
    "key_id": env.text("SMS_KEY_ID", ""),
    "secret": env.text("SMS_SECRET", ""),
    "sign_name": env.text("SMS_SIGN_NAME", ""),
    "app_id": env.text("SMS_APP_ID", ""),
    "region": env.text("SMS_REGION", "ap-guangzhou"),
    # the vendor's number of each approved text (wallet_project.kit.sms.messages)
    "templates": {
        "code": env.text("SMS_TEMPLATE_CODE", ""),
        "new_device": env.text("SMS_TEMPLATE_NEW_DEVICE", ""),
        "phone_changed": env.text("SMS_TEMPLATE_PHONE_CHANGED", ""),
        "phone_requested": env.text("SMS_TEMPLATE_PHONE_REQUESTED", ""),
        "phone_request_refused": env.text("SMS_TEMPLATE_PHONE_REQUEST_REFUSED", ""),
        "move_stopped": env.text("SMS_TEMPLATE_MOVE_STOPPED", ""),
        "move_released": env.text("SMS_TEMPLATE_MOVE_RELEASED", ""),
        "wallet_stopped": env.text("SMS_TEMPLATE_WALLET_STOPPED", ""),
        "wallet_released": env.text("SMS_TEMPLATE_WALLET_RELEASED", ""),
        "alert": env.text("SMS_TEMPLATE_ALERT", ""),
    },
}

# At most so many text messages to one person in a day: of one notice, whatever it is about, and of all that
# is not about security or law. A stolen device shall not cost one at each try.
NOTICE_SMS_A_DAY = {"notice": 5, "person": 10}

CODE_SECONDS = 5 * 60

# At most so many codes in so many seconds: per number, per device and per address. A shop's Wi-Fi is one
# address for everybody in it, so that last limit is wide.
CODE_CAPS: dict[str, tuple[tuple[int, int], ...]] = {
    "phone": ((60, 1), (3600, 5), (86400, 10)),
    "device": ((3600, 10), (86400, 20)),
    "ip": ((60, 20), (3600, 120), (86400, 500)),
}
