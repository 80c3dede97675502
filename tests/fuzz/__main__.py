"""The fuzzer's command: a table of all parsers, or of one; fails when a check broke."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz import reach, report
from tests.fuzz.parser import Parser
from tests.fuzz.parsers import PARSERS
from tests.fuzz.running import Failure, inputs
from tests.fuzz.shrinking import shrink
from tests.fuzz.workers import run_all

FOLDER = Path("build/fuzz")


def main(argv: Sequence[str] | None = None) -> int:
    """Run what was asked for; return 1 when a check broke."""
    asked = _arguments().parse_args(argv)
    chosen = [PARSERS[name] for name in asked.parser or PARSERS]
    if asked.at is not None:
        for parser in chosen:
            print(f"{parser.name} {next(inputs(parser, asked.seed, asked.at, 1)).hex()}")
        return 0
    if asked.reach:
        reach.show(chosen, asked.seed, asked.inputs)
        return 0
    return _fuzz(chosen, asked)


def _fuzz(chosen: Sequence[Parser], asked: argparse.Namespace) -> int:
    began, failures, total = time.monotonic(), list[Failure](), 0
    print(f"seed {asked.seed}, {asked.inputs} inputs a parser, {asked.processes} processes")
    print(report.HEAD)
    for tally in run_all(chosen, asked.seed, asked.inputs, asked.processes):
        print(report.line(tally), flush=True)
        failures += tally.failures
        total += tally.inputs
    for failure in failures:
        _tell(failure)
    print(f"{len(chosen)} parsers, {total} inputs, {time.monotonic() - began:.0f} s", end=": ")
    print(f"{len(failures)} broken" if failures else "nothing broke")
    return 1 if failures else 0


def _tell(failure: Failure) -> None:
    shrunk = failure.data
    if failure.kind != "crash":
        shrunk = shrink(PARSERS[failure.parser], failure.data, failure.kind)
    where = f", kept as {report.keep(failure, shrunk, FOLDER)}" if failure.data else ""
    print(f"\nBROKEN{where}\n{report.story(failure, shrunk)}")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000, help="how many for each parser")
    parser.add_argument("--parser", action="append", choices=list(PARSERS), help="this one only")
    parser.add_argument("--seed", type=int, default=1, help="another number, other inputs")
    parser.add_argument("--processes", type=int, default=2, help="how many parsers at a time")
    parser.add_argument("--at", type=int, help="print the input of this number and end")
    parser.add_argument("--reach", action="store_true", help="print the lines that were reached")
    return parser


if __name__ == "__main__":
    sys.exit(main())
