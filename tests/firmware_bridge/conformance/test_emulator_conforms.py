"""The emulator passes the suite, and the report says so in each of its forms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from firmware_bridge.conformance.emulated import EmulatedBand, emulated_band
from tests.firmware_bridge.conformance.suite import QUICK, WITHIN_S, Run, run_suite, run_tool


@pytest.fixture(scope="module")
def band(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedBand]:
    with emulated_band(tmp_path_factory.mktemp("conforming") / "band", clock=QUICK) as band:
        yield band


@pytest.fixture(scope="module")
def whole_run(band: EmulatedBand) -> Run:
    return run_suite(band, "--junit", str(band.folder / "junit.xml"))


def test_every_check_passes(whole_run: Run) -> None:
    assert whole_run.checks("failed") == {}
    assert whole_run.checks("skipped") == {}
    assert (whole_run.status, whole_run.report["outcome"]) == (0, "all_passed")


def test_junit_says_the_same_by_section(whole_run: Run, band: EmulatedBand) -> None:
    top = ElementTree.parse(band.folder / "junit.xml").getroot()
    suites = {suite.get("name"): suite.get("tests") for suite in top.iter("testsuite")}
    wanted = {each["section"]: str(len(each["checks"])) for each in whole_run.report["sections"]}
    assert suites == wanted
    assert (top.get("failures"), top.get("skipped")) == ("0", "0")


@pytest.mark.long
def test_what_cannot_be_run_is_told_and_not_passed(band: EmulatedBand, whole_run: Run) -> None:
    ended = run_tool(band, "conformance", "--section", "lock-reasons", "--section", "services")
    assert ended.returncode == 4
    assert "no demonstration's keys: name --keys" in ended.stdout
    assert "FAILED" not in ended.stdout


@pytest.mark.long
@pytest.mark.timeout(2 * WITHIN_S)
def test_a_band_that_takes_a_microcontrollers_time_conforms_too(tmp_path: Path) -> None:
    slow = ("--profile", "cortex-m4")
    with emulated_band(tmp_path / "band", options=slow) as band:
        run = run_suite(band)
    assert (run.checks("failed"), run.checks("skipped"), run.status) == ({}, {}, 0)
