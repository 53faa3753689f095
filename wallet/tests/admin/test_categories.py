"""运营 writes rules, sees what they would change, and starts them; nobody else does."""

import pytest
from django.urls import reverse

from accounts.models import User
from wallet.models import Category, CategoryRule
from wallet.services.categories import correct_category
from wallet.services.category_rules import file_recent_lines
from wallet.tests.factories import make_wallet
from wallet.tests.histories import add_line, category_of
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.models import Job
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db


@pytest.fixture
def sit_down(client):
    def log_in(role):
        member = User.objects.create_user(f"li-{role}", "a long enough password", is_staff=True)
        member.groups.add(make_groups()[role])
        client.force_login(member)
        return client

    return log_in


@pytest.fixture
def desk(sit_down):
    return sit_down("运营")


@pytest.fixture
def rule():
    return CategoryRule.objects.create(category_id="leisure", counterparty="store:renmin", priority=1)


def address(row, what="change"):
    return reverse(f"admin:wallet_{row._meta.model_name}_{what}", args=[row.pk])


def switch(desk, rule, what):
    return desk.post(address(rule, what), {"_form_submitted": "True"})


def test_a_new_rule_begins_stopped_and_is_started_after_a_look_at_its_effect(desk):
    wallet, now = make_wallet(), clock.now()
    lines = [add_line(wallet, 100, title="订单", store="renmin", at=now) for _ in range(3)]
    add_line(wallet, 100, title="订单", store="xinmin", at=now)
    correct_category(user_id=wallet.user_id, record_id=lines[2].pk, category="people", for_later=False)

    desk.post(
        reverse("admin:wallet_categoryrule_add"),
        {"category": "leisure", "kind": "", "counterparty": "store:renmin", "words": "", "priority": "1"},
    )
    rule = CategoryRule.objects.get(counterparty="store:renmin")
    assert not rule.is_active

    effect = desk.get(address(rule, "show_effect")).content.decode()
    assert "启用“娱乐：store:renmin”的影响" in effect
    assert "近 30 天有 2 笔账单会改变分类" in effect
    assert "renmin店" in effect
    assert "🎬 娱乐" in effect
    assert [category_of(line)[0] for line in lines] == ["other", "other", "people"]

    switch(desk, rule, "start")

    rule.refresh_from_db()
    assert rule.is_active
    assert Job.objects.filter(task="wallet.file_recent_lines").exists()
    entry = AuditEntry.objects.get(action="wallet.category_rule.switched")
    assert entry.actor == f"staff:{User.objects.get(username='li-运营').pk}"
    file_recent_lines()
    assert [category_of(line)[0] for line in lines] == ["leisure", "leisure", "people"]
    effect = desk.get(address(rule, "show_effect")).content.decode()
    assert "停用“娱乐：store:renmin”的影响" in effect
    assert "近 30 天有 2 笔账单会改变分类" in effect


def test_a_rule_at_work_is_stopped_before_it_is_changed(desk, rule):
    wish = {"category": "food", "kind": "", "counterparty": "store:renmin", "words": "", "priority": "2"}
    switch(desk, rule, "start")

    assert desk.post(address(rule), wish).status_code == 403
    assert switch(desk, rule, "start").status_code == 403
    switch(desk, rule, "stop")
    assert desk.post(address(rule), wish).status_code == 302

    rule.refresh_from_db()
    assert (rule.category_id, rule.priority, rule.is_active) == ("food", 2, False)
    assert AuditEntry.objects.filter(action="admin.row.changed").exists()


def test_a_rule_names_something(desk):
    page = desk.post(
        reverse("admin:wallet_categoryrule_add"),
        {"category": "food", "kind": "", "counterparty": "", "words": "", "priority": "5"},
    )

    assert "至少填写一项" in page.content.decode()
    assert not CategoryRule.objects.filter(priority=5).exists()


def test_categories_are_added_and_renamed_their_codes_stay(desk):
    wish = {"code": "pets", "name": "宠物", "name_en": "Pets", "symbol": "🐱", "position": "45"}
    desk.post(reverse("admin:wallet_category_add"), {**wish, "is_offered": "on"})
    pets = Category.objects.get(code="pets")

    desk.post(address(pets), {**wish, "code": "cats", "name": "宠物用品"})

    pets.refresh_from_db()
    assert (pets.name, pets.is_offered) == ("宠物用品", False)
    assert not Category.objects.filter(code="cats").exists()
    assert desk.post(address(pets, "delete"), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", ["财务", "风控", "客服", "管理员", "审计"])
def test_other_roles_start_stop_and_change_nothing(sit_down, role, rule):
    desk = sit_down(role)

    for what in ("start", "stop", "show_effect"):
        assert desk.get(address(rule, what)).status_code == 403
        assert switch(desk, rule, what).status_code == 403
    assert desk.post(address(rule), {"category": "food"}).status_code == 403
    assert desk.get(reverse("admin:wallet_categoryrule_add")).status_code == 403

    rule.refresh_from_db()
    assert (rule.is_active, rule.category_id) == (False, "leisure")


@pytest.mark.parametrize("role", ["客服", "审计"])
def test_who_answers_customers_and_who_audits_sees_the_rules(sit_down, role, rule):
    desk = sit_down(role)

    assert desk.get(address(rule)).status_code == 200
    assert "store:renmin" in desk.get(reverse("admin:wallet_categoryrule_changelist")).content.decode()
