"""Every table has its place in the retention schedule: cleared by age, or kept for a written reason."""

import pytest
from django.apps import apps
from django.utils.module_loading import import_string

from wallet_project.compliance.selectors.outdated import KINDS
from wallet_project.kit.retention import DroppedKind

STORED = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
PLACED = {label for kind in KINDS.values() for label in kind.tables}


@pytest.mark.parametrize("model", STORED, ids=lambda model: model._meta.label)
def test_every_table_is_in_the_schedule(model):
    label = model._meta.label

    assert label in PLACED, "say in its app's selectors/retention.py how long, and why"


def test_what_goes_in_whole_months_names_a_service_that_drops_them():
    assert all(callable(import_string(kind.drop)) for kind in KINDS.values() if isinstance(kind, DroppedKind))


def test_the_schedule_names_only_tables_that_are_there():
    assert {model._meta.label for model in STORED} >= PLACED


def test_every_kind_says_why_and_for_how_long():
    for key, kind in KINDS.items():
        assert kind.basis, key
        assert kind.keep_days >= kind.minimum_days >= 1, key
