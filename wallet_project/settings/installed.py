"""Apps, middleware, templates."""

from wallet_project.settings.env import BASE_DIR

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "wallet_project.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "wallet_project.apps.ProjectConfig",
    "wallet_project.kit.apps.KitConfig",
    "wallet_project.audit.apps.AuditConfig",
    "wallet_project.approvals.apps.ApprovalsConfig",
    "wallet_project.pauses.apps.PausesConfig",
    "wallet_project.flags.apps.QuietWaffleConfig",
    "wallet_project.flags.apps.FlagsConfig",
    "accounts.apps.AccountsConfig",
    "wallet.apps.WalletConfig",
    "coupons.apps.CouponsConfig",
    "payments.apps.PaymentsConfig",
    "feedback.apps.FeedbackConfig",
    "wallet_project.notifications.apps.NotificationsConfig",
    "wallet_project.analytics.apps.AnalyticsConfig",
    "wallet_project.compliance.apps.ComplianceConfig",
]

MIDDLEWARE = [
    "wallet_project.kit.api.middleware.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "wallet_project.kit.api.middleware.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wallet_project.kit.api.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "wallet_project.kit.api.client_version.ClientVersionMiddleware",
    "wallet_project.pauses.middleware.ReadOnlyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "wallet_project.kit.api.middleware.StaffContextMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "wallet_project.kit.api.middleware.HtmxRedirectMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.admin.gate.StaffGate",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

ROOT_URLCONF = "wallet_project.urls"
WSGI_APPLICATION = "wallet_project.wsgi.application"
ASGI_APPLICATION = "wallet_project.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
WAFFLE_FLAG_MODEL = "flags.Flag"
WAFFLE_ENABLE_ADMIN_PAGES = False
APPEND_SLASH = False

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
FORMAT_MODULE_PATH = ["wallet_project.formats"]
LOCALE_PATHS = [BASE_DIR / "wallet_project" / "locale"]
# It suspects a default of eight o'clock to be a forgotten "now", whenever it is eight o'clock in UTC.
SILENCED_SYSTEM_CHECKS = ["fields.W161"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
