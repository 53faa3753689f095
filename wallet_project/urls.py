"""The whole URL map: one include per app."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from accounts.api.agreement_pages import show_current, show_version
from coupons.api.tier_pages import show_tiers
from feedback.admin.attachments import show_picture
from feedback.admin.chats import act, look, show_chats
from feedback.admin.complaints import show_complaint_desk
from feedback.admin.reports import show_reports
from feedback.admin.timelines import show_timeline
from feedback.admin.voice import show_voice
from payments.admin.case_desk import show_case_desk
from wallet.api.fee_pages import show_fees
from wallet.api.verification_pages import show_receipt, show_statement
from wallet_project.analytics.admin.dashboards import show_board, take_board
from wallet_project.client_config import ClientConfig
from wallet_project.compliance.admin.desk import show_desk
from wallet_project.health import healthz, home, readyz
from wallet_project.metrics import metrics

urlpatterns = [
    path("", home, name="home"),
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/compliance/desk", admin.site.admin_view(show_desk), name="compliance_desk"),
    path("admin/data/<slug:code>", admin.site.admin_view(show_board), name="board"),
    path("admin/data/<slug:code>/export.<slug:kind>", admin.site.admin_view(take_board), name="take_board"),
    path("admin/feedback/reports", admin.site.admin_view(show_reports), name="support_reports"),
    path("admin/feedback/complaints", admin.site.admin_view(show_complaint_desk), name="complaint_desk"),
    path("admin/payments/desk", admin.site.admin_view(show_case_desk), name="case_desk"),
    path("admin/feedback/chats", admin.site.admin_view(show_chats), name="chats"),
    path("admin/feedback/chats/look", admin.site.admin_view(look), name="chat_look"),
    path("admin/feedback/chats/acts/<slug:name>", admin.site.admin_view(act), name="chat_act"),
    path("admin/feedback/pictures/<slug:token>", admin.site.admin_view(show_picture), name="ticket_picture"),
    path("admin/feedback/voice", admin.site.admin_view(show_voice), name="voice"),
    path(
        "admin/feedback/customers/<int:user_id>",
        admin.site.admin_view(show_timeline),
        name="customer_timeline",
    ),
    path("admin/", admin.site.urls),
    path("agreements/<kind>", show_current),
    path("agreements/<kind>/<int:version>", show_version),
    path("receipts/<slug:code>", show_receipt),
    path("fees", show_fees),
    path("tiers", show_tiers),
    path("statements/<slug:number>/<slug:checksum>", show_statement),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs", RedirectView.as_view(pattern_name="docs")),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("api/v1/config", ClientConfig.as_view()),
    path("api/v1/", include("accounts.api.urls")),
    path("api/v1/", include("wallet.api.urls")),
    path("api/v1/", include("coupons.api.urls")),
    path("api/v1/", include("payments.api.urls")),
    path("api/v1/", include("feedback.api.urls")),
    path("api/v1/", include("wallet_project.analytics.api.urls")),
    path("api/v1/", include("wallet_project.notifications.api.urls")),
]
