"""What staff read of those who leave and of those who learn."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import CardSight, ClosureRequest, QuizAttempt, SaveOffer, SecurityCard, User
from accounts.selectors.churn import churn_by_month, churn_by_reason
from accounts.services.closures import begin_closure
from accounts.tests.factories import logged_in
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("chen", "a long enough password"))
    return client


def left(reason: str, *, days: int, balance: int, **more) -> None:
    """Somebody who was a customer for so many days and is gone."""
    now = clock.now()
    user = logged_in().user
    User.objects.filter(pk=user.pk).update(created_at=now - timedelta(days=days))
    ClosureRequest.objects.create(
        user=user,
        reason=reason,
        state="CLOSED",
        balance=balance,
        began_at=now,
        confirmed_at=now,
        due_at=now,
        ended_at=now,
        **more,
    )


def test_churn_says_why_people_leave_and_how_often_an_offer_keeps_them():
    now, offer = clock.now(), SaveOffer.objects.get(reason="TROUBLE")
    answered = {"offer": offer, "offer_shown_at": now, "offer_answered_at": now}
    left("TROUBLE", days=100, balance=300, **answered, offer_answer="DECLINED")
    left("TROUBLE", days=50, balance=100, **answered, offer_answer="DECLINED")
    stays = logged_in().user
    ClosureRequest.objects.create(
        user=stays,
        reason="TROUBLE",
        state="CANCELLED",
        balance=0,
        began_at=now,
        ended_at=now,
        **answered,
        offer_answer="ACCEPTED",
    )
    left("OTHER", days=10, balance=0)

    trouble, other = churn_by_reason(since=now - timedelta(days=1))

    assert (trouble.name, trouble.began, trouble.closed, trouble.stayed) == ("使用中遇到问题", 3, 2, 1)
    assert (trouble.offered, trouble.accepted, trouble.declined) == (3, 1, 2)
    assert (trouble.tenure.days, trouble.balance) == (75, 133)
    assert (other.name, other.began, other.offered) == ("其他原因", 1, 0)
    [month] = churn_by_month(since=now - timedelta(days=1))
    assert (month.name, month.began, month.closed) == (clock.business_month(now), 4, 3)


def test_the_pages_show_the_numbers_in_words(desk):
    left("PRIVACY", days=30, balance=1_234_56)
    person = logged_in()
    card = SecurityCard.objects.get(key="pin-is-yours")
    CardSight.objects.create(user=person.user, card=card, shown_at=clock.now())
    QuizAttempt.objects.create(user=person.user, score=60, has_passed=False, tried_at=clock.now())

    churn = desk.get(reverse("admin:accounts_closurerequest_show_churn")).content.decode()
    lessons = desk.get(reverse("admin:accounts_securitycard_show_report")).content.decode()

    assert "担心隐私或资金安全" in churn
    assert "1,234.56" in churn
    assert "30 天" in churn
    assert "支付密码只属于您" in lessons
    assert "60 分" in lessons


def test_what_somebody_added_to_their_reason_is_read_until_they_are_gone(desk):
    person = logged_in()
    request = begin_closure(user_id=person.user.pk, reason="TROUBLE", comment="总是打不开")
    page = reverse("admin:accounts_closurerequest_change", args=[request.pk])

    assert "总是打不开" in desk.get(page).content.decode()
