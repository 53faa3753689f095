"""Stories are shared under a code; who sees them and who comes by them is counted, once."""

from datetime import timedelta

import pytest

from accounts.models import User
from coupons.admin.stories import StoryForm
from coupons.errors import StoryNotShown
from coupons.models import Story, StoryJoin, StoryShare, StoryView
from coupons.services.stories import share_story, view_story
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return Story.objects.create(
        title="两杯咖啡", text="每天签到", state=AgreedState.LIVE, live_at=clock.now()
    )


@pytest.fixture
def share(story):
    return share_story(story_id=story.pk, user_id=User.objects.create().pk)


def long_here():
    user = User.objects.create()
    User.objects.filter(pk=user.pk).update(created_at=clock.now() - timedelta(days=30))
    return user


def counted(share):
    share.refresh_from_db()
    return share.views, share.joins


def test_a_viewer_counts_once_a_day_and_the_one_who_shares_never(share, story):
    viewer = long_here()
    yesterday = clock.business_day(clock.now()) - timedelta(days=1)
    StoryView.objects.create(share=share, viewer=viewer, day=yesterday)

    for someone in (viewer.pk, viewer.pk, share.user_id):
        assert view_story(code=share.code, viewer_id=someone) == story

    assert counted(share) == (1, 0)


def test_who_has_just_registered_came_by_the_first_story_that_they_see(share, story):
    newcomer, other = User.objects.create(), share_story(story_id=story.pk, user_id=long_here().pk)

    for one in (share, other, share):
        view_story(code=one.code, viewer_id=newcomer.pk)

    assert (counted(share), counted(other)) == ((1, 1), (1, 0))
    assert StoryJoin.objects.get().user == newcomer


def test_a_story_has_one_code_of_somebody_and_none_when_it_is_over(share, story):
    assert share_story(story_id=story.pk, user_id=share.user_id) == share
    story.state = AgreedState.RETIRED
    story.save()

    with pytest.raises(StoryNotShown):
        share_story(story_id=story.pk, user_id=share.user_id)
    with pytest.raises(StoryNotShown):
        view_story(code=share.code, viewer_id=long_here().pk)
    assert StoryShare.objects.get().views == 0


@pytest.mark.parametrize(
    ("text", "consent", "refused"),
    [
        ("每天签到换咖啡", "", set()),
        ("问我 138-0013 8000", "", {"consent"}),
        ("身份证 11010519491231002X", "", {"consent"}),
        ("问我 13800138000", "SQ-2026-01", set()),
        ("一起来赌 博", "", {"text"}),
    ],
)
def test_a_story_says_nothing_forbidden_and_nothing_of_a_person_who_has_not_agreed(text, consent, refused):
    form = StoryForm({"title": "故事", "text": text, "consent": consent})

    assert set(form.errors) == refused
