"""`make bench`, or `python -m benchmarks` with DATABASE_URL, DATABASE_OWNER_URL and PG_BIN set."""

import argparse
import os

import django

from benchmarks import report
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

    with Workers(count=options.clients, customers=options.customers) as workers:
        town.settle(server, customers=options.customers)
        print(f"posting: {options.rounds} rounds …", flush=True)
        rows = posting.measure(
            server,
            workers,
            rounds=options.rounds,
            seconds=options.seconds,
            clients=options.clients,
            customers=options.customers,
        )
        print("transfers …", flush=True)
        rows += transfers.measure(server, workers, seconds=options.seconds, clients=options.clients)
        print("the same over HTTP …", flush=True)
        rows += api.measure(server, workers, seconds=options.seconds, clients=options.clients)
    print(f"callbacks: {options.callbacks} of a real sandbox …", flush=True)
    rows += callbacks.measure(
        server, callbacks=options.callbacks, seconds=options.seconds, clients=options.clients
    )
    print("callbacks over HTTP, while WeChat flaps …", flush=True)
    rows += flapping.measure(server, callbacks=options.callbacks)
    print(f"enumeration: {options.samples:,} codes of each kind …", flush=True)
    rows += enumeration.measure(samples=options.samples)
    print(f"reconciling: {options.bill_lines:,} lines …", flush=True)
    rows += reconciling.measure(server, lines=options.bill_lines)
    if options.history:
        print(f"history: {options.history:,} journals …", flush=True)
        rows += history.measure(server, journals=options.history)
        print(f"analysis: {options.lines:,} lines of one customer …", flush=True)
        rows += analysis.measure(server, lines=options.lines)
    if options.deep:
        print(f"deep: {options.deep:,} entries …", flush=True)
        rows += deep.measure(server, entries=options.deep)
    report.show(rows)
    report.keep(rows, settings=vars(options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of each measurement")
    parser.add_argument("--clients", type=int, default=8, help="connections, and worker processes")
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--scale", type=int, default=50, help="of the TPC-B database")
    parser.add_argument("--history", type=int, default=500_000, help="journals; 0 leaves that part out")
    parser.add_argument("--deep", type=int, default=10_000_000, help="entries; 0 leaves that part out")
    parser.add_argument(
        "--lines", type=int, default=100_000, help="of one customer's year; up to the history"
    )
    parser.add_argument("--callbacks", type=int, default=500, help="payments that WeChat tells of")
    parser.add_argument("--bill-lines", type=int, default=200_000, help="of one day at WeChat")
    parser.add_argument("--samples", type=int, default=2_000, help="of login codes for known phones")
    return parser.parse_args()


main()
