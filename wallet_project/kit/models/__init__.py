from wallet_project.kit.models.idempotency import IdempotencyKey
from wallet_project.kit.models.outbox import Delivery, DeliveryState, Heartbeat, Job, JobState, StoredEvent
from wallet_project.kit.models.schedule import JobRun, RunOutcome, ScheduledJob

__all__ = [
    "Delivery",
    "DeliveryState",
    "Heartbeat",
    "IdempotencyKey",
    "Job",
    "JobRun",
    "JobState",
    "RunOutcome",
    "ScheduledJob",
    "StoredEvent",
]
