"""One parser under its inputs: what was refused, how long it took, how much memory stayed.

A slow input is read again by the processor's own time before it counts as one, so that another
process's turn isn't called a hang.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import re
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from shared.wire.errors import WireError
from tests.fuzz.lawful import faults
from tests.fuzz.parser import Parser

INPUTS_PER_POOL = 5_000
HANG_NS = 50_000_000
LOOK_AGAIN_NS = 5_000_000
LOOKS = 3
TRACED_INPUTS, TRACED_POOLS = 150, 30
"""So many of each pool, and so many pools: tracing costs time, and each start of it leaves some
50 kB behind, which is not the parser's."""
PEAK_BYTES, PEAK_PER_BYTE = 256 * 1024, 200
"""What one input may take while it is read; the CBOR library reads in pieces of 64 kB."""
GROWTH_BYTES = 4 * 1024 * 1024
GROWTH_BLOCKS = 3_000
"""What may stay after all inputs: at 10^6 of them, 4 bytes each, and no object of each 300."""
SENTENCE_MAX = 400
SENTENCES_MAX = 1_000
FAILURES_MAX = 5


@dataclass(frozen=True)
class Failure:
    """A check that an input broke; ``kind`` is the same for the same fault."""

    parser: str
    seed: int
    index: int
    kind: str
    sentence: str
    data: bytes


@dataclass
class Tally:
    """What came of one parser's inputs."""

    parser: str
    inputs: int = 0
    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    sentences: set[str] = field(default_factory=set)
    slowest_ns: int = 0
    peak_bytes: int = 0
    grown_bytes: int = 0
    grown_blocks: int = 0
    seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)


