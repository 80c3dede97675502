"""Thousands of inputs for each parser of untrusted bytes; `make fuzz` gives each a million."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import time
from collections.abc import Callable

import pytest

from tests.fuzz import corpus, running
from tests.fuzz.havoc import noise
from tests.fuzz.parser import Parser
from tests.fuzz.parsers import PARSERS
from tests.fuzz.report import story
from tests.fuzz.running import inputs
from tests.fuzz.shrinking import shrink
from tests.fuzz.sources import Plain
from tests.fuzz.workers import run_all

FEW, MANY = 2_500, 10_000
SEED = 20_261
LOOKS_AT_ONE = 200


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", list(PARSERS))
def test_a_parser_refuses_by_its_own_errors_soon_and_without_memory(name: str, count: int) -> None:
    tally = running.run(PARSERS[name], SEED, count)
    assert not tally.failures, "\n".join(story(each, each.data) for each in tally.failures)
    assert tally.accepted, "the mutator no longer makes anything that is accepted"
    assert tally.refused, "the mutator no longer makes anything that is refused"


@pytest.mark.parametrize("kept", list(corpus.kept()), ids=lambda kept: kept.name)
def test_what_once_broke_a_check_no_longer_does(kept: corpus.Kept) -> None:
    parser = PARSERS[kept.parser]
    running.check(parser, kept.data)
    before = stays(parser, kept.data)
    assert stays(parser, kept.data) - before < LOOKS_AT_ONE


def stays(parser: Parser, data: bytes) -> int:
    """Return how many objects there are after reading this over and over."""
    for _ in range(LOOKS_AT_ONE):
        with contextlib.suppress(*parser.refusals):
            parser.read(data)
    gc.collect()
    return sys.getallocatedblocks()


def test_the_same_seed_makes_the_same_inputs_and_another_does_not() -> None:
    for parser in PARSERS.values():
        first = list(inputs(parser, SEED, 0, 50))
        assert list(inputs(parser, SEED, 0, 50)) == first
        assert next(inputs(parser, SEED, 49, 1)) == first[49]
        assert list(inputs(parser, SEED + 1, 0, 50)) != first


# The fuzzer itself, on parsers that are broken on purpose


def crash(data: bytes) -> bytes:
    if b"\x07" in data:
        raise KeyError(data)
    return data


def stand_still(data: bytes) -> bytes:
    until = time.thread_time() + 0.06
    while len(data) == 3 and time.thread_time() < until:
        pass
    return data


def take_much(data: bytes) -> bytes:
    return bytes(10_000_000 if len(data) >= 3 else 1)


def keep_all(data: bytes) -> bytes:
    KEPT.append(bytearray(data))
    return data


def end_the_process(data: bytes) -> bytes:
    if len(data) == 3:
        os._exit(9)
    return data


KEPT: list[bytearray] = []


def broken(read: Callable[[bytes], bytes]) -> Parser:
    return Parser("broken", read, (), Plain(noise), lambda value, data: value)


@pytest.mark.parametrize(
    ("read", "inputs_needed", "kind"),
    [
        (crash, 300, "KeyError in"),
        (stand_still, 200, "hang"),
        (take_much, 60, "memory"),
        (keep_all, 3 * MANY, "growth of objects"),
        (bytes.upper, 300, "second spelling"),
    ],
)
def test_each_check_finds_the_parser_that_breaks_it(
    read: Callable[[bytes], bytes], inputs_needed: int, kind: str
) -> None:
    tally = running.run(broken(read), SEED, inputs_needed)
    assert any(failure.kind.startswith(kind) for failure in tally.failures)
    KEPT.clear()


def test_a_failing_input_is_made_as_small_as_it_can_be() -> None:
    parser = broken(crash)
    failure = running.run(parser, SEED, 300).failures[0]
    assert shrink(parser, failure.data, failure.kind) == b"\x07"


def test_an_input_that_ends_the_process_is_told_and_the_others_go_on() -> None:
    fine = Parser("fine", bytes, (), Plain(noise))
    tallies = {t.parser: t for t in run_all([broken(end_the_process), fine], SEED, 300, 1)}
    (failure,) = tallies["broken"].failures
    assert (failure.kind, len(failure.data)) == ("crash", 3)
    assert tallies["fine"].inputs == 300
