"""A phone that was put on an account just now does not set its PIN by itself: WeChat must know them, too."""

from django.db import migrations

TIER = {"kind": "pin.set", "risk": "HIGH", "amount_up_to": None, "day_up_to": None}


def tighten(apps, _schema_editor):
    apps.get_model("accounts", "StepUpPolicy").objects.filter(**TIER, factors="SMS").update(factors="SMS+WECHAT")


def loosen(apps, _schema_editor):
    apps.get_model("accounts", "StepUpPolicy").objects.filter(**TIER, factors="SMS+WECHAT").update(factors="SMS")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0023_step_up_permissions")]

    operations = [migrations.RunPython(tighten, loosen)]
