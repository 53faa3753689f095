"""Read-only search."""

from django.contrib import admin

from wallet_project.audit.models import AuditEntry
from wallet_project.kit.admin import ReadOnlyAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "action", "subject", "actor", "ip", "request_id")
    list_filter = ("at",)
    search_fields = ("subject__exact", "actor__exact", "request_id__exact")
    search_help_text = "对象（如 user:12）、操作者或请求号，须完整"
    fields = ("at", "action", "subject", "actor", "request_id", "ip", "device_id", "facts")
    ordering = ("-id",)
