"""Every page of the admin opens, for those who may; in Chinese, in yuan; and money is only looked at."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import OnboardingStep, QuizQuestion, SaveOffer, SecurityCard, User
from coupons.models import (
    Campaign,
    Channel,
    CouponTemplate,
    Experiment,
    Good,
    GrowthRule,
    JointPromotion,
    MembershipTier,
    Partner,
    PointRule,
    PointsPolicy,
    RecommendationPolicy,
    ReferralProgram,
    Segment,
    Story,
)
from feedback.models import (
    Agent,
    Article,
    ArticleVersion,
    CannedReply,
    FaqTopic,
    IncidentStep,
    PriorityRule,
    Queue,
    RootCause,
    Survey,
    SynonymGroup,
    Tag,
)
from payments.models import Biller, CaseRule, ExceptionCase, Order, RiskRule, ShopSystem, Store
from payments.rules.cases import CaseKind
from payments.selectors.case_rules import case_rule
from wallet.models import Category, CategoryRule, ForbiddenWord, TopUpPackage
from wallet_project.analytics.models import Target, WatchedMetric, WatchedSegment
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.audit.models import AuditEntry
from wallet_project.compliance.models import (
    Checklist,
    ChecklistRun,
    Licence,
    RiskAssessment,
    ScanReport,
    TrainingCourse,
    TrainingRecord,
)
from wallet_project.kit import clock, context
from wallet_project.kit.models import Delivery, Job, ScheduledJob
from wallet_project.navigation import TOPICS
from wallet_project.notifications.models import (
    Broadcast,
    FrequencyCap,
    Notice,
    SubscribeTemplate,
    SubscribeText,
    Trigger,
)
from wallet_project.staff import AUDITORS, ROLES, make_groups
from wallet_project.tests.town import PHONE_START, furnish

pytestmark = pytest.mark.usefixtures("town", "db_again")

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
EDITABLE = {
    Broadcast,
    SubscribeTemplate,
    SubscribeText,
    Trigger,
    Biller,
    RiskRule,
    Store,
    ShopSystem,
    Licence,
    Checklist,
    ChecklistRun,
    RiskAssessment,
    TrainingCourse,
    TrainingRecord,
    ScanReport,
    SaveOffer,
    OnboardingStep,
    SecurityCard,
    QuizQuestion,
    FaqTopic,
    Article,
    ArticleVersion,
    SynonymGroup,
    ForbiddenWord,
    Category,
    CategoryRule,
    TopUpPackage,
    PointsPolicy,
    Campaign,
    PointRule,
    Good,
    Segment,
    Experiment,
    CouponTemplate,
    GrowthRule,
    MembershipTier,
    RecommendationPolicy,
    Partner,
    JointPromotion,
    Story,
    Channel,
    ReferralProgram,
    Survey,
    PriorityRule,
    Queue,
    RootCause,
    Tag,
    Agent,
    CannedReply,
    IncidentStep,
    Notice,
    FrequencyCap,
    Target,
    WatchedMetric,
    WatchedSegment,
}
PASSWORD = "a long enough password"


@pytest.fixture(scope="module")
def town(module_db):
    with context.acting():
        furnish()


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("chen", PASSWORD))
    return client


@pytest.fixture
def log_in_with(client):
    """Sit down at the desk with these permissions and no others."""

    def sit(*permissions):
        member = User.objects.create_user("li", PASSWORD, is_staff=True)
        for label in permissions:
            app, codename = label.split(".")
            member.user_permissions.add(
                Permission.objects.get(content_type__app_label=app, codename=codename)
            )
        client.force_login(member)
        return client

    return sit


def row_of(model):
    """The newest row that its page shows."""
    return admin.site._registry[model].get_queryset(HttpRequest()).order_by("-pk").first()


def address(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_page_opens_in_chinese(desk, model):
    row = row_of(model)
    pages = [desk.get(address(model)), desk.get(address(model, "change", row.pk))]

    for page in pages:
        assert page.status_code == 200
        text = page.content.decode()
        assert re.search(r"[\u4e00-\u9fff]", str(page.context["opts"].verbose_name))
        assert "https://" not in re.sub(r"https://127\.0\.0\.1\S*", "", text), "fetches from elsewhere"
        assert "(&#x27;" not in text, "a tuple where a label should be"
    for column in pages[0].context["cl"].list_display:
        assert column == "action_checkbox" or column in pages[0].content.decode()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_nobody_sees_a_page_without_the_right_to(client, log_in_with, model):
    row = row_of(model)
    addresses = [address(model), address(model, "change", row.pk)]

    assert [client.get(page).status_code for page in addresses] == [302, 302]
    operator = log_in_with()
    assert [operator.get(page).status_code for page in addresses] == [403, 403]


@pytest.mark.parametrize(
    "model", sorted(set(MODELS) - EDITABLE, key=str), ids=lambda model: model._meta.label
)
def test_nothing_is_added_changed_or_deleted(desk, model):
    row = row_of(model)

    page = desk.get(address(model, "change", row.pk)).content.decode()
    refused = [
        desk.get(address(model, "add")),
        desk.post(address(model, "change", row.pk), {}),
        desk.post(address(model, "delete", row.pk), {"post": "yes"}),
    ]

    assert 'name="_save"' not in page
    assert "/delete/" not in page
    assert [answer.status_code for answer in refused] == [403, 403, 403]
    assert model._base_manager.filter(pk=row.pk).exists()


def test_a_list_costs_the_same_however_long_it_is(desk):
    def costs() -> dict[str, int]:
        asked = {}
        for model in MODELS:
            with CaptureQueriesContext(connection) as queries:
                desk.get(address(model))
            asked[model._meta.label] = len(queries)
        return asked

    # What is asked once and then remembered: content types, and what the first page and that of rules ask.
    ContentType.objects.get_for_models(*apps.get_models())
    desk.get(address(RiskRule))
    short = costs()
    furnish()

    # session (read, saved), user, count, rows, and what filters offer; the desk's queue also shows what
    # waits, when it is due, who is there and saved views
    most = {"feedback.Ticket": 22}
    assert {label: cost for label, cost in short.items() if cost > most.get(label, 12)} == {}
    assert costs() == short


EVERYBODY = [*ROLES, AUDITORS]


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_role_sees_its_pages_and_no_others(client, role):
    """Each opens a third of the lists that are theirs; whoever may do everything opens all, above."""
    member = User.objects.create_user("li", PASSWORD, is_staff=True)
    member.groups.add(make_groups()[role])
    client.force_login(member)

    allowed = {
        model for model in MODELS if member.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
    }
    shown = {
        str(page["link"])
        for topic in client.get("/admin/").context["sidebar_navigation"]
        for page in topic["items"]
    }
    lists = {address(model) for model in allowed}
    assert lists & shown
    for page in (shown - lists) | set(sorted(lists)[EVERYBODY.index(role) % 3 :: 3]):
        assert client.get(page).status_code == 200, page
    for model in set(MODELS) - allowed:
        assert client.get(address(model)).status_code == 403, model


def test_the_navigation_leads_to_every_page_once():
    assert sorted(label for models in TOPICS.values() for label in models) == [
        model._meta.label for model in MODELS
    ]


def test_amounts_are_yuan_and_phones_are_masked(desk):
    order, case = Order.objects.latest("pk"), ExceptionCase.objects.latest("pk")

    for page in (address(Order), address(Order, "change", order.pk)):
        text = desk.get(page).content.decode()
        assert "1,234.56" in text
        assert "123456" not in text
    assert "987.65" in desk.get(address(ExceptionCase, "change", case.pk)).content.decode()
    people = desk.get(address(User)).content.decode()
    assert f"{PHONE_START}****" in people
    assert not re.search(rf"\b{PHONE_START}\d{{8}}\b", people)


def test_a_case_leads_to_its_payment_its_notice_and_its_journal(desk):
    case = ExceptionCase.objects.latest("pk")

    page = desk.get(address(ExceptionCase, "change", case.pk)).content.decode()

    assert address(type(case.payment), "change", case.payment_id) in page
    assert address(type(case.receipt), "change", case.receipt_id) in page
    assert reverse("admin:wallet_journal_change", args=[case.journal_id]) in page


@pytest.mark.parametrize("model", [Delivery, Job])
def test_dead_letters_are_revived_by_those_who_may(log_in_with, client, model):
    dead = model.objects.filter(state="DEAD").latest("pk")
    wish = {"action": "replay", "_selected_action": [dead.pk]}
    name = f"kit.change_{model._meta.model_name}"

    operator = log_in_with(f"kit.view_{model._meta.model_name}")
    operator.post(address(model), wish)
    assert model.objects.get(pk=dead.pk).state == "DEAD"

    may = Permission.objects.get(content_type__app_label="kit", codename=name.partition(".")[2])
    User.objects.get(username="li").user_permissions.add(may)
    operator.post(address(model), wish)
    assert model.objects.get(pk=dead.pk).state in {"WAITING", "QUEUED"}


def test_a_scheduled_job_is_started_by_those_who_may(log_in_with):
    start = reverse("admin:kit_scheduledjob_run", args=["seal-audit-trail"])
    wish = {"_form_submitted": "True", "reason": "部署后立即封存一次"}
    operator = log_in_with("kit.view_scheduledjob")

    assert operator.post(start, wish).status_code == 403
    assert ScheduledJob.objects.get(name="seal-audit-trail").begun_at is None

    User.objects.get(username="li").user_permissions.add(Permission.objects.get(codename="run_scheduledjob"))
    operator.post(start, wish)
    assert ScheduledJob.objects.get(name="seal-audit-trail").outcome == "DONE"
    assert AuditEntry.objects.filter(facts__what="立即执行：部署后立即封存一次").exists()
    page = operator.get(address(ScheduledJob, "change", "seal-audit-trail")).content.decode()
    assert "封存审计日志" in page


def refund_address() -> str:
    case = ExceptionCase.objects.latest("pk")
    return reverse("admin:payments_exceptioncase_refund", args=[case.pk])


REASON = {"_form_submitted": "True", "reason": "与顾客核实后退回"}


def test_only_who_may_change_cases_is_offered_the_refund(log_in_with):
    looking = log_in_with("payments.view_exceptioncase")
    ExceptionCase.objects.latest("pk").refunds.update(state="CLOSED")

    page = looking.get(address(ExceptionCase, "change", ExceptionCase.objects.latest("pk").pk))
    assert "原路退款" not in page.content.decode()
    assert looking.post(refund_address(), REASON).status_code == 403

    assert ExceptionCase.objects.latest("pk").state == "OPEN"


def test_a_large_refund_waits_for_a_second_person(desk):
    now = clock.now()
    terms = case_rule(CaseKind.AMOUNT_MISMATCH, at=now).terms.columns
    CaseRule.objects.create(kind="AMOUNT_MISMATCH", **{**terms, "alone_up_to": 98_764}, effective_from=now)
    Proposal.objects.filter(state="OPEN").update(state="EXPIRED", decided_at=now)
    case = ExceptionCase.objects.latest("pk")
    case.refunds.update(state="CLOSED")
    before = case.refunds.count()

    desk.post(refund_address(), REASON)

    case.refresh_from_db()
    assert (case.state, case.refunds.count()) == ("OPEN", before)
    proposal = Proposal.objects.get(state="OPEN")
    checker = User.objects.create_superuser("zhou", PASSWORD)
    approve(proposal_id=proposal.pk, checker_id=checker.pk)
    case.refresh_from_db()
    assert (case.state, case.refunds.count()) == ("REFUNDING", before + 1)


def test_what_is_changed_on_an_ordinary_page_is_in_the_trail(desk):
    store = Store.objects.create(code="xinmin", name="人民路店")

    desk.post(
        address(Store, "change", store.pk),
        {
            "code": "xinmin",
            "name": "人民路旗舰店",
            "address": "",
            "is_open": "on",
            "refunds_at_once_up_to": "0.00",
        },
    )

    entry = AuditEntry.objects.get(action="admin.row.changed")
    assert entry.subject == f"payments.store:{store.pk}"
    assert entry.actor == f"staff:{User.objects.get(username='chen').pk}"
    assert entry.facts["what"] == [{"changed": {"fields": ["门店名称"]}}]
