"""The operators' side: texts are changed and tried, and what did not go out is sent again."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import StaffProfile, User
from accounts.tests.factories import logged_in
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.notifications.models import Delivery, Message, Notice
from wallet_project.notifications.rules.deliveries import Outcome, Result
from wallet_project.notifications.rules.notices import ChannelKind
from wallet_project.notifications.services.deliveries import deliver
from wallet_project.notifications.tests.factories import told
from wallet_project.staff import make_groups

pytestmark = pytest.mark.usefixtures("notices")


@pytest.fixture
def seat(client):
    """Sit down in a role, with a customer account of one's own."""
    make_groups()

    def seat(role):
        member = User.objects.create(username=role, is_staff=True)
        member.groups.add(Group.objects.get(name=role))
        now = clock.now()
        StaffProfile.objects.create(
            user=member,
            employee_no=role,
            customer=logged_in().user,
            must_change_password=False,
            password_changed_at=now,
            sessions_from=now,
        )
        client.force_login(member)
        return client

    return seat


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def address(row, name="change"):
    return reverse(f"admin:notifications_{row._meta.model_name}_{name}", args=[row.pk])


def wish(notice, **changed):
    texts = list(notice.texts.all())
    form = {
        "title": notice.title,
        "keeps": "on",
        "pushes": "SUBSCRIBE",
        "link": notice.link,
        "is_enabled": "on",
        "texts-TOTAL_FORMS": "2",
        "texts-INITIAL_FORMS": "2",
    }
    for number, each in enumerate(texts):
        form |= {
            f"texts-{number}-id": each.pk,
            f"texts-{number}-notice": notice.pk,
            f"texts-{number}-title": each.title,
            f"texts-{number}-body": each.body,
        }
    return form | changed


def test_texts_and_channels_are_changed_seen_as_they_will_read_and_kept_in_the_trail(seat):
    operator, notice = seat("运营"), Notice.objects.get(code="test.money")
    assert "小明付了 128.00 元" in text(operator.get(address(notice)))

    answer = operator.post(
        address(notice), wish(notice, **{"pushes": "", "texts-0-body": "收到 {amount} 元。"}), follow=True
    )

    assert not (errors := answer.context.get("errors")), errors
    notice.refresh_from_db()
    assert notice.channels == ["INBOX"]
    assert told(logged_in().user, "test.money").body == "收到 128.00 元。"
    entry = AuditEntry.objects.get(action="notifications.notice.changed", subject="notice:test.money")
    assert entry.facts["before"] == {
        "渠道": "消息中心、微信订阅消息、短信",
        "简体中文正文": "{who}付了 {amount} 元",
    }
    page = text(operator.get(address(notice)))
    assert "收到 128.00 元。" in page
    assert "{who}付了 {amount} 元" in page


@pytest.mark.parametrize(
    ("category", "changed", "said"),
    [
        ("money", {"texts-0-body": "余额 {balance} 元"}, "没有这样的变量：balance"),
        ("money", {"texts-1-title": "{amount"}, "花括号里只能是变量"),
        ("money", {"link": "https://evil.example"}, "只能是小程序的页面"),
        ("money", {"keeps": "", "pushes": ""}, "至少选一个渠道"),
        ("security", {"keeps": ""}, "必须留在消息中心"),
        ("money", {"pushes": "SUBSCRIBE,SMS"}, "没有短信模板"),
    ],
)
def test_what_could_not_be_sent_is_not_saved(seat, category, changed, said):
    notice = Notice.objects.get(code=f"test.{category}")

    answer = seat("运营").post(address(notice), wish(notice, **changed))

    assert said in text(answer)
    assert Notice.objects.get(pk=notice.pk).channels == ["INBOX", "SUBSCRIBE", "SMS"]
    assert not AuditEntry.objects.filter(action="notifications.notice.changed").exists()


def test_a_notice_is_tried_on_colleagues_only(seat):
    operator, notice = seat("运营"), Notice.objects.get(code="test.money")
    customer = logged_in().user
    customer.set_phone("13800138000", at=clock.now())
    customer.save()

    def tries(**wanted):
        form = {"_form_submitted": "true", "language": "en", "channel": "SUBSCRIBE", "phone": "", **wanted}
        return text(operator.post(address(notice, "try_out"), form, follow=True))

    assert "只能试发给员工本人" in tries(phone="13800138000")
    assert not Message.objects.filter(user=customer).exists()
    assert "已发出" in tries()
    message = Message.objects.get(user=StaffProfile.objects.get(employee_no="运营").customer)
    assert (message.title, message.in_inbox) == ("【试发】128.00 yuan", False)
    assert message.deliveries.get().channel == "SUBSCRIBE"


def test_what_failed_is_sent_again_one_by_one_or_many_at_once(seat, channels):
    operator = seat("运营")
    channels.answers[ChannelKind.SUBSCRIBE] = Outcome(result=Result.FAILED, why="43101")
    failed = [told(logged_in().user, "test.security").deliveries.get() for _each in range(3)]
    for each in failed:
        deliver(delivery_id=each.pk)
    one = failed[0]
    assert "43101" in text(operator.get(address(one)))

    form = {"_form_submitted": "true"}
    assert "已重新发送" in text(operator.post(address(one, "send_again"), form, follow=True))
    chosen = {"action": "discard_each", "_selected_action": [each.pk for each in failed]}
    said = text(operator.post("/admin/notifications/delivery/", chosen, follow=True))

    assert "放弃发送：2 条" in said
    assert "1 条还在发送" in said
    states = Delivery.objects.filter(pk__in=[each.pk for each in failed]).order_by("pk")
    assert list(states.values_list("state", flat=True)) == ["WAITING", "DISCARDED", "DISCARDED"]
    assert AuditEntry.objects.filter(action="notifications.delivery.discarded").count() == 2


def test_the_support_desk_reads_and_changes_nothing(seat):
    agent, notice = seat("客服"), Notice.objects.get(code="test.money")
    message = told(logged_in().user, "test.money")

    other = told(logged_in(nickname="阿青").user, "test.money")
    for term in (message.number, str(message.user.uid)):
        found = agent.get("/admin/notifications/message/", {"q": term}).context["cl"].queryset
        assert list(found) == [message]
    assert other in agent.get("/admin/notifications/message/", {"q": "阿"}).context["cl"].queryset

    assert message.body in text(agent.get(address(message)))
    assert "消息中心、微信订阅消息、短信" in text(agent.get(address(notice)))
    assert agent.post(address(notice), wish(notice)).status_code == 403
    assert "重新发送" not in text(agent.get(address(message.deliveries.get())))
