"""What staff write into WeChat's templates is checked before anybody is told."""

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from wallet_project.kit import clock
from wallet_project.notifications.models import SubscribeQuota, SubscribeTemplate, SubscribeText
from wallet_project.notifications.services.quotas import hear_of_popup

NOTICE = "test.money"


@pytest.fixture
def desk(client, db):
    client.force_login(User.objects.create_superuser("chen"))
    return client


def page(name, *args) -> str:
    return reverse(f"admin:notifications_{name}", args=args)


def test_a_text_that_does_not_fit_is_refused_and_nothing_changes(desk, notices):
    text = SubscribeText.objects.get(notice__code=NOTICE)
    change, before = page("subscribetext_change", text.pk), text.texts
    shown = desk.get(change).content.decode()
    assert "¥128.00" in shown
    assert "{notice_title}" in shown

    for wrong, problem in (
        ("amount1 ¥{amount}", "thing2: 没有内容"),
        ("amount1 {who}\nthing2 付款\ntime3 {told_at}\nthing4 备注", "amount1: 需要"),
        ("amount1 ¥{amount}\nthing2 {secret}\ntime3 {told_at}\nthing4 备注", "thing2: 只能使用"),
        ("amount1 ¥{amount}\nthing2", "每行一个关键词"),
    ):
        answer = desk.post(change, {"template": text.template_id, "texts": wrong})
        assert problem in answer.content.decode()
    text.refresh_from_db()
    assert text.texts == before

    good = "amount1 ¥{amount}\nthing2 {who}付款\ntime3 {told_at}\nthing4 备注"
    assert desk.post(change, {"template": text.template_id, "texts": good}).status_code == 302
    text.refresh_from_db()
    assert text.texts == dict(line.split(" ", 1) for line in good.split("\n"))


def test_a_template_gets_its_id_and_keeps_its_keywords(desk):
    template = SubscribeTemplate.objects.get(code="money")
    change = page("subscribetemplate_change", template.pk)

    answer = desk.post(
        change, {"title": "变动", "template_id": "abc", "keywords": "thing1 其他", "code": "x"}
    )

    assert answer.status_code == 302
    template.refresh_from_db()
    assert (template.template_id, template.code, len(template.keywords)) == ("abc", "money", 4)
    wrong = {"code": "new", "title": "新", "template_id": "", "keywords": "thing 一\nthing1 二"}
    assert "每行一个关键词" in desk.post(page("subscribetemplate_add"), wrong).content.decode()
    assert "未填模板 ID" in desk.get(page("subscribetemplate_changelist")).content.decode()


def test_why_somebody_was_not_told_can_be_seen(desk):
    person = User.objects.create(nickname="小满")
    SubscribeTemplate.objects.filter(code="money").update(template_id="abc")
    with transaction.atomic():
        hear_of_popup(user_id=person.pk, template_id="abc", reference="push:1", at=clock.now())

    assert (
        "账户变动提醒" in desk.get(page("subscribequota_changelist"), {"q": str(person.uid)}).content.decode()
    )
    shown = desk.get(page("subscribequota_change", SubscribeQuota.objects.get().pk)).content.decode()
    assert "顾客同意（微信推送）" in shown
