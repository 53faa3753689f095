"""What a running system tells: `var/run.json` for scripts, one screen for people."""

import unicodedata
from typing import Any

RULE = "─" * 78
WECHAT = [
    *("appid", "mchid", "merchant_serial", "merchant_private_key", "apiv3_key"),
    *("public_key_id", "public_key", "platform_serial", "platform_cert"),
]


def describe(
    *,
    pid: int,
    web_url: str,
    sandbox_url: str,
    chat_url: str,
    credentials: dict[str, str],
    demo: dict[str, Any],
) -> dict[str, Any]:
    """The content of `var/run.json`. Its secrets are the sandbox's and the demo's, never the system's own."""
    control = f"{sandbox_url}/sandbox/api"
    return {
        "pid": pid,
        "urls": {
            "web": web_url,
            "admin": f"{web_url}/admin/",
            "docs": f"{web_url}/api/docs/",
            "chat": chat_url,
            "sandbox": sandbox_url,
            "sandbox_console": f"{sandbox_url}/sandbox/",
        },
        "wechat": {name: credentials[name] for name in WECHAT},
        "sandbox": {
            "confirm_payment": _post(f"{control}/payments/{{prepay_id}}/confirm", {}),
            "mint_login_code": _post(f"{control}/login-codes", {}),
            "mint_phone_code": _post(f"{control}/phone-codes", {"phone": "13800138000"}),
            "read_messages": {"method": "GET", "url": f"{control}/sms?phone={{phone}}"},
            "fault": _post(f"{control}/faults", {"kind": "error_after", "times": 1}),
        },
        "staff": demo["staff"],
        "customers": demo["customers"],
        "merchant_api": {**demo["merchant_api"], "base_url": web_url},
    }


def show(facts: dict[str, Any], *, seconds: float) -> None:
    """One screen: where to look, who to be, how to stop."""
    urls = facts["urls"]
    lines = [
        "",
        RULE,
        f"  钱包已就绪  The wallet is ready  ({seconds:.0f} s)",
        "",
        _row("首页", "home", f"{urls['web']}/"),
        _row("接口文档", "API docs", urls["docs"]),
        _row("管理后台", "admin", urls["admin"]),
        _row("在线客服", "chat socket", urls["chat"]),
        _row("微信沙箱", "sandbox", urls["sandbox_console"]),
        "",
        *(_row("员工", each["role"], f"{each['username']} / {each['password']}") for each in facts["staff"]),
        *(_row("顾客", each["name"], f"{each['phone']}  {each['openid']}") for each in facts["customers"]),
        "",
        _row("动态码", "one-time code", "make code（登录后台时要；另开一个终端  in a second terminal）"),
        _row("演示", "story", "make demo（另开一个终端  in a second terminal）"),
        _row("脚本", "scripts", "var/run.json"),
        _row("日志", "logs", "var/run/logs/"),
        _row("停止", "stop", "Ctrl-C"),
        RULE,
    ]
    print("\n".join(lines), flush=True)


def _post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"method": "POST", "url": url, "body": body}


def _row(chinese: str, english: str, value: str) -> str:
    return f"  {_padded(chinese, 10)}{_padded(english, 16)}{value}"


def _padded(text: str, width: int) -> str:
    """Chinese characters take two columns."""
    taken = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * max(1, width - taken)
