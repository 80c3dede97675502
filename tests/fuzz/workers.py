"""Parsers side by side, each in a process of its own: so memory is its own, and a crash too.

A process that stands still or dies is told by its last number, from which the input is made again.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from ctypes import c_longlong
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import Any

from tests.fuzz.parser import Parser
from tests.fuzz.running import Failure, Tally, inputs, run

STANDSTILL_S = 60.0
_FORK = multiprocessing.get_context("fork")


@dataclass
class _Worker:
    """One process, and where it was when it was last looked at."""

    parser: Parser
    process: ForkProcess
    answer: Connection
    number: Any
    seen: int = -1
    since: float = field(default_factory=time.monotonic)

    def stands_still(self) -> bool:
        """Whether the number has been the same for a minute."""
        now = int(self.number.value)
        if now != self.seen:
            self.seen, self.since = now, time.monotonic()
        return time.monotonic() - self.since > STANDSTILL_S


def run_all(parsers: Sequence[Parser], seed: int, count: int, processes: int) -> Iterator[Tally]:
    """Yield each parser's tally as it ends, at most ``processes`` of them at work."""
    waiting, working = list(parsers), list[_Worker]()
    while waiting or working:
        while waiting and len(working) < processes:
            working.append(_start(waiting.pop(0), seed, count))
        ready = wait([worker.answer for worker in working], timeout=1.0)
        for worker in tuple(working):
            if worker.answer in ready or worker.stands_still():
                working.remove(worker)
                yield _end(worker, seed)


def _start(parser: Parser, seed: int, count: int) -> _Worker:
    answer, say = _FORK.Pipe(duplex=False)
    number = _FORK.Value(c_longlong, 0, lock=False)
    process = _FORK.Process(target=_work, args=(parser, seed, count, number, say))
    process.start()
    say.close()
    return _Worker(parser, process, answer, number)


def _work(parser: Parser, seed: int, count: int, number: Any, say: Connection) -> None:
    def seen(index: int) -> None:
        number.value = index

    say.send(run(parser, seed, count, seen))


def _end(worker: _Worker, seed: int) -> Tally:
    try:
        if worker.answer.poll():
            tally: Tally = worker.answer.recv()
            return tally
        kind = "hang"
    except EOFError:
        kind = "crash"
    finally:
        worker.process.kill()
        worker.process.join()
        worker.answer.close()
    index = int(worker.number.value)
    data = next(inputs(worker.parser, seed, index, 1))
    sentence = f"the process ended with {worker.process.exitcode} at this input"
    failure = Failure(worker.parser.name, seed, index, kind, sentence, data)
    return Tally(worker.parser.name, inputs=index, failures=[failure])
