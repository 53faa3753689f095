"""The operators' page of one text to many."""

import pytest
from django.urls import reverse

from accounts.models import User
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.notifications.models import Recipient
from wallet_project.notifications.services.broadcasts import send_due
from wallet_project.notifications.tests.services.test_broadcasts import broadcast

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("ops", "a long enough password"))
    return client


def test_failed_recipients_are_counted_and_tried_again_from_the_page(desk):
    made, _known = broadcast(2)
    send_due()
    again = reverse("admin:notifications_broadcast_try_again", args=[made.pk])
    page = reverse("admin:notifications_broadcast_change", args=[made.pk])
    wish = {"_form_submitted": "true", "reason": "文案已改正"}
    assert again not in desk.get(page).content.decode()
    assert desk.post(again, wish).status_code == 403

    one = Recipient.objects.filter(broadcast=made).first()
    Recipient.objects.filter(pk=one.pk).update(state="FAILED", message=None, tries=6, at=clock.now())
    shown = desk.get(page).content.decode()
    assert again in shown
    assert "多次失败" in shown
    desk.post(again, wish)

    one.refresh_from_db()
    assert (one.state, one.tries, one.at) == ("WAITING", 0, None)
    tried = AuditEntry.objects.get(action="notifications.broadcast.tried_again")
    assert tried.facts == {"reason": "文案已改正", "people": 1}
