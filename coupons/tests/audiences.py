"""Audiences and experiments for tests."""

from coupons.models import Experiment, Segment, SegmentCondition
from coupons.services.segments import refresh_segment


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
    """An experiment with an audience."""
    audience = segment(("KYC_LEVEL", "AT_LEAST", "1", None), name=f"已认证 {mark}")
    refresh_segment(segment_id=audience.pk)
    experiment(key=f"spring-{mark}", segment=audience)
