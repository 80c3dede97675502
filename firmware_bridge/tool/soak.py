"""`circlet-device soak`: hours of simulated use of an emulated band, and what they leave behind."""

from __future__ import annotations

import argparse
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from firmware_bridge.soak.measures import Sample
from firmware_bridge.soak.running import HOUR_MS, Soaked, soak
from firmware_bridge.soak.verdict import Grown, judge
from firmware_bridge.tool.errors import UsageWrong
from firmware_bridge.tool.exits import Exit
from firmware_bridge.tool.options import Parser
from firmware_bridge.tool.voice import Voice

SUMMARY = "hours of simulated use, with faults"
DESCRIPTION = (
    "Starts an emulated band, its radio and its clock as processes of their own and uses the band "
    "at random through lost links, reboots, garbled values and sick sensors. It fails where memory "
    "isn't flat, or where a task or a file handle is left behind. The same seed draws the same "
    "acts."
)
PARENTS = ()
LEAST_HOURS = 1


def add(parser: Parser) -> None:
    """Its own options."""
    parser.add_argument("--hours", type=float, default=12.0, help="simulated (%(default)g)")
    parser.add_argument("--seed", type=int, default=1, help="(%(default)s)")
    parser.add_argument(
        "--folder", type=Path, metavar="DIR", help="keep what the parts write (a temporary one)"
    )


async def run(options: argparse.Namespace, voice: Voice) -> Exit:
    """Soak and judge."""
    if options.hours < LEAST_HOURS:
        raise UsageWrong(f"A soak of less than {LEAST_HOURS} h shows nothing: it has no quarters.")
    begun = time.monotonic()
    with ExitStack() as leaving:
        folder = options.folder
        if folder is None:
            made = leaving.enter_context(tempfile.TemporaryDirectory(prefix="circlet-soak-"))
            folder = Path(made) / "soak"
        bar = leaving.enter_context(_bar(voice))
        task = bar.add_task("hours", total=options.hours * HOUR_MS)
        soaked = await soak(
            folder,
            hours=options.hours,
            seed=options.seed,
            told=lambda at_ms: bar.update(task, completed=at_ms),
        )
    grown = judge(soaked.samples)
    took_s = time.monotonic() - begun
    too_much = [each for each in grown if each.too_much]
    voice.document(_as_document(soaked, grown, took_s))
    voice.show(_table(grown), _summary(soaked, took_s))
    for each in too_much:
        voice.err.print(f"not flat: {each}", style="bold red")
    return Exit.SAID_NO if too_much else Exit.DONE


def _as_document(soaked: Soaked, grown: list[Grown], took_s: float) -> dict[str, object]:
    return {
        "flat": not any(each.too_much for each in grown),
        "simulated_h": round(soaked.simulated_ms / HOUR_MS, 2),
        "took_s": round(took_s, 1),
        "acts": dict(soaked.acts),
        "troubles": dict(soaked.troubles),
        "figures": grown,
        "samples": [_sample(each) for each in soaked.samples],
    }


def _sample(sample: Sample) -> dict[str, object]:
    return {"at_h": round(sample.at_ms / HOUR_MS, 2), "held": sample.held}


def _table(grown: list[Grown]) -> Table:
    table = Table(title="Second quarter against the last", box=None, padding=(0, 2))
    for name in ("process", "what", "early", "late", "allowed"):
        table.add_column(name, justify="left" if name in ("process", "what") else "right")
    for each in grown:
        style = "red" if each.too_much else ""
        figures = (str(each.early), str(each.late), str(each.allowed))
        table.add_row(each.process, each.what, *figures, style=style)
    return table


def _summary(soaked: Soaked, took_s: float) -> str:
    acts = ", ".join(f"{name} {count}" for name, count in soaked.acts.most_common())
    troubles = ", ".join(f"{name} {count}" for name, count in soaked.troubles.most_common())
    hours = soaked.simulated_ms / HOUR_MS
    return f"\n{hours:.1f} h in {took_s:.0f} s. Acts: {acts}.\nTroubles: {troubles or 'none'}."


def _bar(voice: Voice) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=voice.err,
        transient=True,
        disable=voice.as_json or not voice.err.is_terminal,
    )
