"""The list of words, as those who keep it see it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.models import User
from wallet.models import ForbiddenWord
from wallet_project.audit.models import AuditEntry
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db
ADD = reverse("admin:wallet_forbiddenword_add")


@pytest.fixture
def sit_down(client):
    def sit(role):
        member = User.objects.create_user(f"li-{role}", "a long enough password", is_staff=True)
        member.groups.add(make_groups()[role])
        client.force_login(member)
        return client

    return sit


def test_a_word_is_added_switched_off_and_never_deleted(sit_down):
    desk = sit_down("运营")

    assert desk.post(ADD, {"word": "金花", "note": "网络赌博", "is_active": "on"}).status_code == 302
    word = ForbiddenWord.objects.get(word="金花")
    address = reverse("admin:wallet_forbiddenword_change", args=[word.pk])
    assert desk.post(address, {"word": "金花", "note": "网络赌博"}).status_code == 302
    word.refresh_from_db()

    assert (word.folded, word.is_active) == ("金花", False)
    assert desk.get(reverse("admin:wallet_forbiddenword_delete", args=[word.pk])).status_code == 403
    told = AuditEntry.objects.filter(subject=f"wallet.forbiddenword:{word.pk}").count()
    assert told == LogEntry.objects.filter(object_id=word.pk).count() == 2


@pytest.mark.parametrize("word", ["…", "a", "赌-博"])
def test_a_word_says_something_and_is_not_there_yet(sit_down, word):
    before = ForbiddenWord.objects.count()

    answer = sit_down("运营").post(ADD, {"word": word, "note": "试", "is_active": "on"})

    assert answer.status_code == 200
    assert ForbiddenWord.objects.count() == before


def test_support_may_read_the_list_and_no_more(sit_down):
    desk = sit_down("客服")

    assert desk.get(reverse("admin:wallet_forbiddenword_changelist")).status_code == 200
    assert desk.get(ADD).status_code == 403
