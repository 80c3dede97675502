"""Runs the checks in their order, leaves off what can't be run, and says why."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from bleak.exc import BleakError

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Check
from firmware_bridge.conformance.findings import Deviation, LeftOff
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.sections import Section
from firmware_bridge.hand.errors import HandError
from firmware_bridge.link import LinkError
from shared.dose.ledger import LedgerError
from shared.trust.errors import TrustError
from shared.wire.errors import WireError

CHECK_LIMIT_S = 45.0
"""One check, in real time, a person's way to the button included (own figure)."""

TROUBLE = (
    LinkError,
    BleakError,
    HandError,
    WireError,
    TrustError,
    LedgerError,
    TimeoutError,
    EOFError,
)
"""What a band that deviates may lead to in the middle of a check."""


PASSING = {Need.ARMED, Need.STIMULATING, Need.PAUSED}
"""What doesn't outlive a failed check: its connection is given up, and the beat with it."""


class Verdict(Enum):
    """What came of a check."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Result:
    """A check and what came of it; ``words`` say what was expected and got, or why not."""

    check: Check
    verdict: Verdict
    words: str = ""
    took_s: float = 0.0


Told = Callable[[Result], None]


def chosen(checks: Iterable[Check], sections: frozenset[Section]) -> list[Check]:
    """The checks of these sections, and those that lead there; all where no section is named."""
    checks = list(checks)
    if not sections:
        return checks
    wanted = {check.name for check in checks if check.section in sections}
    lacking = _needs_of(checks, wanted)
    while True:
        leading = {c.name for c in checks if c.gives & lacking} - wanted
        if not leading:
            return [check for check in checks if check.name in wanted]
        wanted |= leading
        lacking = _needs_of(checks, wanted)


def _needs_of(checks: list[Check], names: set[str]) -> set[Need]:
    return {need for check in checks if check.name in names for need in check.needs}


async def run(checks: Iterable[Check], bench: Bench, told: Told) -> list[Result]:
    """Run them one after the other; each result is told as it comes."""
    met, results = bench.met(), []
    try:
        for check in checks:
            result = await _one(check, bench, met)
            if result.verdict is Verdict.PASSED:
                met |= check.gives
            elif result.verdict is Verdict.FAILED:
                met -= PASSING
            results.append(result)
            told(result)
    finally:
        with suppress(*TROUBLE):
            await bench.hang_up()
    return results


async def _one(check: Check, bench: Bench, met: set[Need]) -> Result:
    lacking = sorted(check.needs - met, key=lambda need: list(Need).index(need))
    if lacking:
        return Result(check, Verdict.SKIPPED, lacking[0].value)
    begun = time.monotonic()
    try:
        async with asyncio.timeout(CHECK_LIMIT_S):
            await check.examine(bench)
    except LeftOff as reason:
        return Result(check, Verdict.SKIPPED, str(reason), time.monotonic() - begun)
    except Deviation as deviation:
        words = str(deviation)
    except TROUBLE as trouble:
        words = f"expected {check.title} Got {type(trouble).__name__}: {trouble}"
    else:
        return Result(check, Verdict.PASSED, "", time.monotonic() - begun)
    await _begin_anew(bench)
    return Result(check, Verdict.FAILED, words, time.monotonic() - begun)


async def _begin_anew(bench: Bench) -> None:
    """Whatever a failed check left behind on the connection is gone with it."""
    with suppress(*TROUBLE):
        await bench.hang_up()
