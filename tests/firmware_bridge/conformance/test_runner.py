"""How a run goes on behind a check that failed, and what its report comes to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from xml.etree import ElementTree

import pytest

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Check, Checks
from firmware_bridge.conformance.findings import Deviation, LeftOff
from firmware_bridge.conformance.junit import as_junit
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.report import Outcome, as_document, outcome_of
from firmware_bridge.conformance.runner import Result, Verdict, run
from firmware_bridge.conformance.sections import Section
from firmware_bridge.link import LinkLost, SystemBluetooth
from firmware_bridge.timebase import SystemClock

Finds = Callable[[Bench], Awaitable[None]]


@pytest.fixture
def bench() -> Bench:
    """No band and no radio: these checks look at nothing."""
    return Bench(SystemBluetooth(), SystemClock(), hand=None, clinic=None)


def check(
    finds: Exception | None,
    section: Section = Section.FRAMING,
    *,
    needs: tuple[Need, ...] = (),
    gives: tuple[Need, ...] = (),
) -> Check:
    checks = Checks()

    @checks.add(section, needs=needs, gives=gives)
    async def examined(_: Bench) -> None:
        """The band does as it should."""
        if finds is not None:
            raise finds

    return checks.all[0]


async def run_of(bench: Bench, *checks: Check) -> list[Result]:
    return await run(checks, bench, lambda result: None)


def verdicts(results: list[Result]) -> list[Verdict]:
    return [result.verdict for result in results]


async def test_what_builds_on_a_failed_check_is_left_off(bench: Bench) -> None:
    results = await run_of(
        bench,
        check(Deviation("0x80", "taken"), gives=(Need.OWNED,)),
        check(None, Section.LEDGER, needs=(Need.OWNED,)),
        check(None, Section.BLOBS),
    )
    assert verdicts(results) == [Verdict.FAILED, Verdict.SKIPPED, Verdict.PASSED]
    assert results[0].words == "expected 0x80; got taken"
    assert results[1].words == Need.OWNED.value
    assert outcome_of(results) is Outcome.SOME_FAILED


async def test_a_session_is_given_up_behind_a_failed_check(bench: Bench) -> None:
    results = await run_of(
        bench,
        check(None, gives=(Need.ARMED, Need.OWNED)),
        check(Deviation("a", "b")),
        check(None, needs=(Need.ARMED,)),
        check(None, needs=(Need.OWNED,)),
    )
    assert verdicts(results)[2:] == [Verdict.SKIPPED, Verdict.PASSED]


async def test_a_lost_link_is_a_failure_of_the_check(bench: Bench) -> None:
    (result,) = await run_of(bench, check(LinkLost()))
    assert result.verdict is Verdict.FAILED
    assert "LinkLost" in result.words


async def test_a_check_that_can_not_be_run_keeps_the_run_from_being_whole(bench: Bench) -> None:
    results = await run_of(bench, check(None), check(LeftOff("the band is locked")))
    assert verdicts(results) == [Verdict.PASSED, Verdict.SKIPPED]
    assert outcome_of(results) is Outcome.NOT_ALL_RUN
    assert as_document(results)["outcome"] == "not_all_run"


async def test_a_mistake_of_the_suite_is_no_finding(bench: Bench) -> None:
    with pytest.raises(ZeroDivisionError):
        await run_of(bench, check(ZeroDivisionError()))


async def test_junit_holds_whatever_a_band_said(bench: Bench) -> None:
    results = await run_of(bench, check(Deviation("text", "\x00<&\x1b")))
    case = ElementTree.fromstring(as_junit(results)).find("testsuite/testcase")
    assert case is not None
    assert (case.get("name"), case.get("classname")) == (
        "The band does as it should.",
        "protocol.framing",
    )
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("message") == "expected text; got ?<&?"
