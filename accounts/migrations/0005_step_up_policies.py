"""The first step-up policies: operation by amount, day and risk. Amounts in fen."""

from django.db import migrations

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
    ("wallet.transfer", "LOW", None, DAY, "PIN"),
    ("wallet.transfer", "LOW", None, MOST, EITHER),
    ("wallet.transfer", "MEDIUM", SMALL, DAY, "PIN"),
    ("wallet.transfer", "MEDIUM", None, DAY, EITHER),
    ("wallet.transfer", "MEDIUM", None, MOST, "PIN+SMS"),
    ("wallet.transfer", "HIGH", SMALL, DAY, EITHER),
    ("wallet.transfer", "HIGH", None, None, "REFUSE"),
    ("wallet.withdraw", "LOW", None, MOST, EITHER),
    ("wallet.withdraw", "MEDIUM", None, MOST, "PIN+SMS"),
    ("wallet.withdraw", "HIGH", None, None, "REFUSE"),
    *(("pin.set", risk, None, None, "SMS") for risk in ("LOW", "MEDIUM", "HIGH")),
    *(("pin.reset", risk, None, None, "SMS+WECHAT") for risk in ("LOW", "MEDIUM")),
    ("pin.reset", "HIGH", None, None, "REFUSE"),
    *(
        (kind, risk, None, None, factors)
        for kind in ("pin.change", "phone.change", "data.export", "account.close")
        for risk, factors in (("LOW", "PIN+SMS"), ("MEDIUM", "PIN+SMS"), ("HIGH", "REFUSE"))
    ),
]


def seed(apps, _schema_editor):
    policy = apps.get_model("accounts", "StepUpPolicy")
    for kind, risk, amount_up_to, day_up_to, factors in POLICIES:
        tier = {"kind": kind, "risk": risk, "amount_up_to": amount_up_to, "day_up_to": day_up_to}
        policy.objects.get_or_create(**tier, defaults={"factors": factors})


def forget(apps, _schema_editor):
    apps.get_model("accounts", "StepUpPolicy").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_step_up")]

    operations = [migrations.RunPython(seed, forget)]
