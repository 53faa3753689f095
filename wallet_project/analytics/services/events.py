"""Keep events, and what follows from them: each once, and counted on in the same statement."""

import json
from typing import Any

from django.db import connection

from wallet_project.analytics.rules.events import STEPS, VISITS

# `{rows}` are (key, at, name, user_id, visitor, properties). What was known already is not returned, so it is
# not counted again. The people in order, so that two who write the same days never wait for each other.
_KEEP = """
    WITH kept AS (
        INSERT INTO analytics_event (key, at, name, user_id, visitor, properties)
        {rows}
        ON CONFLICT DO NOTHING RETURNING name, user_id, at AT TIME ZONE 'Asia/Shanghai' AS at
    ), came AS (
        INSERT INTO analytics_activity AS known (user_id, day, hours, acts, paid, topped_up)
        SELECT user_id, at::date, bit_or(1 << extract(hour FROM at)::integer), count(*),
               count(*) FILTER (WHERE name = 'paid'), count(*) FILTER (WHERE name = 'topped_up')
        FROM kept WHERE user_id IS NOT NULL AND name = ANY (%(visits)s)
        GROUP BY user_id, at::date ORDER BY user_id, at::date
        ON CONFLICT (user_id, day) DO UPDATE SET
            hours = known.hours | excluded.hours, acts = known.acts + excluded.acts,
            paid = known.paid + excluded.paid, topped_up = known.topped_up + excluded.topped_up
    ), went AS (
        INSERT INTO analytics_journey AS known (user_id, {steps})
        SELECT user_id, {first_times} FROM kept
        WHERE user_id IS NOT NULL AND name = ANY (%(steps)s) GROUP BY user_id ORDER BY user_id
        ON CONFLICT (user_id) DO UPDATE SET {earlier}
    ) SELECT count(*) FROM kept
"""
_COUNTED = {
    "steps": ", ".join(STEPS.values()),
    "first_times": ", ".join(f"min(at::date) FILTER (WHERE name = '{name}')" for name in STEPS),
    "earlier": ", ".join(f"{step} = least(known.{step}, excluded.{step})" for step in STEPS.values()),
}


def keep_events(rows: str, **values: Any) -> int:
    """Keep what the statement `rows` finds; returns how many were new."""
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP.format(rows=rows, **_COUNTED), {**values, "visits": list(VISITS), "steps": list(STEPS)}
        )
        kept: int = cursor.fetchone()[0]
    return kept


def as_rows(rows: list[dict[str, Any]]) -> str:
    """What jsonb_to_recordset takes."""
    return json.dumps(rows, default=str)
