"""Who agreed to what, and took it back."""

from typing import Any

from django.contrib import admin
from unfold.paginator import InfinitePaginator

from accounts.models import ConsentRecord
from wallet_project.kit.admin import ReadOnlyAdmin, link_to, show_label


@admin.register(ConsentRecord)
class ConsentRecordAdmin(ReadOnlyAdmin):
    list_display = ("shown_user", "shown_agreement", "shown_act", "channel", "at", "ip_masked")
    list_filter = ("act", "agreement__kind", "channel")
    search_fields = ("=user__uid", "=request_id")
    search_help_text = "用户号或请求号，须完整"
    list_select_related = ("user", "agreement")
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = (
        "shown_user",
        "shown_agreement",
        "shown_act",
        "at",
        "sha256",
        "channel",
        "device_id",
        "ip_masked",
        "request_id",
    )
    readonly_fields = ("shown_user", "shown_agreement", "shown_act")

    @admin.display(description="用户")
    def shown_user(self, record: ConsentRecord) -> Any:
        return link_to(record.user)

    @admin.display(description="协议")
    def shown_agreement(self, record: ConsentRecord) -> Any:
        return link_to(record.agreement)

    @admin.display(description="行为", ordering="act")
    def shown_act(self, record: ConsentRecord) -> Any:
        given = record.act == ConsentRecord.Act.GIVEN
        return show_label(record.get_act_display(), "success" if given else "warning")
