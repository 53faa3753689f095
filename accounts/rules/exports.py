"""
An export of personal data moves along these lines and no others.

    REQUESTED → BUILDING → READY        built again from the start when a worker was lost
    REQUESTED | BUILDING → FAILED       after so many tries, or when there is no key to seal it with
"""

from datetime import timedelta
from enum import StrEnum

TRIES = 3
PER_PERIOD = 2
PERIOD = timedelta(days=30)
KEPT_FOR = timedelta(days=7)
LINK_LIFE = timedelta(minutes=5)


class ExportState(StrEnum):
    REQUESTED = "REQUESTED"
    BUILDING = "BUILDING"
    READY = "READY"
    FAILED = "FAILED"


RUNNING = (ExportState.REQUESTED, ExportState.BUILDING)
EXPORT_MOVES = {
    ExportState.REQUESTED: {ExportState.BUILDING, ExportState.FAILED},
    ExportState.BUILDING: {ExportState.BUILDING, ExportState.READY, ExportState.FAILED},
}
