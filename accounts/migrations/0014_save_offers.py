"""The first offers to stay, one for each reason that we can answer."""

from django.db import migrations

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


def seed(apps, _schema_editor):
    offers = apps.get_model("accounts", "SaveOffer").objects
    for reason, title, text, action, article in OFFERS:
        offers.get_or_create(
            reason=reason,
            is_active=True,
            defaults={"title": title, "text": text, "action": action, "article": article},
        )


def forget(apps, _schema_editor):
    reasons = [offer[0] for offer in OFFERS]
    apps.get_model("accounts", "SaveOffer").objects.filter(reason__in=reasons).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_closures")]

    operations = [migrations.RunPython(seed, forget)]
