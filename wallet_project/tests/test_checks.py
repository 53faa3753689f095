"""Production starts with everything real, or not at all."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import call_command

from wallet_project import checks
from wallet_project.checks import database_keeps_chinese, documents_have_a_typeface, production_is_real
from wallet_project.notifications.rules.quiet_hours import END
from wallet_project.settings.env import BASE_DIR

REAL = {
    line.partition("=")[0]: line.partition("=")[2].strip()
    for line in (BASE_DIR / ".ci" / "production.env").read_text().splitlines()
    if "=" in line and not line.startswith("#")
}


def start(**changed):
    """A process with production's settings that does nothing but start."""
    environment = {"PATH": os.environ["PATH"], **REAL, **changed}
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env={name: value for name, value in environment.items() if value},
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_with_everything_real_it_starts():
    started = start()

    assert started.returncode == 0, started.stderr


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"WECHAT_PAY_URL": "http://127.0.0.1:8100"}, "that is the sandbox"),
        ({"WECHAT_MCHID": "", "WECHAT_APIV3_KEY": ""}, "WeChat settings are missing: mchid, apiv3_key"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"DATABASE_URL": "sqlite:///wallet.db"}, "the ledger lives in PostgreSQL"),
    ],
)
def test_half_configured_it_refuses_to_start_and_says_why(changed, complaint):
    refused = start(**changed)

    assert refused.returncode != 0
    assert complaint in refused.stderr
    assert REAL["WECHAT_APP_SECRET"] not in refused.stderr


@pytest.fixture
def real(settings):
    """Settings as production has them."""
    wechat = {
        "appid": "wx1",
        "app_secret": "s" * 32,
        "mchid": "1900000001",
        "merchant_serial": "F" * 40,
        "merchant_private_key": "/etc/wallet/key.pem",
        "apiv3_key": "k" * 32,
        "apiv3_other_key": "",
        "public_key_id": "PUB_KEY_ID_1",
        "public_key": "/etc/wallet/public.pem",
        "platform_certs": None,
        "pay_url": "https://api.mch.weixin.qq.com",
        "api_url": "https://api.weixin.qq.com",
    }
    database = settings.DATABASES["default"] | {"USER": "wallet_app"}
    return {
        "DEBUG": False,
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "FIELD_KEYS": {1: bytes(range(32))},
        "INDEX_KEYS": {1: bytes(range(32, 64))},
        "PIN_PEPPER": {1: bytes(range(64, 96))},
        "PUBLIC_URL": "https://wallet.example.com",
        "WALLET_MODE": "closed_loop",
        "LICENCE_REF": "",
        "WECHAT": wechat,
        "SMS": {
            "provider": "tencent",
            "key_id": "AKID1",
            "secret": "s" * 32,
            "sign_name": "示例钱包",
            "templates": {"code": "1000001"},
        },
        "IDENTITY": {
            "url": "https://faceid.tencentcloudapi.com",
            "key_id": "AKID2",
            "secret": "s" * 32,
            "face_rule": "1",
        },
        "BILLERS": {"url": "", "key_id": "", "secret": ""},
        "WECHAT_TRANSFERS": {"scene": "1000", "reports": {"活动名称": "余额提现", "奖励说明": "本人余额"}},
        "DATABASES": {"default": database},
    }


@pytest.fixture
def found(monkeypatch):
    """Ids of the problems of such settings. (Overriding DATABASES itself would disturb the connections.)"""

    def look(settings):
        monkeypatch.setattr(checks, "settings", SimpleNamespace(**settings))
        return [problem.id for problem in production_is_real()]

    return look


def test_real_settings_have_no_problem(real, found):
    assert found(real) == []


@pytest.mark.parametrize(
    ("number", "change"),
    [
        ("E001", lambda good: good.update(DEBUG=True)),
        ("E002", lambda good: good["WECHAT"].update(pay_url="http://api.mch.weixin.qq.com")),
        ("E002", lambda good: good["WECHAT"].update(pay_url="https://127.0.0.1:8100")),
        ("E002", lambda good: good["WECHAT"].update(api_url="https://localhost")),
        ("E003", lambda good: good["WECHAT"].update(mchid="")),
        ("E003", lambda good: good["WECHAT"].update(merchant_private_key=None)),
        ("E004", lambda good: good["WECHAT"].update(apiv3_key="k" * 31)),
        ("E004", lambda good: good["WECHAT"].update(apiv3_other_key="k" * 31)),
        ("E005", lambda good: good.update(PUBLIC_URL="http://wallet.example.com")),
        ("E006", lambda good: good.update(SECRET_KEY="development-only-" + "0123456789" * 5)),
        ("E006", lambda good: good.update(SECRET_KEY="ab" * 40)),
        ("E006", lambda good: good.update(SECRET_KEY="0123456789abcdef")),
        ("E007", lambda good: good.update(INDEX_KEYS={1: b"\0" * 32})),
        ("E007", lambda good: good.update(FIELD_KEYS={2: bytes(range(32)), 1: b"A" * 32})),
        ("E007", lambda good: good.update(INDEX_KEYS={5: bytes(range(32))})),
        ("E007", lambda good: good.update(PIN_PEPPER={1: b"\0" * 32})),
        ("E007", lambda good: good.update(PIN_PEPPER={1: bytes(range(32))})),
        ("E008", lambda good: good["DATABASES"]["default"].update(USER="postgres")),
        ("E008", lambda good: good["DATABASES"]["default"].update(USER="")),
        ("E015", lambda good: good["WECHAT_TRANSFERS"]["reports"].pop("奖励说明")),
        ("E010", lambda good: good["SMS"].update(provider="sandbox")),
        ("E011", lambda good: good["SMS"].update(secret="")),
        ("E011", lambda good: good["SMS"]["templates"].update(code="")),
        ("E012", lambda good: good["IDENTITY"].update(face_rule="")),
        ("E012", lambda good: good["IDENTITY"].update(url="http://127.0.0.1:8100/faceid")),
        ("E013", lambda good: good["BILLERS"].update(url="http://bills.example.com", key_id="w", secret="s")),
        ("E013", lambda good: good["BILLERS"].update(url="https://127.0.0.1", key_id="w", secret="s")),
        ("E014", lambda good: good["BILLERS"].update(url="https://bills.example.com", key_id="w")),
        ("E009", lambda good: good.update(WALLET_MODE="licensed")),
    ],
)
def test_each_thing_that_is_not_real_is_refused(real, found, number, change):
    change(real)

    assert found(real) == [f"wallet.{number}"]


@pytest.mark.django_db
def test_the_database_keeps_chinese():
    assert database_keeps_chinese(databases=["default"]) == []
    assert database_keeps_chinese(databases=None) == []


@pytest.mark.parametrize("font", [None, "absent.ttf", __file__])
def test_documents_have_a_typeface(settings, font):
    if font:
        settings.DOCUMENT_FONT = font

    assert [problem.id for problem in documents_have_a_typeface()] == (["wallet.E021"] if font else [])


def test_the_time_of_day_warns_nobody():
    with time_machine.travel(f"2026-11-29T{END.isoformat()}Z", tick=False):
        call_command("check", fail_level="WARNING")