class Broken(Exception):
    """A check that did not hold; ``kind`` names it."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


def inputs(parser: Parser, seed: int, start: int, count: int) -> Iterator[bytes]:
    """Yield the parser's inputs from number ``start`` on; each depends on seed and number only."""
    base = int.from_bytes(hashlib.sha256(f"{seed}/{parser.name}".encode()).digest()[:8], "big")
    rng, pool = Random(), None
    for index in range(start, start + count):
        if pool is None or index % INPUTS_PER_POOL == 0:
            pool = parser.source.pool(Random(~(base + index // INPUTS_PER_POOL)))
        rng.seed(base + index)
        yield parser.source.make(rng, pool)


def run(
    parser: Parser, seed: int, count: int, seen: Callable[[int], None] = lambda _: None
) -> Tally:
    """Return the tally of ``count`` inputs; ``seen`` hears each number before it is read.

    Memory is compared between the ends of the last traced and the last pool, when none is held; of
    the first, where there are fewer.
    """
    tally, began = Tally(parser.name), time.monotonic()
    before = None
    for number, start in enumerate(range(0, count, INPUTS_PER_POOL), start=1):
        numbers = range(start, min(start + INPUTS_PER_POOL, count))
        _stretch(parser, tally, seed, numbers, seen, traced=number <= TRACED_POOLS)
        if number in (1, TRACED_POOLS):
            before = _memory()
    after = _memory()
    if before is not None:
        tally.grown_bytes, tally.grown_blocks = after[0] - before[0], after[1] - before[1]
    tally.seconds = time.monotonic() - began
    for failure in _growth(tally, seed):
        _keep(tally, failure)
    return tally


def _stretch(
    parser: Parser,
    tally: Tally,
    seed: int,
    numbers: range,
    seen: Callable[[int], None],
    *,
    traced: bool,
) -> None:
    made = inputs(parser, seed, numbers.start, len(numbers))
    if traced:
        tracemalloc.start()
    for index, data in zip(numbers, made, strict=True):
        if index == numbers.start + TRACED_INPUTS:
            tracemalloc.stop()
        seen(index)
        try:
            _one(parser, data, tally)
        except Broken as broken:
            _keep(tally, Failure(parser.name, seed, index, broken.kind, str(broken), data))
        tally.inputs += 1
    tracemalloc.stop()


def check(parser: Parser, data: bytes) -> None:
    """Raise Broken where this one input breaks a check."""
    tracemalloc.start()
    try:
        _peak(parser, data)
    finally:
        tracemalloc.stop()
    _one(parser, data, Tally(parser.name))


def _one(parser: Parser, data: bytes, tally: Tally) -> None:
    if tracemalloc.is_tracing():
        tally.peak_bytes = max(tally.peak_bytes, _peak(parser, data))
    began = time.perf_counter_ns()
    try:
        value = parser.read(data)
    except parser.refusals as problem:
        _timed(parser, data, time.perf_counter_ns() - began, tally)
        _note(problem, tally)
        return
    except Exception as problem:
        raise Broken(_kind_of(problem), f"{type(problem).__name__}: {problem!s:.200}") from problem
    _timed(parser, data, time.perf_counter_ns() - began, tally)
    tally.accepted += 1
    _judged(parser, value, data)


def _judged(parser: Parser, value: Any, data: bytes) -> None:
    unlawful = next(faults(value), None)
    if unlawful is not None:
        raise Broken("outside its declaration", f"accepted, though {unlawful}")
    if parser.again is None:
        return
    try:
        again = parser.again(value, data)
    except Exception as problem:
        sentence = f"what was accepted can't be written: {type(problem).__name__}: {problem!s:.200}"
        raise Broken(f"again {_kind_of(problem)}", sentence) from problem
    if again != data:
        raise Broken("second spelling", f"accepted, but written again it is {again.hex()}")


def _timed(parser: Parser, data: bytes, took_ns: int, tally: Tally) -> None:
    if tracemalloc.is_tracing():
        return
    if took_ns <= max(tally.slowest_ns, LOOK_AGAIN_NS):
        tally.slowest_ns = max(tally.slowest_ns, took_ns)
        return
    took_ns = min(took_ns, *(_duration(parser, data) for _ in range(LOOKS)))
    tally.slowest_ns = max(tally.slowest_ns, took_ns)
    if took_ns > HANG_NS:
        raise Broken("hang", f"took {took_ns / 1e6:.1f} ms at best of {LOOKS + 1}")


def _duration(parser: Parser, data: bytes) -> int:
    """Return the processor's time for one reading: a parser waits for nothing but its turn."""
    began = time.thread_time_ns()
    with contextlib.suppress(Exception):
        parser.read(data)
    return time.thread_time_ns() - began


def _peak(parser: Parser, data: bytes) -> int:
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    with contextlib.suppress(Exception):  # judged where it is timed
        parser.read(data)
    peak = tracemalloc.get_traced_memory()[1] - before
    if peak > PEAK_BYTES + PEAK_PER_BYTE * len(data):
        raise Broken("memory", f"{len(data)} bytes of input take {peak} bytes")
    return peak


def _note(problem: Exception, tally: Tally) -> None:
    sentence = str(problem)
    if len(sentence) > SENTENCE_MAX or not _can_be_logged(sentence):
        raise Broken("sentence", f"a refusal's sentence is unfit for a log: {sentence!a:.200}")
    tally.refused[_reason(problem)] += 1
    if len(tally.sentences) < SENTENCES_MAX:
        tally.sentences.add(f"{_reason(problem)}: {re.sub(r'[0-9-]+', '#', sentence)[:80]}")


def _can_be_logged(sentence: str) -> bool:
    try:
        sentence.encode()
    except UnicodeEncodeError:
        return False
    return True


def _reason(problem: Exception) -> str:
    if isinstance(problem, WireError):
        return problem.field
    code = getattr(problem, "code", None)
    return code if isinstance(code, str) else type(problem).__name__


def _kind_of(problem: BaseException) -> str:
    trace, place = problem.__traceback__, "?"
    while trace is not None:
        name = Path(trace.tb_frame.f_code.co_filename)
        if name.parts[-2:-1] != ("fuzz",):
            place = f"{name.name}:{trace.tb_frame.f_code.co_name}"
        trace = trace.tb_next
    return f"{type(problem).__name__} in {place}"


def _memory() -> tuple[int, int]:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096, sys.getallocatedblocks()


def _growth(tally: Tally, seed: int) -> Iterator[Failure]:
    if tally.grown_bytes > GROWTH_BYTES:
        sentence = f"{tally.grown_bytes} bytes stayed after {tally.inputs} inputs"
        yield Failure(tally.parser, seed, tally.inputs, "growth", sentence, b"")
    if tally.grown_blocks > GROWTH_BLOCKS:
        sentence = f"{tally.grown_blocks} objects stayed after {tally.inputs} inputs"
        yield Failure(tally.parser, seed, tally.inputs, "growth of objects", sentence, b"")


def _keep(tally: Tally, failure: Failure) -> None:
    known = {each.kind for each in tally.failures}
    if failure.kind not in known and len(known) < FAILURES_MAX:
        tally.failures.append(failure)
