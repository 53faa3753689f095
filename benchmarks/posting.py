"""How fast journals are posted, next to TPC-B in the same minute on the same server."""

import statistics

from benchmarks import ways
from benchmarks.report import Row
from benchmarks.servers import Server
from benchmarks.workers import Workers

SCRIPTS = ("spread", "sale", "hot_slots", "hot_row")


def measure(
    server: Server, workers: Workers, *, rounds: int, seconds: int, clients: int, customers: int
) -> list[Row]:
    """Each round runs everything once, among three anchors; a ratio is to the mean of its round's anchors."""
    speeds: dict[str, list[float]] = {"anchor": []}
    ratios: dict[str, list[float]] = {}
    times: list[float] = []
    for _ in range(rounds):
        found: dict[str, float] = {}
        before = server.anchor(seconds=seconds, clients=clients)
        for name in SCRIPTS:
            found[name] = server.script(name, seconds=seconds, clients=clients, customers=customers)
        middle = server.anchor(seconds=seconds, clients=clients)
        for name in ways.available():
            found[name], taken = workers.run(name, seconds=seconds)
            if name == "service_spread":
                times += taken
        anchors = [before, middle, server.anchor(seconds=seconds, clients=clients)]
        speeds["anchor"] += anchors
        for name, speed in found.items():
            speeds.setdefault(name, []).append(speed)
            ratios.setdefault(name, []).append(speed / statistics.mean(anchors))
    return _rows(speeds, ratios, times)


def _rows(speeds: dict[str, list[float]], ratios: dict[str, list[float]], times: list[float]) -> list[Row]:
    speed = {name: statistics.median(found) for name, found in speeds.items()}
    ratio = {name: statistics.median(found) for name, found in ratios.items()}
    cuts = statistics.quantiles(times, n=100)
    rows = [
        Row("pgbench TPC-B, the anchor, transactions/s", speed["anchor"]),
        Row("SQL posting, spread ÷ anchor", ratio["spread"], at_least=1.0),
        Row("Django service, spread ÷ anchor", ratio["service_spread"], at_least=0.85),
        Row("Django service p99 ÷ p50", cuts[98] / cuts[49], at_most=3),
        Row(
            "Django service ÷ straightforward ORM",
            speed["service_spread"] / speed["straightforward"],
            at_least=6,
        ),
        Row("four-leg sale with fee, SQL ÷ anchor", ratio["sale"], at_least=0.7),
        Row("four-leg sale with fee, Django service ÷ anchor", ratio["service_sale"]),
        Row("hot merchant over slots ÷ spread", speed["hot_slots"] / speed["spread"], at_least=0.8),
        Row("hot merchant in one row ÷ spread", speed["hot_row"] / speed["spread"]),
    ]
    if "hordak" in speed:
        against = speed["service_spread"] / speed["hordak"]
        rows.insert(5, Row("Django service ÷ django-hordak transfer_to", against, at_least=2.5))
    return rows
