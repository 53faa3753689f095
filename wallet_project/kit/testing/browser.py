"""A browser at the admin's door."""

from typing import Any

import django_otp
from django.apps import apps
from django.test import Client

from wallet_project.kit import clock

BACKEND = "django.contrib.auth.backends.ModelBackend"


class Browser(Client):
    """Whoever is forced in and is staff has shown their second factor; `log_in_by_password` has not."""

    def force_login(self, user: Any, backend: str | None = None) -> None:
        super().force_login(user, backend or BACKEND)
        if user.is_staff:
            authenticator, _made = apps.get_model("accounts", "Authenticator").objects.get_or_create(
                user=user, confirmed=True, defaults={"secret_sealed": b"", "created_at": clock.now()}
            )
            session = self.session
            session[django_otp.DEVICE_ID_SESSION_KEY] = authenticator.persistent_id
            session.save()

    def log_in_by_password(self, user: Any) -> None:
        super().force_login(user, BACKEND)
