"""The door of the sandbox process: WSGI, plus the thread that carries callbacks and settles refunds."""

import os

# Set, not defaulted: the product's settings may already be named in the environment.
os.environ["DJANGO_SETTINGS_MODULE"] = "wallet_project.sandbox.settings"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from wallet_project.sandbox.courier import courier  # noqa: E402  needs the apps that were just loaded

courier.start()
