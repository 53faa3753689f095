"""Base with the safety switches on; wallet_project.checks refuses to start when something is missing."""

from wallet_project.settings.base import *  # noqa: F403
from wallet_project.settings.env import BASE_DIR, integer

ENVIRONMENT = "production"

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

REST_FRAMEWORK["NUM_PROXIES"] = integer("TRUSTED_PROXIES", 1)  # noqa: F405
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_ROOT = BASE_DIR / "staticfiles"  # filled by `manage.py collectstatic`
WHITENOISE_USE_FINDERS = False
