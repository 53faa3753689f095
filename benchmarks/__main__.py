"""`make bench`, or `python -m benchmarks` with DATABASE_URL, DATABASE_OWNER_URL and PG_BIN set."""

import argparse
import os
from collections.abc import Callable

import django

from benchmarks import report
from benchmarks.report import Row
from benchmarks.servers import LEDGER, Server, on_database


def main() -> None:
    options = _options()
    server = Server()
    print("preparing two databases …", flush=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    server.fresh_database(LEDGER)
    server.migrate(LEDGER)
    server.make_anchor(options.scale)
    os.environ["DATABASE_URL"] = on_database(server.application, LEDGER)
    django.setup()

    from benchmarks import (
        analysis,
        api,
        callbacks,
        coupons,
        dashboards,
        deep,
        enumeration,
        flapping,
        history,
        posting,
        reconciling,
        town,
        transfers,
    )
    from benchmarks.workers import Workers

    pace = {"seconds": options.seconds, "clients": options.clients}
    # First whoever needs quiet, later whoever leaves a long history behind, last what is no sound ledger.
    parts: dict[str, Callable[[], list[Row]]] = {
        "posting": lambda: posting.measure(
            server, workers, rounds=options.rounds, customers=options.customers, **pace
        ),
        "transfers": lambda: transfers.measure(server, workers, **pace),
        "api": lambda: api.measure(server, workers, **pace),
        "coupons": lambda: coupons.measure(server, crowd, seconds=options.seconds, rounds=options.rounds),
        "callbacks": lambda: callbacks.measure(server, callbacks=options.callbacks, **pace),
        "flapping": lambda: flapping.measure(server, callbacks=options.callbacks),
        "enumeration": lambda: enumeration.measure(samples=options.samples),
        "history": lambda: history.measure(server, journals=options.history),
        "analysis": lambda: analysis.measure(server, lines=options.lines),
        "deep": lambda: deep.measure(server, entries=options.deep),
        "dashboards": lambda: dashboards.measure(
            server, customers=options.customers, events=options.events, payments=options.payments
        ),
        "reconciling": lambda: reconciling.measure(server, lines=options.bill_lines),
    }
    with (
        Workers(count=options.clients, customers=options.customers) as workers,
        Workers(count=coupons.CLIENTS, customers=options.customers) as crowd,
    ):
        town.settle(server, customers=options.customers)
        for name in options.only or parts:
            print(f"{name} …", flush=True)
            rows = parts[name]()
            report.show(rows)
            report.keep(rows, settings=vars(options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of each measurement")
    parser.add_argument("--clients", type=int, default=8, help="connections, and worker processes")
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--scale", type=int, default=50, help="of the TPC-B database")
    parser.add_argument("--only", nargs="+", metavar="PART", help="these; analysis needs history before it")
    parser.add_argument("--history", type=int, default=500_000, help="journals")
    parser.add_argument("--deep", type=int, default=10_000_000, help="entries")
    parser.add_argument("--events", type=int, default=1_000_000, help="of ninety days")
    parser.add_argument("--payments", type=int, default=200_000, help="of ninety days")
    parser.add_argument(
        "--lines", type=int, default=100_000, help="of one customer's year; up to the history"
    )
    parser.add_argument("--callbacks", type=int, default=500, help="payments that WeChat tells of")
    parser.add_argument("--bill-lines", type=int, default=200_000, help="of one day at WeChat")
    parser.add_argument("--samples", type=int, default=2_000, help="of login codes for known phones")
    return parser.parse_args()


main()
