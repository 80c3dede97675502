"""`make test-ha`: the proof of failover; with `--write` its figures go into the document.

Ends with 0 when everything held, with 1 when not, with 75 where the nodes can't be started.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from scripts.marked_tables import TREE, filled_with
from tests.ha.errors import NOT_RUN, CannotStart
from tests.ha.failover import Failed, Figures, measured

DOCUMENT = TREE / "docs/high-availability.md"
SCRIPT = "../tests/ha/__main__"


def main() -> int:
    """The command line; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.ha")
    parser.add_argument("--write", action="store_true", help=f"figures into {DOCUMENT.name}")
    write = parser.parse_args().write
    with tempfile.TemporaryDirectory() as folder:
        try:
            figures = measured(Path(folder))
        except CannotStart as reason:
            print(f"test-ha: NOT RUN: {reason}", file=sys.stderr)
            return NOT_RUN
        except (Failed, TimeoutError) as problem:
            print(f"test-ha: FAILED: {problem}", file=sys.stderr)
            return 1
    table = table_of(figures)
    print(table, end="")
    if write:
        document = DOCUMENT.read_text("utf-8")
        DOCUMENT.write_text(filled_with(document, {"failover": lambda: table}, SCRIPT), "utf-8")
    print("test-ha: passed")
    return 0


def table_of(figures: Figures) -> str:
    """The figures as a table of Markdown."""
    rows = []
    for each in figures.outages:
        slowest = f"{each.each_s[-1]:.1f} s for the phone that waited longest"
        rows.append((f"{each.what}: nobody's items taken", f"{each.refused_s:.1f} s; {slowest}"))
        rows.append((f"{each.what}: the worker's next whole round", f"after {each.worker_s:.1f} s"))
    refused = ", ".join(f"{number} x {what}" for what, number in figures.refused.most_common())
    rows += [
        ("killed primary back, in step as standby", f"{figures.rejoined_s:.1f} s after its start"),
        (
            "items acknowledged",
            f"{figures.acknowledged:,} ({figures.records:,} records, {figures.checkins:,}"
            f" check-ins, all opened); {figures.duplicates:,} of them when sent again",
        ),
        ("of these gone, or there twice", "0"),
        ("what phones were told meanwhile", refused or "nothing"),
        ("acts of staff committed, all in the audit log", f"{figures.acts:,}"),
        ("chains of bands and of the audit log", "whole"),
        (
            "the run",
            f"{figures.load_s:.0f} s under load of {len(figures.outages[0].each_s)} phones,"
            f" {figures.processors} processors, load {figures.load_before:.1f} before it",
        ),
    ]
    lines = ["| measured | |", "|---|---|", *(f"| {what} | {found} |" for what, found in rows)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
