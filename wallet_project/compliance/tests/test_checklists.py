"""What comes round again is opened, filled in, handed in, and signed by somebody else."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import User
from wallet_project.audit.models import AuditEntry
from wallet_project.compliance.errors import ChecklistUnfinished, SignedByTheSame
from wallet_project.compliance.models import ChecklistRun, Result, RunState
from wallet_project.compliance.services.checklists import open_due_runs, return_run, sign_run, submit_run
from wallet_project.compliance.tests.factories import new_checklist
from wallet_project.kit.errors import StateConflict

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 31)
PASSWORD = "a long enough password"


@pytest.fixture
def owner():
    return User.objects.create_superuser("he", PASSWORD)


@pytest.fixture
def signer():
    return User.objects.create_superuser("lu", PASSWORD)


@pytest.fixture
def run(owner):
    checklist = new_checklist(title="权限复核 1", next_on=TODAY, owner=owner)
    open_due_runs(today=TODAY)
    return ChecklistRun.objects.get(checklist=checklist)


@pytest.fixture
def submitted(run, owner):
    run.items.update(result=Result.PASSED, evidence="见附件")
    submit_run(run_id=run.pk, by_id=owner.pk)
    return run


def state_of(run):
    return ChecklistRun.objects.get(pk=run.pk).state


def test_a_run_opens_on_its_day_once_and_then_after_its_cycle(owner):
    checklist = new_checklist(title="权限复核 2", next_on=TODAY, owner=owner)

    for day in (TODAY - timedelta(days=1), TODAY, TODAY, date(2026, 6, 29), date(2027, 1, 1)):
        open_due_runs(today=day)

    runs = checklist.runs.order_by("opened_on")
    assert [(run.opened_on, run.due_on) for run in runs] == [
        (TODAY, TODAY + timedelta(days=10)),
        (date(2027, 1, 1), date(2027, 1, 11)),
    ]
    assert [item.text for item in runs[0].items.all()] == ["账号都有使用人", "离职账号已停用"]
    checklist.refresh_from_db()
    assert checklist.next_on == date(2027, 3, 30)


def test_an_item_reads_for_ever_as_it_read_then(run):
    run.checklist.items.update(text="别的")

    assert run.items.first().text == "账号都有使用人"


def test_nothing_is_handed_in_without_a_result_and_its_evidence(run, owner):
    run.items.filter(position=1).update(result=Result.FAILED, evidence="发现一个离职账号")
    run.items.filter(position=2).update(result=Result.PASSED)

    with pytest.raises(ChecklistUnfinished) as refusal:
        submit_run(run_id=run.pk, by_id=owner.pk)

    assert refusal.value.detail == {"items": [2]}
    assert state_of(run) == RunState.OPEN


def test_neither_the_owner_nor_the_submitter_signs(submitted, owner, signer):
    ChecklistRun.objects.filter(pk=submitted.pk).update(owner=signer)

    for same in (owner, signer):
        with pytest.raises(SignedByTheSame):
            sign_run(run_id=submitted.pk, by_id=same.pk, remark="看过了")
        with pytest.raises(SignedByTheSame):
            return_run(run_id=submitted.pk, by_id=same.pk, remark="看过了")
        with pytest.raises(IntegrityError, match="nobody_signs"), transaction.atomic():
            ChecklistRun.objects.filter(pk=submitted.pk).update(
                state="SIGNED", signed_by=same, signed_at=submitted.created_at
            )

    assert state_of(submitted) == RunState.SUBMITTED


def test_a_run_is_sent_back_and_signed_in_the_end(submitted, owner, signer):
    return_run(run_id=submitted.pk, by_id=signer.pk, remark="缺截图")
    assert state_of(submitted) == RunState.OPEN
    submit_run(run_id=submitted.pk, by_id=owner.pk)
    sign_run(run_id=submitted.pk, by_id=signer.pk, remark="齐全")

    with pytest.raises(StateConflict):
        return_run(run_id=submitted.pk, by_id=signer.pk, remark="再看看")
    signed = ChecklistRun.objects.get(pk=submitted.pk)
    assert (signed.state, signed.signed_by, signed.remark) == ("SIGNED", signer, "齐全")
    trail = AuditEntry.objects.filter(subject=f"checklist:{submitted.pk}").order_by("pk")
    assert [entry.action.rpartition(".")[2] for entry in trail] == [
        "opened",
        "submitted",
        "returned",
        "submitted",
        "signed",
    ]


def test_at_the_page_an_open_run_is_filled_in_and_a_submitted_one_is_only_signed(client, run, owner, signer):
    client.force_login(owner)
    address = reverse("admin:compliance_checklistrun_change", args=[run.pk])
    form = {
        "due_on": run.due_on.isoformat(),
        "owner": owner.pk,
        "items-TOTAL_FORMS": 2,
        "items-INITIAL_FORMS": 2,
    }
    for number, item in enumerate(run.items.all()):
        form |= {
            f"items-{number}-id": item.pk,
            f"items-{number}-run": run.pk,
            f"items-{number}-result": "PASSED",
            f"items-{number}-evidence": "清单见共享盘",
            f"items-{number}-reference": "",
        }

    assert client.post(address, form).status_code == 302
    submit_run(run_id=run.pk, by_id=owner.pk)
    after = client.post(address, form | {"items-0-result": "FAILED"})

    assert after.status_code == 403
    assert set(run.items.values_list("result", "evidence")) == {("PASSED", "清单见共享盘")}
    client.force_login(signer)
    sign = reverse("admin:compliance_checklistrun_sign", args=[run.pk])
    client.post(sign, {"_form_submitted": "true", "reason": "证据齐全"})
    assert state_of(run) == RunState.SIGNED
