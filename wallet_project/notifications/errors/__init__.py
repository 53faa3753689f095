"""Everything that can go wrong with what people are told."""

from wallet_project.notifications.errors.deliveries import DeliveryNotRepeatable

__all__ = ["DeliveryNotRepeatable"]
