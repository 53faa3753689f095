"""What the desk tells."""

from dataclasses import dataclass

from wallet_project.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class DeadlineReached(Event):
    """`days_left` below zero: so many days late. `owner_id` is the colleague who answers for it, if any."""

    name = "compliance.deadline.reached"
    kind: str
    subject: str
    due_on: str
    days_left: int
    owner_id: int | None

    @property
    def aggregate(self) -> str:
        return self.subject
