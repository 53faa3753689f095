"""Whether the clock tells who has an account: a login code for known and for unknown phones, by turns."""

import statistics
import tempfile
import time
from pathlib import Path

from rest_framework.test import APIClient

from accounts.models import User
from benchmarks.report import Row
from wallet_project.kit import clock
from wallet_project.kit.testing.wire import trade_at
from wallet_project.sandbox.testing import running_sandbox


def measure(*, samples: int) -> list[Row]:
    """`samples` requests of each kind, through every layer but the socket; milliseconds."""
    known = [f"1370{number:07d}" for number in range(samples)]
    unknown = [f"1360{number:07d}" for number in range(samples)]
    for phone in known:
        owner = User.objects.create_user()
        owner.set_phone(phone, at=clock.now())
        owner.save()
    client = APIClient(SERVER_NAME="localhost")
    taken: dict[str, list[float]] = {"known": [], "unknown": []}
    with tempfile.TemporaryDirectory() as folder, running_sandbox(Path(folder)) as wechat:
        trade_at(wechat)
        for one, other in zip(known, unknown, strict=True):
            taken["known"].append(_ask(client, one))
            taken["unknown"].append(_ask(client, other))
    medians = {kind: statistics.median(times) * 1000 for kind, times in taken.items()}
    return [
        Row("login code, phone with an account, p50 in ms", medians["known"]),
        Row("login code, phone without one, p50 in ms", medians["unknown"]),
        Row(
            f"login code, difference of the two over {samples:,}, ms",
            abs(medians["known"] - medians["unknown"]),
            at_most=5,
        ),
    ]


def _ask(client: APIClient, phone: str) -> float:
    """From a device and an address of its own, so that no limit answers in the place of what is measured."""
    wish = {"phone": phone, "device_id": f"bench-{phone}"}
    address = ".".join(str(part) for part in (10, *int(phone).to_bytes(5, "big")[-3:]))
    begun = time.perf_counter()
    answer = client.post("/api/v1/auth/codes", wish, format="json", REMOTE_ADDR=address)
    seconds = time.perf_counter() - begun
    assert answer.status_code == 200, answer.content
    return seconds
