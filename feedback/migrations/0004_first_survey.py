"""With what the desk asks whether it helped."""

from typing import Any

from django.db import migrations
from django.db.migrations.state import StateApps
from django.utils import timezone

from wallet_project.kit.migrating import first_rows


def _survey(_apps: StateApps) -> list[dict[str, Any]]:
    return [
        {
            "title": "服务评价",
            "intro": "这次的问题解决得怎么样？",
            "kind": "CSAT",
            "trigger": "TICKET_SOLVED",
            "follow_up_at": 2,
            "state": "LIVE",
            "live_at": timezone.now(),
        }
    ]


def _questions(apps: StateApps) -> list[dict[str, Any]]:
    survey = apps.get_model("feedback.Survey").objects.get(kind="CSAT")
    return [
        {
            "survey": survey,
            "position": 1,
            "kind": "SCALE",
            "text": "您对这次服务满意吗？",
            "low": 1,
            "high": 5,
            "low_words": "很不满意",
            "high_words": "非常满意",
        },
        {"survey": survey, "position": 2, "kind": "TEXT", "text": "想对我们说些什么？", "is_required": False},
    ]


class Migration(migrations.Migration):
    dependencies = [("feedback", "0003_ticket_rules")]

    operations = [
        first_rows("feedback.Survey", _survey),
        first_rows("feedback.SurveyQuestion", _questions),
    ]
