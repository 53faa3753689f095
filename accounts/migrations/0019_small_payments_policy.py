"""Whoever wants to pay without a PIN proves that they have it."""

from django.db import migrations

KIND = "small_payments.allow"


def seed(apps, _schema_editor):
    policy = apps.get_model("accounts", "StepUpPolicy")
    for risk, factors in (("LOW", "PIN"), ("MEDIUM", "PIN"), ("HIGH", "REFUSE")):
        policy.objects.get_or_create(
            kind=KIND, risk=risk, amount_up_to=None, day_up_to=None, defaults={"factors": factors}
        )


def forget(apps, _schema_editor):
    apps.get_model("accounts", "StepUpPolicy").objects.filter(kind=KIND).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0018_small_payments")]

    operations = [migrations.RunPython(seed, forget)]
