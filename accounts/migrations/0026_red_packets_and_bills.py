"""Red packets and bills are proven as transfers are. Amounts in fen."""

from django.db import migrations, models

SMALL, DAY, MOST = 200_00, 1_000_00, 5_000_00
EITHER = "PIN+SOTER|PIN+SMS"

# kind, risk, amount up to, sum of the day up to, factors
POLICIES = [
    (kind, *tier)
    for kind in ("wallet.red_packet", "wallet.bill")
    for tier in (
        ("LOW", None, DAY, "PIN"),
        ("LOW", None, MOST, EITHER),
        ("MEDIUM", SMALL, DAY, "PIN"),
        ("MEDIUM", None, DAY, EITHER),
        ("MEDIUM", None, MOST, "PIN+SMS"),
        ("HIGH", SMALL, DAY, EITHER),
        ("HIGH", None, None, "REFUSE"),
    )
]


def seed(apps, _schema_editor):
    policy = apps.get_model("accounts", "StepUpPolicy")
    for kind, risk, amount_up_to, day_up_to, factors in POLICIES:
        tier = {"kind": kind, "risk": risk, "amount_up_to": amount_up_to, "day_up_to": day_up_to}
        policy.objects.get_or_create(**tier, defaults={"factors": factors})


def forget(apps, _schema_editor):
    kinds = {policy[0] for policy in POLICIES}
    apps.get_model("accounts", "StepUpPolicy").objects.filter(kind__in=kinds).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0025_code_for_a_pin")]

    operations = [
        migrations.RunPython(seed, forget),
    ]
