"""`python -m wallet_project.sandbox.prepare`: keys, credentials and database in SANDBOX_DIR, if missing."""

import os
from pathlib import Path

import django
from django.core.management import call_command

from wallet_project.sandbox.keys import prepare_keys


def prepare() -> None:
    directory = Path(os.environ["SANDBOX_DIR"]).absolute()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    prepare_keys(directory)
    # Set, not defaulted: the product's settings may already be named in the environment.
    os.environ["DJANGO_SETTINGS_MODULE"] = "wallet_project.sandbox.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    from wallet_project.sandbox.subscribe import prepare_templates  # needs the apps

    prepare_templates()


if __name__ == "__main__":
    prepare()
