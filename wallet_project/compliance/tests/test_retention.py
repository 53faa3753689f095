"""What is outdated goes, what must stay stays, and each run leaves its proof."""

import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import Session
from accounts.services.sessions import log_out
from accounts.tests.factories import logged_in
from payments.models import CallbackReceipt, ExceptionCase
from payments.tests.factories import exception_case
from wallet_project.audit.models import AuditEntry
from wallet_project.compliance.models import RetentionRule, RetentionRun
from wallet_project.compliance.selectors.outdated import KINDS, PASSING
from wallet_project.compliance.services import retention
from wallet_project.compliance.services.retention import clear_outdated
from wallet_project.compliance.tasks import keep_retention_schedule
from wallet_project.kit import clock
from wallet_project.kit.models import IdempotencyKey
from wallet_project.kit.privileges import READ_WRITE
from wallet_project.kit.retention import DroppedKind, FadingKind, PassingKind

pytestmark = pytest.mark.django_db


def age(rows: QuerySet, days: float, column: str = "created_at") -> None:
    rows.update(**{column: clock.now() - timedelta(days=days)})


def key_of_age(days: float) -> IdempotencyKey:
    row = IdempotencyKey.objects.create(
        scope="test", key=uuid.uuid4().hex, fingerprint=bytes(32), locked_until=clock.now()
    )
    age(IdempotencyKey.objects.filter(pk=row.pk), days)
    return row


def notice(state: str, days: float) -> CallbackReceipt:
    row = CallbackReceipt.objects.create(
        notice_id=uuid.uuid4().hex,
        event_type="TRANSACTION.SUCCESS",
        headers={"a": "b"},
        body="{}",
        state=state,
    )
    age(CallbackReceipt.objects.filter(pk=row.pk), days)
    return row


def rule(kind: str, **changes: object) -> RetentionRule:
    RetentionRule.objects.filter(kind=kind).update(**changes)
    return RetentionRule.objects.get(kind=kind)


def test_a_row_goes_a_day_after_its_time_and_not_a_day_before():
    gone, kept = key_of_age(31), key_of_age(29)

    run = clear_outdated(kind="kit.idempotency_key")

    assert list(IdempotencyKey.objects.filter(pk__in=[gone.pk, kept.pk])) == [kept]
    assert (run.state, run.cleared, run.error) == ("DONE", 1, "")
    assert (
        RetentionRun.objects.get(pk=run.pk).oldest_left == IdempotencyKey.objects.get(pk=kept.pk).created_at
    )
    assert AuditEntry.objects.latest("pk").facts | {"before": ""} == {"before": "", "rows": 1, "how": "删除"}


def test_a_run_that_finds_nothing_is_proof_too_and_writes_no_audit():
    before = AuditEntry.objects.count()

    run = clear_outdated(kind="kit.idempotency_key")

    assert (run.state, run.cleared) == ("DONE", 0)
    assert AuditEntry.objects.count() == before


def test_no_row_of_the_schedule_makes_the_least_time_shorter():
    ended = logged_in()
    log_out(session_id=ended.session.pk)
    age(Session.objects.filter(device=ended.device), 179, "revoked_at")
    rule("accounts.session", keep_days=1)

    run = clear_outdated(kind="accounts.session")

    assert run.cleared == 0
    assert Session.objects.filter(device=ended.device).exists()


def test_a_notice_loses_its_content_and_stays_unless_somebody_may_still_need_it():
    old = {state: notice(state, 181) for state in CallbackReceipt.State.values}
    young = notice("DONE", 179)

    run = clear_outdated(kind="payments.callback")

    emptied = set(CallbackReceipt.objects.filter(body="", headers={}).values_list("pk", flat=True))
    assert emptied == {old["DONE"].pk, old["UNOPENED"].pk}
    assert CallbackReceipt.objects.filter(pk__in=[row.pk for row in (*old.values(), young)]).count() == 5
    assert run.cleared == 2
    assert clear_outdated(kind="payments.callback").cleared == 0


def test_a_run_works_in_batches_and_stops_when_its_time_is_up(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        key_of_age(40)
    monkeypatch.setattr(retention, "_RUN_SECONDS", 0)

    assert clear_outdated(kind="kit.idempotency_key").state == "UNFINISHED"
    monkeypatch.setattr(retention, "_RUN_SECONDS", 60)
    run = clear_outdated(kind="kit.idempotency_key")

    assert (run.state, run.cleared) == ("DONE", 5)


def test_a_failure_is_written_down_and_keeps_nothing_else_from_its_turn(monkeypatch):
    stays = notice("DONE", 200)
    case = exception_case("AMOUNT_MISMATCH", number="P1", transaction_id="42", amount=1, receipt=stays)
    key_of_age(40)
    emptied = vars(PASSING["payments.callback"])
    deleted = PassingKind(**{name: value for name, value in emptied.items() if name != "emptied"})
    monkeypatch.setitem(PASSING, "payments.callback", deleted)

    keep_retention_schedule()

    last = {run.rule.kind: run for run in RetentionRun.objects.select_related("rule")}
    assert set(last) == set(PASSING)
    assert last["payments.callback"].state == "FAILED"
    assert "ProtectedError" in last["payments.callback"].error
    assert last["kit.idempotency_key"].cleared == 1
    assert CallbackReceipt.objects.get(pk=stays.pk).body == "{}"
    assert ExceptionCase.objects.filter(pk=case.pk).exists()


def test_a_kind_that_is_switched_off_waits():
    key_of_age(40)
    rule("kit.idempotency_key", enabled=False)

    keep_retention_schedule()

    assert not RetentionRun.objects.filter(rule__kind="kit.idempotency_key").exists()
    assert IdempotencyKey.objects.filter(scope="test").count() == 1


def test_looking_first_counts_and_clears_nothing(capsys):
    key_of_age(40)

    call_command("retention", "--dry-run")
    assert "kit.idempotency_key  删除 1" in capsys.readouterr().out
    assert IdempotencyKey.objects.filter(scope="test").count() == 1

    call_command("retention", "--run")
    assert "kit.idempotency_key  完成 1" in capsys.readouterr().out
    assert not IdempotencyKey.objects.filter(scope="test").exists()


def test_every_kind_has_its_rule_within_its_own_bounds():
    rules = {row.kind: row for row in RetentionRule.objects.all()}

    assert set(rules) == set(KINDS)
    for key, kind in KINDS.items():
        assert rules[key].keep_days >= kind.minimum_days, key
        assert rules[key].basis, key
    with pytest.raises(IntegrityError, match="a_row_is_kept_for_a_day"), transaction.atomic():
        rule("kit.event", keep_days=0)


@pytest.mark.parametrize("kind", PASSING.values(), ids=lambda kind: kind.key)
def test_the_application_may_do_what_the_schedule_asks_of_it(kind):
    model = kind.outdated(before=clock.now()).model
    needed = {FadingKind: "UPDATE", DroppedKind: "SELECT"}.get(type(kind), "DELETE")

    assert model._meta.label == kind.tables[0]
    assert needed in getattr(model, "app_role_may", READ_WRITE)
    assert clear_outdated(kind=kind.key).state == "DONE"


def test_what_is_kept_for_good_cannot_be_cleared():
    with pytest.raises(KeyError):
        clear_outdated(kind="wallet.ledger")
