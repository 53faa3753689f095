"""Whoever is staff already has a profile; their login name stands in for the employee number."""

from django.db import migrations
from django.utils import timezone


def make_profiles(apps, schema_editor):
    User, StaffProfile = apps.get_model("accounts", "User"), apps.get_model("accounts", "StaffProfile")
    now = timezone.now()
    for user in User.objects.filter(is_staff=True, username__isnull=False):
        StaffProfile.objects.get_or_create(
            user=user,
            defaults={
                "employee_no": user.username[:32],
                "must_change_password": False,
                "password_changed_at": now,
                "sessions_from": now,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_staff")]

    operations = [migrations.RunPython(make_profiles, migrations.RunPython.noop)]
