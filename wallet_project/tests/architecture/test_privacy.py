"""Every column says what it tells about a person, and what tells much is unreadable or says why not."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from wallet_project.kit.privacy import classes_of, excuses_of, readable_secrets_of

OURS = [
    model
    for config in apps.get_app_configs()
    if Path(config.path).is_relative_to(settings.BASE_DIR) and "site-packages" not in config.path
    for model in config.get_models()
]
EVERY_TABLE = pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)


def fields_of(model):
    return {
        field.name
        for field in model._meta.get_fields()
        if field.concrete and not isinstance(field, models.AutoField | models.CompositePrimaryKey)
    }


def test_there_are_tables_to_ask():
    assert {"kit", "audit", "accounts", "wallet", "coupons", "payments", "feedback"} <= {
        model._meta.app_label for model in OURS
    }


@EVERY_TABLE
def test_every_column_has_one_class(model):
    said = classes_of(model)

    assert fields_of(model) - set(said) == set(), "say privacy = Privacy(c3=…, c2=…, c1=…, public=…)"
    assert set(said) - fields_of(model) == set(), "privacy names what is no field"
    assert {name: classes for name, classes in said.items() if len(classes) != 1} == {}


@EVERY_TABLE
def test_what_tells_much_is_unreadable_or_says_why_not(model):
    readable, excused = readable_secrets_of(model), excuses_of(model)

    assert readable - set(excused) == set(), (
        "seal it (user.personal_key, SealedField), or say why in in_clear"
    )
    assert set(excused) - readable == set(), "in_clear excuses what needs no excuse"


@EVERY_TABLE
def test_what_is_sealed_is_of_the_classes_that_are_worth_it(model):
    told = {name for name, classes in classes_of(model).items() if {"c1", "public"} & set(classes)}

    assert [name for name in told if name.endswith("_sealed")] == []
