"""What the kit keeps for a while, how long and why: which of its rows have had their time."""

from datetime import datetime

from django.db.models import QuerySet

from wallet_project.kit.models import DeliveryState, IdempotencyKey, JobRun, StoredEvent
from wallet_project.kit.retention import Kind, PassingKind


def outdated_keys(*, before: datetime) -> QuerySet[IdempotencyKey]:
    """Without its key a repetition is refused by the business numbers alone."""
    return IdempotencyKey.objects.filter(created_at__lt=before)


def outdated_events(*, before: datetime) -> QuerySet[StoredEvent]:
    """With their deliveries; not while one of these is still under way, or dead and waiting for a person."""
    unfinished = [DeliveryState.WAITING, DeliveryState.DEAD]
    return StoredEvent.objects.filter(published_at__lt=before).exclude(deliveries__state__in=unfinished)


def outdated_runs(*, before: datetime) -> QuerySet[JobRun]:
    return JobRun.objects.filter(begun_at__lt=before)


KINDS: tuple[Kind, ...] = (
    PassingKind(
        key="kit.idempotency_key",
        title="幂等键",
        tables=("kit.IdempotencyKey",),
        keep_days=30,
        minimum_days=7,
        basis="防止重复提交；之后由业务单号保证",
        outdated=outdated_keys,
        since="created_at",
    ),
    PassingKind(
        key="kit.event",
        title="已投递的事件",
        tables=("kit.StoredEvent", "kit.Delivery"),
        keep_days=30,
        minimum_days=7,
        basis="排查与重放；死信和未投递的不清理",
        outdated=outdated_events,
        since="published_at",
    ),
    PassingKind(
        key="kit.job_run",
        title="定时任务的执行记录",
        tables=("kit.JobRun",),
        keep_days=30,
        minimum_days=7,
        basis="排查故障；最近一次另存",
        outdated=outdated_runs,
        since="begun_at",
    ),
    Kind(
        key="kit.work",
        title="后台任务",
        tables=("kit.Job", "kit.Heartbeat", "kit.ScheduledJob"),
        keep_days=1,
        minimum_days=1,
        basis="做完即删；死信留到有人处理",
    ),
)
