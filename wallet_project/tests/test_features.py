"""What is open to some only: who they are, and what the others see."""

import pytest
from django.core.cache import caches

from accounts.models import User
from accounts.tests.factories import logged_in
from coupons.models import Segment, SegmentMember
from coupons.selectors.recommendations import recommendations_for
from feedback.models import Ticket
from feedback.tests.chatting import agent, ask
from payments.tests.factories import staff_member
from wallet_project.flags.errors import FeatureOff
from wallet_project.flags.models import Feature, Flag
from wallet_project.flags.selectors import is_on
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db

CHAT = Feature.LIVE_CHAT


def open_to(feature=CHAT, **whom):
    Flag.objects.filter(name=feature).update(**{"everyone": None, **whom})
    caches["flags"].clear()


def test_named_people_an_audience_and_staff_are_reached_and_nobody_else():
    named, member, stranger = (User.objects.create_user().pk for _ in range(3))
    own = User.objects.create_user()
    staff_member(own=own)
    segment = Segment.objects.create(name="新客")
    SegmentMember.objects.create(segment=segment, user_id=member, since=clock.now())
    open_to(people=[named], segment=segment.pk, staff=True)

    on = [is_on(CHAT, user_id=user) for user in (named, member, own.pk, stranger, None)]

    assert on == [True, True, True, False, False]


def test_where_chats_are_closed_one_that_goes_on_is_carried_to_its_end():
    talking, newcomer = logged_in(), logged_in()
    agent()
    chat = ask(talking)
    open_to(everyone=False)

    assert ask(talking, client_id="m-2", words="还在吗").pk == chat.pk
    with pytest.raises(FeatureOff):
        ask(newcomer)

    assert not Ticket.objects.filter(user=newcomer.user).exists()


def test_where_recommendations_are_closed_everybody_sees_what_is_popular():
    me = next(user for user in (logged_in().user for _ in range(20)) if shown_personal(user))
    open_to(Feature.RECOMMENDATIONS, everyone=False)

    assert not shown_personal(me)


def shown_personal(user):
    return recommendations_for(user.pk, at=clock.now()).is_personal
