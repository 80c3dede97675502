"""`make fault-matrix`: every fault in every phase under both profiles, rendered to one page.

Exit code 1 where a cell fails. With `--resume` what an earlier run has kept isn't run again.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from firmware_bridge.emulator.profile.figures import PROFILES
from tests.fault_matrix.ills import ILLS
from tests.fault_matrix.phases import PHASES
from tests.fault_matrix.rendering import page
from tests.fault_matrix.result import Result, Verdict, read_kept
from tests.fault_matrix.running import Work, run_all

KEPT = Path("build/fault-matrix/results.jsonl")
PAGE = Path("docs/fault-matrix.md")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, render, and say what doesn't hold."""
    asked = _parser().parse_args(arguments)
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    if not asked.resume:
        KEPT.unlink(missing_ok=True)
    begun = time.monotonic()
    for result in run_all(_work(asked), KEPT, asked.processes):
        if result.verdict is Verdict.FAILS:
            print(*result.key, *result.why, sep=" | ", flush=True)
    results = list(read_kept(KEPT).values())
    if _is_whole(asked):
        PAGE.write_text(page(results))
    return _say(results, time.monotonic() - begun)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fault-matrix", description=__doc__)
    names = {phase.name for phase in PHASES}
    parser.add_argument("--phase", action="append", choices=sorted(names), help="only this phase")
    parser.add_argument("--fault", action="append", choices=[ill.name for ill in ILLS])
    parser.add_argument("--profile", action="append", choices=list(PROFILES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--resume", action="store_true", help="go on where the last run ended")
    return parser


def _work(asked: argparse.Namespace) -> list[Work]:
    kept = {key for key, each in read_kept(KEPT).items() if each.verdict is not Verdict.FAILS}
    work = []
    for phase in asked.phase or [phase.name for phase in PHASES]:
        for profile in asked.profile or list(PROFILES):
            ills = tuple(
                name
                for name in asked.fault or [ill.name for ill in ILLS]
                if (profile, phase, name) not in kept
            )
            if ills:
                work.append(Work(profile, phase, ills, asked.seed))
    return work


def _is_whole(asked: argparse.Namespace) -> bool:
    return not (asked.phase or asked.fault or asked.profile)


def _say(results: list[Result], took_s: float) -> int:
    counts = {verdict: sum(r.verdict is verdict for r in results) for verdict in Verdict}
    said = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    print(f"{len(results)} cells: {said}; {took_s:.0f} s")
    return 1 if counts[Verdict.FAILS] else 0


if __name__ == "__main__":
    sys.exit(main())
