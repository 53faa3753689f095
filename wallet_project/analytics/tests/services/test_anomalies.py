"""A number far from usual is alerted of, with what it should have been, and settled when it is back."""

from datetime import date, datetime, timedelta

import pytest

from wallet_project.analytics.models import Alert, Figure, WatchedMetric
from wallet_project.analytics.rules.alerts import Severity
from wallet_project.analytics.rules.baselines import Direction, Sensitivity
from wallet_project.analytics.selectors.anomalies import rehearse, watchable
from wallet_project.analytics.services import anomalies
from wallet_project.analytics.services.alerts import GONE
from wallet_project.analytics.services.anomalies import look_for_anomalies
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 27)
HOUR = 10  # the last one that is over


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """Twenty past eleven in Shanghai, moved by hand."""
    now = datetime(2026, 11, 27, 11, 20, tzinfo=clock.SHANGHAI)

    def move(**later):
        nonlocal now
        now += timedelta(**later)
        return now

    monkeypatch.setattr(clock, "now", lambda: now)
    WatchedMetric.objects.all().delete()
    return move


def watch(code, **terms):
    return WatchedMetric.objects.create(code=code, **{"minimum": 10, **terms})


def figures(code, values, *, day=TODAY, cut=""):
    """Hour → value of a day, and the day as their sum."""
    rows = [Figure(metric=code, day=day, hour=hour, cut=cut, value=value) for hour, value in values.items()]
    whole = Figure(metric=code, day=day, hour=None, cut=cut, value=sum(values.values()))
    Figure.objects.bulk_create([*rows, whole])


def usually(code, value, *, weeks=8, hours=(HOUR, HOUR + 1)):
    for week in range(1, weeks + 1):
        figures(code, dict.fromkeys(hours, value + week % 3), day=TODAY - timedelta(weeks=week))


def test_a_success_rate_that_falls_is_critical_and_says_how_far(at):
    watch("success_rate", direction=Direction.BELOW, minimum=20, severity=Severity.CRITICAL)
    usually("attempts_ended", 200)
    usually("attempts_paid", 194)
    figures("attempts_ended", {HOUR: 200})
    figures("attempts_paid", {HOUR: 124})

    look_for_anomalies()
    look_for_anomalies()

    alert = Alert.objects.get()
    assert (alert.severity, alert.count) == (Severity.CRITICAL, 2)
    assert alert.title.startswith("支付成功率异常偏低：62.00%，通常 97.")
    assert alert.said["时段"] == "11-27 10:00–11:00"
    assert alert.said["参照"] == "过去 8 周同一时段"
    assert alert.said["样本"] == "124 / 200"


def test_it_is_settled_when_it_is_usual_again_and_stays_where_nobody_can_tell(at):
    watch("attempts_ended")
    usually("attempts_ended", 200, hours=range(24))
    figures("attempts_ended", {HOUR: 20})
    look_for_anomalies()
    assert Alert.objects.get().is_open

    Figure.objects.filter(day=TODAY).delete()
    look_for_anomalies()
    assert Alert.objects.get().is_open, "the day is not rolled up: nobody can tell"

    figures("attempts_ended", {HOUR: 20, HOUR + 1: 201})
    at(hours=1)
    look_for_anomalies()
    assert Alert.objects.get().note == GONE


def test_too_much_is_seen_while_its_hour_runs_and_parts_that_changed_are_named():
    watch("orders_paid", direction=Direction.ABOVE)
    usually("orders_paid", 30)
    figures("orders_paid", {HOUR: 30, HOUR + 1: 400})
    for cut, before, now in (("method:wechat", 60, 400), ("method:balance", 40, 30)):
        for days in range(1, 8):
            figures("orders_paid", {0: before}, day=TODAY - timedelta(days=days), cut=cut)
        figures("orders_paid", {0: now}, cut=cut)

    look_for_anomalies()

    alert = Alert.objects.get()
    assert alert.title == "支付订单数异常偏高：400，通常 31"
    assert alert.said["当日构成变化"] == "微信 93%（上周 60%）；余额 7%（上周 40%）"


def test_nothing_is_said_in_the_first_weeks():
    watch("attempts_ended")
    usually("attempts_ended", 200, weeks=3)
    figures("attempts_ended", {HOUR: 0})

    look_for_anomalies()

    assert not Alert.objects.exists()


def test_what_is_not_watched_any_more_is_settled(at):
    watched = watch("attempts_ended")
    usually("attempts_ended", 200)
    figures("attempts_ended", {HOUR: 0})
    look_for_anomalies()
    assert Alert.objects.get().is_open

    watched.is_active = False
    watched.save()
    look_for_anomalies()

    assert Alert.objects.get().note == GONE


def test_one_that_cannot_be_looked_at_does_not_blind_the_others(monkeypatch):
    watch("refunds")
    watch("attempts_ended")
    usually("attempts_ended", 200)
    figures("attempts_ended", {HOUR: 0})
    honest = anomalies.verdicts

    def fails(watched, *, at):
        if watched.code == "refunds":
            raise RuntimeError
        return honest(watched, at=at)

    monkeypatch.setattr(anomalies, "verdicts", fails)
    look_for_anomalies()

    assert Alert.objects.get().about == "metric:attempts_ended"


def test_a_rehearsal_tells_what_would_have_been_said():
    watched = watch("attempts_ended", sensitivity=Sensitivity.LOW)
    for days in range(1, 80):
        busy = 900 if days == 5 else 100
        figures("attempts_ended", {HOUR: busy, 3: 2}, day=TODAY - timedelta(days=days))

    judged = rehearse(watched, at=clock.now())

    assert len(judged) == 14, "the small hours are below the least volume"
    (strange,) = [each for each in judged if each.strange]
    assert (strange.day, strange.hour) == (TODAY - timedelta(days=5), HOUR)


def test_what_can_be_watched_is_kept_by_hour_and_shares_are_of_the_same_people_or_things():
    offered = watchable()

    assert {"success_rate", "attempts_ended", "volume"} <= offered.keys()
    assert not {"buyers", "order_value", "refund_rate"} & offered.keys()
