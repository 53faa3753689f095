"""Doors for the clock: each asks one service."""

from celery import shared_task

from wallet_project.analytics.services import alert_tellings, anomalies, event_feed, rollups, watching


@shared_task(name="analytics.hear_events")
def hear_events(**_later: object) -> None:
    event_feed.hear_events()


@shared_task(name="analytics.roll_up_today")
def roll_up_today(**_later: object) -> None:
    rollups.roll_up_today()


@shared_task(name="analytics.roll_up_last_days")
def roll_up_last_days(**_later: object) -> None:
    rollups.roll_up_last_days()


@shared_task(name="analytics.watch")
def watch(**_later: object) -> None:
    watching.watch()


@shared_task(name="analytics.look_for_anomalies")
def look_for_anomalies(**_later: object) -> None:
    anomalies.look_for_anomalies()


@shared_task(name="analytics.tell_of_alerts")
def tell_of_alerts(**_later: object) -> None:
    alert_tellings.tell_of_alerts()
