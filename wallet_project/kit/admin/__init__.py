from wallet_project.kit.admin.bases import (
    ReadOnlyAdmin,
    ReadOnlyInline,
    WalletAdmin,
    link_to,
    show_label,
    show_yuan,
)
from wallet_project.kit.admin.outbox import DeliveryAdmin, JobAdmin, StoredEventAdmin

__all__ = [
    "DeliveryAdmin",
    "JobAdmin",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "StoredEventAdmin",
    "WalletAdmin",
    "link_to",
    "show_label",
    "show_yuan",
]
