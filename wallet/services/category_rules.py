"""Rules for everybody are started and stopped; the lines of the last days follow."""

from django.db import transaction

from wallet.models import CategoryRule
from wallet.selectors.category_rules import active_rules, misfiled_lines, recent_lines_like
from wallet.services.categories import move_lines
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.jobs import after_commit


def start_rule(*, rule_id: int) -> None:
    """Lines from now on are filed by it, and so are those of the last 30 days that rules have filed."""
    _switch(rule_id, is_active=True)


def stop_rule(*, rule_id: int) -> None:
    """The others decide without it, about the lines of the last 30 days as well."""
    _switch(rule_id, is_active=False)


def file_recent_lines() -> None:
    """
    File the lines of the last 30 days as the rules say now; harmless twice.

    One small transaction for each wallet and kind of line, so that nobody's payment waits for long.
    """
    now = clock.now()
    for misfiled in misfiled_lines(rules=active_rules(), at=now):
        lines = recent_lines_like(misfiled, at=now)
        for wallet_id in lines.values_list("wallet_id", flat=True).distinct():
            with transaction.atomic(durable=True):
                move_lines(lines.filter(wallet=wallet_id), category=misfiled.after)


def _switch(rule_id: int, *, is_active: bool) -> None:
    with transaction.atomic(durable=True):
        rule = CategoryRule.objects.select_for_update(no_key=True, of=("self",)).get(pk=rule_id)
        if rule.is_active == is_active:
            return
        rule.is_active = is_active
        rule.save(update_fields=["is_active", "updated_at"])
        facts = {"what": str(rule), "state": "启用" if is_active else "停用"}
        record_audit(action="wallet.category_rule.switched", subject=f"category_rule:{rule_id}", facts=facts)
        after_commit("wallet.file_recent_lines")
