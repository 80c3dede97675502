"""`circlet-device conformance`: hold a band against docs/protocol.md, section by section."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from rich.table import Table
from rich.text import Text

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Check
from firmware_bridge.conformance.errors import UnknownSection
from firmware_bridge.conformance.junit import as_junit
from firmware_bridge.conformance.report import (
    Outcome,
    as_document,
    by_section,
    outcome_of,
)
from firmware_bridge.conformance.runner import Result, Verdict, chosen
from firmware_bridge.conformance.runner import run as run_checks
from firmware_bridge.conformance.sections import Section
from firmware_bridge.conformance.table import CHECKS
from firmware_bridge.demo.clinic import DemoClinic
from firmware_bridge.demo.keys import load_keys
from firmware_bridge.hand.hand import AskedHand, EmulatedHand, Hand
from firmware_bridge.tool import options as shared_options
from firmware_bridge.tool.errors import FileUnusable
from firmware_bridge.tool.exits import Exit
from firmware_bridge.tool.options import Parser, surface_of
from firmware_bridge.tool.reach import Way, open_way
from firmware_bridge.tool.voice import Voice

SUMMARY = "hold a band against its specification"
DESCRIPTION = (
    "Runs every check of docs/protocol.md against a band, real or emulated, from outside: over the "
    "air, and at its button. Take a band that nobody wears. Without --keys only what a band of "
    "nobody's shows can be checked; with a demonstration's keys it is provisioned, gives a few "
    "pulses, and is reset at the end."
)
EPILOG = """\
exit status:
  0  every check passed
  1  some failed
  2  a mistake in the arguments
  3  no band in reach
  4  none failed, but not all could be run; the report says why
"""
PARENTS = (shared_options.on_air, shared_options.at_the_button)

_EXITS = {
    Outcome.ALL_PASSED: Exit.DONE,
    Outcome.SOME_FAILED: Exit.SAID_NO,
    Outcome.NOT_ALL_RUN: Exit.PARTLY,
}
_MARKS = {Verdict.PASSED: "[green]ok[/]", Verdict.FAILED: "[red]FAILED[/]", Verdict.SKIPPED: "left"}


def add(parser: Parser) -> None:
    """Its own options; the bond is a new one each time, unless --state says otherwise."""
    parser.set_defaults(state=None)
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write JUnit's XML too")
    parser.add_argument(
        "--keys", type=Path, metavar="DIR", help="folder made by `circlet-device demo-keys`"
    )
    parser.add_argument(
        "--section",
        action="append",
        default=[],
        metavar="NAME",
        help="only these checks and what leads to them; again for more. NAME is the anchor in "
        "docs/protocol.md",
    )
    parser.add_argument("--list", action="store_true", help="list the checks and end")


async def run(options: argparse.Namespace, voice: Voice) -> Exit:
    """Run and report."""
    checks = chosen(CHECKS, _sections(options.section))
    if options.list:
        voice.document({"checks": [{"name": c.name, "title": c.title} for c in checks]})
        for check in checks:
            voice.show(f"[dim]{check.section}[/] {check.title}")
        return Exit.DONE
    results = await _examine(options, checks, voice)
    if options.junit is not None:
        _write(options.junit, as_junit(results))
    voice.document(as_document(results))
    voice.show(_table(results))
    return _EXITS[outcome_of(results)]


async def _examine(options: argparse.Namespace, checks: list[Check], voice: Voice) -> list[Result]:
    async with AsyncExitStack() as leaving:
        if options.state is None:
            folder = leaving.enter_context(tempfile.TemporaryDirectory(prefix="circlet-"))
            options.state = Path(folder)
        way = await leaving.enter_async_context(open_way(options))
        bench = _bench(options, way)
        if bench.address is None:
            await bench.find()
        return await run_checks(checks, bench, lambda result: _tell(result, voice))


def _bench(options: argparse.Namespace, way: Way) -> Bench:
    clinic = None if options.keys is None else DemoClinic(load_keys(options.keys), way.clock)
    return Bench(
        bluetooth=way.bluetooth,
        clock=way.clock,
        hand=_hand(options),
        clinic=clinic,
        address=way.home.known_band,
        search_s=options.within,
        short_mtu=way.short_mtu,
    )


def _hand(options: argparse.Namespace) -> Hand | None:
    surface = surface_of(options)
    if surface is not None:
        return EmulatedHand(surface)
    return AskedHand() if sys.stdin.isatty() else None


def _sections(names: list[str]) -> frozenset[Section]:
    try:
        return frozenset(Section(name) for name in names)
    except ValueError as problem:
        wrong = next(name for name in names if name not in list(Section))
        raise UnknownSection(wrong, [str(each) for each in Section]) from problem


def _tell(result: Result, voice: Voice) -> None:
    line = Table.grid(padding=(0, 1))
    line.add_column(width=6)
    line.add_column(width=45)
    line.add_column(style="dim")
    line.add_row(_MARKS[result.verdict], result.check.title, str(result.check.section))
    if result.words:
        line.add_row("", Text(result.words, style="dim"))
    voice.show(line)


def _table(results: list[Result]) -> Table:
    table = Table(title="By section of docs/protocol.md", box=None, padding=(0, 2))
    table.add_column("section")
    for verdict in Verdict:
        table.add_column(verdict.value, justify="right")
    for report in by_section(results):
        style = "red" if report.count(Verdict.FAILED) else ""
        counts = (str(report.count(verdict) or "") for verdict in Verdict)
        table.add_row(str(report.section), *counts, style=style)
    return table


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as problem:
        raise FileUnusable(path, problem.strerror or "can't be written") from problem
