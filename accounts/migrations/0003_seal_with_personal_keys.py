"""
Every user gets a personal key, and their phone is sealed with it and indexed with the key's number in front.

What a value belongs to, and how it begins, is written down here as it was and as it became: models change.
"""

from django.db import migrations

from wallet_project.kit import crypto


def give_keys(apps, _schema_editor):
    for user in _users(apps).filter(personal_key=None).iterator(chunk_size=1000):
        key = crypto.new_key()
        apps.get_model("accounts", "PersonalKey").objects.create(
            user=user,
            key_sealed=crypto.seal(key.hex(), belongs_to=f"accounts.personal_key:{user.pk}"),
        )
        if user.phone_sealed is not None:
            phone = crypto.open_sealed(user.phone_sealed, belongs_to=f"accounts.user.phone:{user.uid}")
            user.phone_sealed = crypto.seal_with(key, phone, belongs_to=f"accounts.user.phone:{user.pk}")
            user.phone_index = crypto.blind_index(phone, purpose="phone")
            user.save(update_fields=["phone_sealed", "phone_index"])


def take_keys_away(apps, _schema_editor):
    for key in apps.get_model("accounts", "PersonalKey").objects.select_related("user").iterator():
        user = key.user
        if user.phone_sealed is not None and key.key_sealed is not None:
            opened = crypto.open_sealed(key.key_sealed, belongs_to=f"accounts.personal_key:{user.pk}")
            phone = crypto.open_with(
                bytes.fromhex(opened), user.phone_sealed, belongs_to=f"accounts.user.phone:{user.pk}"
            )
            user.phone_sealed = crypto.seal(phone, belongs_to=f"accounts.user.phone:{user.uid}")
            user.phone_index = crypto.blind_index(phone, purpose="phone")[crypto.HEADER :]
            user.save(update_fields=["phone_sealed", "phone_index"])


def _users(apps):
    return apps.get_model("accounts", "User")._base_manager.order_by("pk")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_personal_keys")]

    operations = [migrations.RunPython(give_keys, take_keys_away)]
