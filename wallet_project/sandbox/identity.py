"""The one keyring of this process, read from SANDBOX_DIR."""

from django.conf import settings

from wallet_project.sandbox.keys import Keyring

keyring = Keyring(settings.SANDBOX_DIR)
