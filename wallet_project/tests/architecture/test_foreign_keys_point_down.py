"""The part of the floor order that imports cannot show."""

import pytest
from django.apps import apps
from django.db import models

from wallet_project.kit.privileges import READ_WRITE

# From the ground up. Django's own tables are the soil: everybody may stand on them.
FLOORS = [
    "kit",
    "audit",
    "approvals",
    "pauses",
    "flags",
    "accounts",
    "wallet",
    "coupons",
    "payments",
    "feedback",
    "notifications",
    "analytics",
    "compliance",
]
OURS = [model for model in apps.get_models() if model._meta.app_label in FLOORS]
KEYS = [
    field
    for model in OURS
    for field in model._meta.get_fields()
    if isinstance(field, models.ForeignKey | models.ManyToManyField) and not field.auto_created
]
LEAVING = [
    key
    for key in KEYS
    if key.related_model._meta.app_label in FLOORS
    and key.related_model._meta.app_label != key.model._meta.app_label
]


def test_every_app_with_tables_has_a_floor():
    ours = {
        config.label
        for config in apps.get_app_configs()
        if list(config.get_models()) and not config.name.startswith(("django.contrib.", "axes", "waffle"))
    }

    assert ours == set(FLOORS)


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_a_foreign_key_points_down(key):
    target = key.related_model._meta.app_label

    if target in FLOORS:
        assert FLOORS.index(target) <= FLOORS.index(key.model._meta.app_label)


@pytest.mark.parametrize("key", LEAVING, ids=str)
def test_a_lower_table_grows_no_attributes_from_above(key):
    assert key.remote_field.hidden, 'say related_name="+"'


@pytest.mark.parametrize("key", LEAVING, ids=str)
def test_what_another_floor_points_to_is_not_swept_away(key):
    assert key.remote_field.on_delete is models.PROTECT


def test_no_row_of_the_ledger_or_of_a_trade_goes_because_another_one_went():
    money = [key for key in KEYS if key.model._meta.app_label in {"wallet", "payments"} and key.many_to_one]
    swept = [key for key in money if key.remote_field.on_delete is models.CASCADE]

    assert money
    for key in swept:
        assert not deletable(key.related_model) or deletable(key.model), key


def deletable(model):
    return "DELETE" in getattr(model, "app_role_may", READ_WRITE)
