"""Every number can be asked, says what it means, and names its parts."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from wallet_project.analytics.management.commands import metrics_doc
from wallet_project.analytics.rules.metrics import Adds
from wallet_project.analytics.selectors.cuts import PARTS
from wallet_project.analytics.selectors.metrics.catalogue import METRICS, QUESTIONS, RATIOS, Window

QUIET = date(2019, 1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("code", METRICS)
def test_a_day_on_which_nothing_happened_has_an_answer(code):
    metric = METRICS[code]
    windows = [Window.of(QUIET)]
    if metric.by_person:
        windows.append(Window.of(QUIET, among=User.objects.filter(pk=0).values("pk")))

    for window in windows:
        for hour, cut, value in QUESTIONS[code](window):
            assert isinstance(value, int)
            assert hour is None or metric.hourly
            assert cut == "" or cut.partition(":")[0] in metric.parts
            assert value == 0 or metric.adds is Adds.LAST


def test_parts_have_titles_and_ratios_have_numbers():
    assert {part for metric in METRICS.values() for part in metric.parts} <= set(PARTS)
    assert {part for each in RATIOS.values() for part in (each.over, each.under)} <= set(METRICS)


def test_the_page_of_metrics_is_the_catalogue(settings, tmp_path):
    call_command("metrics_doc", "--check")

    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="out of date"):
        call_command("metrics_doc", "--check")
    assert all(f"`{code}`" in metrics_doc.document() for code in (*METRICS, *RATIOS))
