"""The demo's surveys: whether customers recommend us, and a questionnaire after a payment."""

from datetime import datetime
from typing import Any

from feedback.models import Survey, SurveyQuestion

SURVEYS: list[tuple[dict[str, Any], list[dict[str, Any]]]] = [
    (
        {
            "title": "推荐度调查",
            "intro": "只要十秒钟。",
            "kind": "NPS",
            "trigger": "ORDER_PAID",
            "share": 10_000,
            "follow_up_at": 6,
        },
        [
            {
                "kind": "SCALE",
                "text": "您有多大可能把我们推荐给朋友？",
                "low": 0,
                "high": 10,
                "low_words": "不可能",
                "high_words": "一定会",
            },
            {"kind": "TEXT", "text": "为什么打这个分？", "is_required": False},
        ],
    ),
    (
        {
            "title": "退款体验",
            "intro": "您的回答会帮助我们改进退款。",
            "kind": "FORM",
            "trigger": "ORDER_REFUNDED",
            "share": 5_000,
            "delay_hours": 1,
        },
        [
            {"kind": "CHOICE", "text": "到账比您想的快还是慢？", "options": ["更快", "差不多", "更慢"]},
            {
                "kind": "CHOICES",
                "text": "哪些地方可以更好？",
                "options": ["申请步骤", "进度说明", "到账时间", "客服回复"],
                "is_required": False,
            },
            {"kind": "TEXT", "text": "还想说些什么？", "is_required": False},
        ],
    ),
]


def ask_customers(*, since: datetime) -> None:
    """In force at once, as if two people had agreed; harmless when repeated."""
    for columns, questions in SURVEYS:
        survey, is_new = Survey.objects.get_or_create(
            title=columns["title"], defaults={**columns, "state": "LIVE", "live_at": since}
        )
        if is_new:
            for position, question in enumerate(questions, start=1):
                SurveyQuestion.objects.create(survey=survey, position=position, **question)
