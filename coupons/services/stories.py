"""Customers share stories; who sees them and who comes is counted."""

import secrets

from django.db import transaction
from django.db.models import F

from accounts.models import User
from coupons.errors import StoryNotShown
from coupons.models import Story, StoryJoin, StoryShare, StoryView
from coupons.rules.stories import joined_by_it
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock


def share_story(*, story_id: int, user_id: int) -> StoryShare:
    """
    Somebody's code of a story; the same one whenever they ask.

    :raises StoryNotShown: there is no such story now
    """
    if not Story.objects.filter(pk=story_id, state=AgreedState.LIVE).exists():
        raise StoryNotShown
    share, _is_new = StoryShare.objects.select_related("story").get_or_create(
        story_id=story_id,
        user_id=user_id,
        defaults={"code": secrets.token_urlsafe(12), "at": clock.now()},
    )
    return share


def view_story(*, code: str, viewer_id: int) -> Story:
    """
    The story behind a code. Others than who shared it count, once a day; and once ever as having come by it,
    if this is within an hour of their first login.

    :raises StoryNotShown: no such code, or its story is not shown any more
    """
    now = clock.now()
    with transaction.atomic():
        found = StoryShare.objects.select_related("story").filter(code=code, story__state=AgreedState.LIVE)
        share = found.first()
        if share is None:
            raise StoryNotShown
        if share.user_id == viewer_id:
            return share.story
        _view, is_new = StoryView.objects.get_or_create(
            share=share, viewer_id=viewer_id, day=clock.business_day(now)
        )
        if not is_new:
            return share.story
        came = False
        if joined_by_it(registered_at=User.objects.get(pk=viewer_id).created_at, seen_at=now):
            _join, came = StoryJoin.objects.get_or_create(
                user_id=viewer_id, defaults={"share": share, "at": now}
            )
        StoryShare.objects.filter(pk=share.pk).update(views=F("views") + 1, joins=F("joins") + int(came))
    return share.story
