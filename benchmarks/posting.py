"""How fast journals are posted, next to TPC-B in the same minute on the same server."""

import statistics

from benchmarks import ways
from benchmarks.report import Row
from benchmarks.servers import Server
from benchmarks.workers import Workers

SCRIPTS = ("spread", "sale", "hot_slots", "topped_up", "hot_row")


def measure(
    server: Server, workers: Workers, *, rounds: int, seconds: int, clients: int, customers: int
) -> list[Row]:
    """Anchor, one way, anchor, the next way …: each ratio is to the anchors right before and after it."""
    anchors: list[float] = []
    ratios: dict[str, list[float]] = {}
    times: list[float] = []

    def anchor() -> float:
        anchors.append(server.anchor(seconds=seconds, clients=clients))
        return anchors[-1]

    for _ in range(rounds):
        before = anchor()
        for name in (*SCRIPTS, *ways.available()):
            if name in SCRIPTS:
                speed = server.script(name, seconds=seconds, clients=clients, customers=customers)
            else:
                speed, taken = workers.run(name, seconds=seconds)
                times += taken if name == "service_spread" else []
            after = anchor()
            ratios.setdefault(name, []).append(2 * speed / (before + after))
            before = after
    medians = {name: statistics.median(found) for name, found in ratios.items()}
    return _rows(statistics.median(anchors), medians, times)


def _rows(anchor: float, ratio: dict[str, float], times: list[float]) -> list[Row]:
    cuts = statistics.quantiles(times, n=100)
    service = ratio["service_spread"]
    rows = [
        Row("pgbench TPC-B, the anchor, transactions/s", anchor),
        Row("SQL posting, spread ÷ anchor", ratio["spread"], at_least=1.0),
        Row("Django service, spread ÷ anchor", service, at_least=0.85),
        Row("Django service p99 ÷ p50", cuts[98] / cuts[49], at_most=3),
        Row("Django service ÷ straightforward ORM", service / ratio["straightforward"], at_least=6),
        Row("four-leg sale with fee, SQL ÷ anchor", ratio["sale"], at_least=0.7),
        Row("four-leg sale with fee, Django service ÷ anchor", ratio["service_sale"]),
        Row("hot merchant over slots ÷ spread", ratio["hot_slots"] / ratio["spread"], at_least=0.8),
        Row("paid out of a top-up ÷ out of money without a source", ratio["topped_up"] / ratio["hot_slots"]),
        Row("hot merchant in one row ÷ spread", ratio["hot_row"] / ratio["spread"]),
    ]
    if "hordak" in ratio:
        rows.insert(
            5, Row("Django service ÷ django-hordak transfer_to", service / ratio["hordak"], at_least=2.5)
        )
    return rows
