"""Eight processes that do as they are told, like the workers of a web server."""

import multiprocessing
import random
import time
from multiprocessing.connection import Connection
from typing import Self

from benchmarks import ways

_TURNS = 8


class Workers:
    """Forked before anybody opened a connection; each has its own."""

    def __init__(self, *, count: int, customers: int) -> None:
        fork = multiprocessing.get_context("fork")
        self._pipes, self._processes = [], []
        for seed in range(count):
            ours, theirs = fork.Pipe()
            process = fork.Process(target=_work, args=(theirs, seed, customers), daemon=True)
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)

    def run(self, way: str, *, seconds: int, pace: float | None = None) -> tuple[float, list[float]]:
        """
        Moves per second of all together, and every move's seconds. With a `pace`, that many a second of each
        process, and what a late one makes others wait counts as theirs.
        """
        for pipe in self._pipes:
            pipe.send((way, seconds, pace))
        for pipe in self._pipes:
            pipe.recv()  # connected and warm
        for pipe in self._pipes:
            pipe.send("go")
        times = [moment for pipe in self._pipes for moment in pipe.recv()]
        return len(times) / seconds, times

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        for process in self._processes:
            process.terminate()
            process.join()


def _work(pipe: Connection, seed: int, customers: int) -> None:
    dice, moves = random.Random(seed), {}
    while True:
        way, seconds, pace = pipe.recv()
        if way not in moves:
            moves[way] = ways.make(way, customers)
        move, times = moves[way], []
        if prepare := getattr(move, "prepare", None):
            prepare(seconds=seconds)
        move(dice)
        pipe.send("ready")
        pipe.recv()
        begun = now = time.perf_counter()
        while now < begun + seconds:
            if pace is not None:
                now = _due(begun, number=len(times), pace=pace, share=seed)
            move(dice)
            before, now = now, time.perf_counter()
            times.append(now - before)
        pipe.send(times)


def _due(begun: float, *, number: int, pace: float, share: int) -> float:
    """When a paced move is due; waits until then. Processes take turns within a step."""
    due = begun + (number + share / _TURNS) / pace
    time.sleep(max(due - time.perf_counter(), 0))
    return due
