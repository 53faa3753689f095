"""What others may hear from this app."""

from dataclasses import dataclass

from wallet_project.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class FlowPaused(Event):
    """Nothing of `flow` begins from now on, because of `cause`: drift, staff or trip."""

    name = "pauses.flow.paused"

    pause_id: int
    flow: str
    cause: str

    @property
    def aggregate(self) -> str:
        return f"flow:{self.flow}"


@dataclass(frozen=True, kw_only=True)
class FlowResumed(Event):
    name = "pauses.flow.resumed"

    pause_id: int
    flow: str

    @property
    def aggregate(self) -> str:
        return f"flow:{self.flow}"
