"""What two people may do at the support desk."""

from typing import Any

from feedback.models import Survey
from wallet_project.approvals.going_live import go_live
from wallet_project.approvals.kinds import carries_out


@carries_out(
    Survey._meta.label_lower,
    title="问卷上线",
    permission="feedback.approve_survey",
    shows=lambda terms, **_: Survey.shown(terms),
)
def ask_survey(*, row_id: int, terms: dict[str, Any], reason: str, **_shown: Any) -> str:
    survey = go_live(label=Survey._meta.label_lower, row_id=row_id, terms=terms, reason=reason)
    return f"已上线 {survey}"
