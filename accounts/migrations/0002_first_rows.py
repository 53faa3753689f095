"""
What accounts begin with, and staff change from here on: step-up policies (operation by risk, amount and day;
amounts in fen), the first text of every agreement, and offers to stay, one for each reason that we can answer.
"""

from datetime import UTC, datetime
from pathlib import Path

from django.db import migrations

from accounts.rules.agreements import AgreementKind, fingerprint
from wallet_project.kit.migrating import first_rows

SMALL, DAY, MOST = 200_00, 1_000_00, 5_000_00
EITHER = "PIN+SOTER|PIN+SMS"

# kind, risk, amount up to, sum of the day up to, factors
POLICIES = [
    ("order.pay", "LOW", SMALL, DAY, "SESSION|PIN"),
    ("order.pay", "LOW", None, DAY, "PIN"),
    ("order.pay", "LOW", None, MOST, EITHER),
    ("order.pay", "MEDIUM", SMALL, DAY, "PIN"),
    ("order.pay", "MEDIUM", None, DAY, EITHER),
    ("order.pay", "MEDIUM", None, MOST, "PIN+SMS"),
    ("order.pay", "HIGH", SMALL, DAY, EITHER),
    ("order.pay", "HIGH", None, None, "REFUSE"),
    *(
        (kind, *tier)
        for kind in ("wallet.transfer", "wallet.red_packet", "wallet.bill")
        for tier in (
            ("LOW", None, DAY, "PIN"),
            ("LOW", None, MOST, EITHER),
            ("MEDIUM", SMALL, DAY, "PIN"),
            ("MEDIUM", None, DAY, EITHER),
            ("MEDIUM", None, MOST, "PIN+SMS"),
            ("HIGH", SMALL, DAY, EITHER),
            ("HIGH", None, None, "REFUSE"),
        )
    ),
    ("wallet.withdraw", "LOW", None, MOST, EITHER),
    ("wallet.withdraw", "MEDIUM", None, MOST, "PIN+SMS"),
    ("wallet.withdraw", "HIGH", None, None, "REFUSE"),
    # A phone that was put on an account just now does not set its PIN by itself: WeChat must know them, too.
    *(("pin.set", risk, None, None, "SMS") for risk in ("LOW", "MEDIUM")),
    ("pin.set", "HIGH", None, None, "SMS+WECHAT"),
    *(("pin.reset", risk, None, None, "SMS+WECHAT") for risk in ("LOW", "MEDIUM")),
    ("pin.reset", "HIGH", None, None, "REFUSE"),
    # Whoever wants to pay without a PIN proves that they have it.
    *(("small_payments.allow", risk, None, None, "PIN") for risk in ("LOW", "MEDIUM")),
    ("small_payments.allow", "HIGH", None, None, "REFUSE"),
    *(
        (kind, risk, None, None, factors)
        for kind in ("pin.change", "phone.change", "data.export", "account.close")
        for risk, factors in (("LOW", "PIN+SMS"), ("MEDIUM", "PIN+SMS"), ("HIGH", "REFUSE"))
    ),
]

_TEXTS = Path(__file__).parent.parent / "agreements"
_PUBLISHED = datetime(2025, 12, 24, 16, tzinfo=UTC)
_EFFECTIVE = datetime(2025, 12, 31, 16, tzinfo=UTC)  # New Year in Shanghai

# reason, title, text, action, article
OFFERS = [
    (
        "PRIVACY",
        "您的信息和资金这样受保护",
        "手机号与实名信息加密保存，付款需要支付密码，每一笔余额变动都有据可查。您可以先看看我们的安全说明，再决定是否离开。",
        "READ",
        "how-we-protect-you",
    ),
    (
        "TROUBLE",
        "让我们帮您解决",
        "告诉客服遇到了什么问题，我们会在一个工作日内联系您。问题解决之前，账户和余额保持不变。",
        "TALK",
        "",
    ),
    (
        "NOT_USED",
        "账户留着不花钱",
        "不使用的账户没有任何费用，余额和记录都会为您保留。需要时打开小程序就能继续使用。",
        "STAY",
        "",
    ),
    (
        "OTHER_ACCOUNT",
        "换手机号不必注销",
        "如果只是换了手机号，可以在账户里直接更换，余额、订单和记录都会保留。",
        "READ",
        "change-phone",
    ),
]


def policies(_apps):
    columns = ("kind", "risk", "amount_up_to", "day_up_to", "factors")
    return [dict(zip(columns, policy, strict=True)) for policy in POLICIES]


def agreements(_apps):
    for kind in AgreementKind.values:
        heading, _, body = (_TEXTS / f"{kind.lower()}_1.md").read_text(encoding="utf-8").partition("\n\n")
        title, body = heading.removeprefix("# "), body.strip()
        yield {
            "kind": kind,
            "version": 1,
            "title": title,
            "body": body,
            "is_material": True,
            "effective_at": _EFFECTIVE,
            "published_at": _PUBLISHED,
            "sha256": fingerprint(kind=kind, version=1, title=title, body=body),
        }


def offers(_apps):
    columns = ("reason", "title", "text", "action", "article")
    return [dict(zip(columns, offer, strict=True)) | {"is_active": True} for offer in OFFERS]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_first")]

    operations = [
        first_rows("accounts.StepUpPolicy", policies),
        first_rows("accounts.AgreementVersion", agreements),
        first_rows("accounts.SaveOffer", offers),
    ]
