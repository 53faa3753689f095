"""Stores and shops by name, for whoever limits an offer to some of them (settings.PLACE_NAMES)."""

from payments.models import ShopSystem, Store


def place_names() -> dict[str, str]:
    """By Order.counterparty; those that are closed too, for what was agreed about them stays. Two queries."""
    stores = Store.objects.order_by("name").values_list("code", "name")
    shops = ShopSystem.objects.order_by("name").values_list("key_id", "name")
    return {
        **{f"store:{code}": name for code, name in stores},
        **{f"shop:{key_id}": name for key_id, name in shops},
    }
