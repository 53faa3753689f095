from wallet_project.kit.models.idempotency import IdempotencyKey
from wallet_project.kit.models.outbox import Delivery, DeliveryState, Heartbeat, Job, JobState, StoredEvent

__all__ = ["Delivery", "DeliveryState", "Heartbeat", "IdempotencyKey", "Job", "JobState", "StoredEvent"]
