"""What two people may do at the support desk."""

from typing import Any

from feedback.models import ArticleVersion, BusinessCalendar, Survey
from feedback.rules.sla import SlaTerms, terms_in_words
from feedback.rules.tickets import Priority, TicketKind
from feedback.services.calendars import hours_in_words_of, set_hours, set_year
from feedback.services.faq import publish_version
from feedback.services.goodwill import carry_out_goodwill
from feedback.services.sla_policies import set_policy
from wallet_project.approvals.going_live import go_live
from wallet_project.approvals.kinds import carries_out
from wallet_project.kit.money import yuan


@carries_out(
    ArticleVersion._meta.label_lower,
    title="发布帮助文章",
    permission="feedback.approve_articleversion",
    shows=lambda terms, foreseen, **_: {**ArticleVersion.shown(terms), **foreseen},
)
def publish_article(*, row_id: int, terms: dict[str, Any], reason: str, **_shown: Any) -> str:
    return f"已发布 {publish_version(row_id=row_id, terms=terms, reason=reason)}"


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


def _shows_policy(
    *, kind: str, priority: int | None, tier: str, terms: dict[str, Any], before: dict[str, Any] | None
) -> dict[str, Any]:
    names = dict(BusinessCalendar.objects.values_list("code", "name"))
    old, new = (
        said and terms_in_words(SlaTerms(**said), calendar=names[said["calendar"]])
        for said in (before, terms)
    )
    return {
        "类型": TicketKind(kind).label if kind else "不限",
        "优先级": "不限" if priority is None else Priority(priority).label,
        "会员等级": tier or "不限",
        **{label: (old[label], value) if old else value for label, value in (new or {}).items()},
        "批准后": "未完结的工单也按此重新计时；已经超时的仍算超时",
    }


@carries_out(
    "feedback.sla_policy",
    title="时限政策",
    permission="feedback.approve_slapolicy",
    shows=_shows_policy,
    also=("maker_id", "checker_id"),
)
def promise(
    *,
    kind: str,
    priority: int | None,
    tier: str,
    terms: dict[str, Any],
    maker_id: int,
    checker_id: int,
    **_shown: Any,
) -> str:
    set_policy(
        kind=kind,
        priority=priority,
        tier=tier,
        terms=SlaTerms(**terms),
        maker_id=maker_id,
        checker_id=checker_id,
    )
    return "已生效"


@carries_out(
    "feedback.calendar",
    title="工作日历",
    permission="feedback.approve_businesscalendar",
    shows=lambda name, before, hours, **_: {
        "日历": name,
        "时间": (before, hours_in_words_of(hours)),
        "批准后": "未完结的工单也按此重新计时",
    },
)
def keep_hours(*, code: str, hours: dict[str, Any], **_shown: Any) -> str:
    set_hours(code=code, hours=hours)
    return "已生效"


@carries_out(
    "feedback.special_days",
    title="节假日安排",
    permission="feedback.approve_specialdays",
    shows=lambda year, text: {"年度": str(year), "安排": text.replace("\n", "；")},
)
def enter_year(*, year: int, text: str) -> str:
    set_year(year=year, text=text)
    return "已生效"
