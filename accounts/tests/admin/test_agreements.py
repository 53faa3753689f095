"""From a draft to a published version, by two people; and the page on which it is read."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import AgreementVersion, User
from accounts.selectors.agreements import current_agreement
from accounts.tests.factories import announced, logged_in
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("chen", "a long enough password"))
    return client


@pytest.fixture
def checker():
    return User.objects.create_superuser("zhou", "a long enough password")


def page(agreement, name="change"):
    return reverse(f"admin:accounts_agreementversion_{name}", args=[agreement.pk])


def begin(desk):
    """A draft of new fees, as the admin's button begins it."""
    desk.post(page(current_agreement("FEE_SCHEDULE", clock.now()), "draft"), {"_form_submitted": "True"})
    return AgreementVersion.objects.get(kind="FEE_SCHEDULE", version=2)


def write(desk, draft, *, effective_at, body=None):
    local = effective_at.astimezone(clock.SHANGHAI)
    return desk.post(
        page(draft),
        {
            "title": draft.title,
            "body": body or draft.body.replace("充值 | 免费", "充值 | 0.6%"),
            "summary": "充值开始收费",
            "is_material": "on",
            "effective_at_0": f"{local:%Y-%m-%d}",
            "effective_at_1": f"{local:%H:%M:%S}",
        },
    )


def hand_in(desk, draft):
    return desk.post(page(draft, "hand_in"), {"_form_submitted": "True", "reason": "新的收费方案"})


def test_a_draft_becomes_a_version_when_a_second_person_agrees(desk, checker):
    draft = begin(desk)
    assert draft.body == current_agreement("FEE_SCHEDULE", clock.now()).body
    write(desk, draft, effective_at=clock.now() + timedelta(days=7))
    seen = desk.get(page(draft)).content.decode()
    assert "0.6%" in seen
    hand_in(desk, draft)
    assert AgreementVersion.objects.get(pk=draft.pk).published_at is None

    approve(proposal_id=Proposal.objects.get().pk, checker_id=checker.pk)

    published = AgreementVersion.objects.get(pk=draft.pk)
    assert (published.published_at is not None, len(published.sha256)) == (True, 64)
    assert desk.get("/api/v1/agreements/fee-schedule/2").json()["hash"] == published.sha256
    assert desk.post(page(draft), {"title": "别的"}).status_code == 403
    assert AuditEntry.objects.filter(action="accounts.agreement.published").count() == 1
    event = StoredEvent.objects.get(name="accounts.agreement.published")
    assert (event.payload["kind"], event.payload["version"]) == ("FEE_SCHEDULE", 2)


def test_a_draft_that_changed_after_it_was_handed_in_is_not_published(desk, checker):
    draft, day = begin(desk), clock.now() + timedelta(days=7)
    write(desk, draft, effective_at=day)
    hand_in(desk, draft)
    write(desk, draft, effective_at=day, body="改成别的了")

    with pytest.raises(Exception, match="AGREEMENT_CHANGED"):
        approve(proposal_id=Proposal.objects.get().pk, checker_id=checker.pk)

    assert AgreementVersion.objects.get(pk=draft.pk).published_at is None
    assert Proposal.objects.get().state == "OPEN"


def test_nothing_takes_effect_without_notice(desk):
    draft = begin(desk)
    write(desk, draft, effective_at=clock.now() + timedelta(minutes=1))

    hand_in(desk, draft)

    assert "请填写生效时间" in desk.get(page(draft)).content.decode()
    assert not Proposal.objects.exists()


def test_beginning_again_leads_to_the_draft_that_there_is(desk):
    assert begin(desk) == begin(desk)


def test_a_published_version_says_how_many_agreed(desk):
    for _each in range(3):
        logged_in()

    seen = desk.get(page(current_agreement("TERMS", clock.now()))).content.decode()

    assert "3 人同意过，0 人撤回过" in seen


class TestThePage:
    def test_is_readable_by_anybody_and_runs_nothing(self, client):
        version = announced(
            "PRIVACY", body="## 一、收集\n\n<script>alert(1)</script>", summary="<b>新增</b>设备信息"
        )

        answer = client.get("/agreements/privacy")

        text = answer.content.decode()
        assert "<h2>一、收集</h2>" in text
        assert "<script>" not in text
        assert "<b>新增" not in text
        assert version.sha256 in text
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert "设备信息" not in client.get("/agreements/privacy/1").content.decode()

    @pytest.mark.parametrize("path", ["nothing", "privacy/9", "PRIVACY"])
    def test_that_does_not_exist_is_not_found(self, client, path):
        assert client.get(f"/agreements/{path}").status_code == 404
