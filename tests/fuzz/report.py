"""What the run prints, and the files that a failure leaves: a table, and hexadecimal."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.fuzz.running import Failure, Tally

COLUMNS = "{:<20} {:>9} {:>6} {:>8} {:>8} {:>9} {:>9} {:>7}  {}"
HEAD = COLUMNS.format(
    *("parser", "inputs", "acc. %", "refusals", "slow ms", "peak kB", "stays kB", "inp./s"),
    "refused by",
)


def line(tally: Tally) -> str:
    """Return a parser's line of the table."""
    refused = sum(tally.refused.values())
    most = ", ".join(
        f"{reason} {100 * count / refused:.0f}%" for reason, count in tally.refused.most_common(4)
    )
    return COLUMNS.format(
        tally.parser,
        tally.inputs,
        f"{100 * tally.accepted / max(1, tally.inputs):.1f}",
        len(tally.sentences),
        f"{tally.slowest_ns / 1e6:.1f}",
        tally.peak_bytes // 1024,
        tally.grown_bytes // 1024,
        f"{tally.inputs / max(tally.seconds, 1e-9):.0f}",
        most,
    )


def story(failure: Failure, shrunk: bytes) -> str:
    """Return everything that is needed to see a failure again."""
    return (
        f"# parser {failure.parser}, seed {failure.seed}, input {failure.index}\n"
        f"# {failure.kind}: {failure.sentence}\n"
        f"# as it came: {failure.data.hex()}\n"
        f"{shrunk.hex()}\n"
    )


def keep(failure: Failure, shrunk: bytes, folder: Path) -> Path:
    """Write the failure's file; moved to tests/fuzz/corpus/ it becomes a regression test."""
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(failure.kind.encode() + shrunk).hexdigest()[:10]
    path = folder / f"{failure.parser}-{name}.hex"
    path.write_text(story(failure, shrunk), encoding="utf-8")
    return path
