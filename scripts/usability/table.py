"""docs/usability.md: the table between its marks, from what a run counted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scripts.usability.tasks import Done

PAGE = Path(__file__).resolve().parents[2] / "docs/usability.md"
BEGIN, END = "<!-- made by `make usability` -->\n", "<!-- end of what is made -->\n"
HEAD = "| task | clicks | keys | script, s | practised person, s | what the database then says |\n"


def table(done: Sequence[Done]) -> str:
    """Return the table in Markdown; the estimate has the pages' own seconds in it."""
    lines = [HEAD, "|---|---|---|---|---|---|\n"]
    for each in done:
        counted, estimate = each.counted, each.counted.estimate_s + each.seconds
        lines.append(
            f"| {each.name} | {counted.clicks} | {counted.keys} | {each.seconds:.1f} | "
            f"{estimate:.0f} | {each.shown} |\n"
        )
    return "".join(lines)


def write(done: Sequence[Done]) -> None:
    """Put the table into the page."""
    before, mark, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise LookupError(f"{PAGE.name} has no place for the table")
    PAGE.write_text(f"{before}{mark}\n{table(done)}\n{end}{after}", "utf-8")
