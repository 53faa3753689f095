"""Everybody's dealings of a day, and findings as a table."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection
from django.db.models import QuerySet

from payments.models import AmlFinding
from payments.rules.aml import PASSED_THROUGH_FROM, SPLIT_BELOW, SPLIT_FROM, SPLIT_TIMES, Day
from wallet_project.kit import clock
from wallet_project.kit.csv_text import csv_lines
from wallet_project.kit.money import Fen, in_yuan

_DAYS = """
    WITH day AS (
        SELECT * FROM payments_riskmove WHERE at >= %(since)s AND at < %(until)s
    ), gone AS (
        SELECT user_id, sum(amount) AS went,
            count(*) FILTER (WHERE amount >= %(from)s AND amount < %(below)s) AS just_below
        FROM day WHERE family = 'out' GROUP BY user_id
    ), got AS (
        SELECT person.id AS user_id, sum(day.amount) AS came, count(DISTINCT day.user_id) AS payers
        FROM day JOIN accounts_user AS person ON day.payee = 'user:' || person.uid::text
        GROUP BY person.id
    ), topped_up AS (
        SELECT payer_id AS user_id, sum(from_channel) AS came FROM payments_payment
        WHERE top_up_id IS NOT NULL AND state = 'PAID' AND settled_at >= %(since)s AND settled_at < %(until)s
        GROUP BY payer_id
    )
    SELECT user_id, (coalesce(got.came, 0) + coalesce(topped_up.came, 0))::bigint AS came,
        coalesce(gone.went, 0)::bigint AS went, coalesce(got.payers, 0) AS payers,
        coalesce(gone.just_below, 0) AS just_below
    FROM gone FULL JOIN got USING (user_id) FULL JOIN topped_up USING (user_id)
    WHERE greatest(coalesce(got.came, 0) + coalesce(topped_up.came, 0), coalesce(gone.went, 0)) >= %(worth)s
        OR gone.just_below >= %(times)s
"""
_HEADINGS = [
    "交易日",
    "用户号",
    "类型",
    "特征",
    "转入合计（元）",
    "转出合计（元）",
    "付款人数",
    "状态",
    "研判意见",
]


def days_worth_a_look(day: date) -> Iterator[tuple[int, Day]]:
    """User id and what they moved on this Shanghai day; small days are left out."""
    since, until = clock.beginning_of(day), clock.beginning_of(day + timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute(
            _DAYS,
            {
                "since": since,
                "until": until,
                "from": SPLIT_FROM,
                "below": SPLIT_BELOW,
                "worth": PASSED_THROUGH_FROM,
                "times": SPLIT_TIMES,
            },
        )
        rows = cursor.fetchall()
    for user_id, came, went, payers, just_below in rows:
        yield user_id, Day(came=Fen(came), went=Fen(went), payers=payers, just_below=just_below)


def findings_as_csv(findings: QuerySet[AmlFinding]) -> str:
    """For the report; what a spreadsheet would take for a formula is text."""
    rows = (
        [
            finding.day.isoformat(),
            str(finding.user.uid),
            finding.get_kind_display(),
            finding.get_reason_display(),
            in_yuan(finding.came),
            in_yuan(finding.went),
            str(finding.payers),
            finding.get_state_display(),
            finding.note,
        ]
        for finding in findings.select_related("user").order_by("day", "pk").iterator()
    )
    return "".join(csv_lines([_HEADINGS, *rows]))
