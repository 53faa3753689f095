"""Quiet hours have a length."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0005_first_triggers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddConstraint(
            model_name="reader",
            constraint=models.CheckConstraint(
                condition=~Q(quiet_from=F("quiet_until")), name="quiet_hours_end_at_another_time_than_they_begin"
            ),
        ),
    ]
