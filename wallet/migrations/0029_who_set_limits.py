"""Whoever proposed and approved limits is named by number, as for fees; nobody did for those we began with."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("wallet", "0028_red_packets")]

    operations = [
        migrations.AlterModelOptions(
            name="limitpolicy",
            options={
                "permissions": [("approve_limitpolicy", "审批调整限额")],
                "verbose_name": "限额",
                "verbose_name_plural": "限额",
            },
        ),
        migrations.RemoveField(model_name="limitpolicy", name="reason"),
        migrations.RemoveField(model_name="limitpolicy", name="proposed_by"),
        migrations.RemoveField(model_name="limitpolicy", name="approved_by"),
        migrations.AddField(
            model_name="limitpolicy",
            name="proposed_by",
            field=models.BigIntegerField("申请人", null=True, blank=True),
        ),
        migrations.AddField(
            model_name="limitpolicy",
            name="approved_by",
            field=models.BigIntegerField("审批人", null=True, blank=True),
        ),
        migrations.AddConstraint(
            model_name="limitpolicy",
            constraint=models.CheckConstraint(
                condition=Q(effective_from__gte=F("made_at")), name="a_limit_is_never_set_for_the_past"
            ),
        ),
        migrations.AddConstraint(
            model_name="limitpolicy",
            constraint=models.CheckConstraint(
                condition=~Q(proposed_by=F("approved_by")), name="nobody_sets_a_limit_alone"
            ),
        ),
    ]
