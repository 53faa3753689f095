"""Audiences and experiments for tests."""

from coupons.models import Experiment, JointPromotion, Partner, Segment, SegmentCondition, Story
from coupons.services.segments import refresh_segment
from coupons.services.stories import share_story
from coupons.tests.offers import template
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock


def segment(*conditions, name="老顾客"):
    """Conditions are (fact, comparison, value, days), each enough by itself."""
    row = Segment.objects.create(name=name)
    for group, (fact, comparison, value, days) in enumerate(conditions):
        SegmentCondition.objects.create(
            segment=row, group=group, fact=fact, comparison=comparison, value=value, days=days
        )
    return row


def experiment(key="spring", **columns):
    return Experiment.objects.create(key=key, name="春季返现", **{"holdout": 2000, "b": 4000, **columns})


def has_audiences(user, mark):
    """An experiment with an audience, a promotion with a partner, and a story that somebody shares."""
    audience = segment(("KYC_LEVEL", "AT_LEAST", "1", None), name=f"已认证 {mark}")
    refresh_segment(segment_id=audience.pk)
    experiment(key=f"spring-{mark}", segment=audience)
    partner = Partner.objects.create(name=f"汽水厂 {mark}", contract="HT-2026-07", settles="次月 10 日前对账")
    JointPromotion.objects.create(partner=partner, template=template(), share=5_000, starts_at=clock.now())
    story = Story.objects.create(
        title="一个月省下两杯咖啡", text="每天签到", state=AgreedState.LIVE, live_at=clock.now()
    )
    share_story(story_id=story.pk, user_id=user.pk)
