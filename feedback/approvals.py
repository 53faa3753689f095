"""What two people may do at the support desk."""

from typing import Any

from feedback.models import Survey
from feedback.services.goodwill import carry_out_goodwill
from wallet_project.approvals.going_live import go_live
from wallet_project.approvals.kinds import carries_out
from wallet_project.kit.money import yuan


@carries_out(
    Survey._meta.label_lower,
    title="问卷上线",
    permission="feedback.approve_survey",
    shows=lambda terms, **_: Survey.shown(terms),
)
def ask_survey(*, row_id: int, terms: dict[str, Any], reason: str, **_shown: Any) -> str:
    survey = go_live(label=Survey._meta.label_lower, row_id=row_id, terms=terms, reason=reason)
    return f"已上线 {survey}"


@carries_out(
    "feedback.goodwill",
    title="补偿顾客",
    permission="feedback.approve_goodwill",
    shows=lambda ticket, what, amount, given, **_: {
        "工单": ticket,
        "补偿": what,
        "价值（元）": yuan(amount),
        "该顾客 30 天内已获补偿（元）": yuan(given),
    },
)
def give(*, number: str, **_shown: Any) -> str:
    return f"已办理 {carry_out_goodwill(number=number)}"
