"""Audiences are looked for anew; whoever came or left is counted."""

from datetime import timedelta

from django.db import connection, transaction

from coupons.models import Segment, SegmentRefresh
from coupons.selectors.segments import people_who
from coupons.services.experiments import expose_segment
from wallet_project.kit import clock
from wallet_project.kit.db import let_statements_take
from wallet_project.kit.jobs import after_commit

EVERY = timedelta(hours=1)

# Both changes see the members as they were, and have nobody in common.
_REFRESH = """
    WITH found AS MATERIALIZED ({people}),
    came AS (
        INSERT INTO coupons_segmentmember (segment_id, user_id, since)
        SELECT %s, person, %s FROM (
            SELECT id AS person FROM found
            EXCEPT SELECT user_id FROM coupons_segmentmember WHERE segment_id = %s
        ) AS new
        RETURNING 1
    ),
    gone AS (
        DELETE FROM coupons_segmentmember AS member
        WHERE member.segment_id = %s AND NOT EXISTS (SELECT FROM found WHERE found.id = member.user_id)
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM came), (SELECT count(*) FROM gone), (SELECT count(*) FROM found)"""


def refresh_segment(*, segment_id: int) -> None:
    """One statement finds everybody and changes who is in it; its experiments meet whoever came."""
    now = clock.now()
    with transaction.atomic():
        let_statements_take(seconds=100)
        segment = Segment.objects.select_for_update(no_key=True).get(pk=segment_id)
        if not (groups := segment.groups):
            return
        people, parameters = people_who(groups, at=now)
        with connection.cursor() as cursor:
            cursor.execute(
                _REFRESH.format(people=people),
                [*parameters, segment.pk, now, segment.pk, segment.pk],
            )
            came, left, size = cursor.fetchone()
        segment.size, segment.refreshed_at = size, now
        segment.save(update_fields=["size", "refreshed_at"])
        SegmentRefresh.objects.create(segment=segment, at=now, came=came, left=left, size=size)
        expose_segment(segment_id=segment.pk, at=now)


def refresh_segments() -> None:
    """Queue those that nobody has looked at for an hour, each as a job of its own."""
    due = Segment.objects.filter(is_active=True).exclude(refreshed_at__gt=clock.now() - EVERY)
    with transaction.atomic():
        for segment_id in due.order_by("pk").values_list("pk", flat=True):
            after_commit("coupons.refresh_segment", segment_id=segment_id)
