"""The figures in words: what the command prints, and what docs/safety/mutants.md shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from tests.mutants.tally import AREAS, Figures, Outcome, Tally

PAGE = "docs/safety/mutants.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"

HEAD = (
    "| area | changes | tried | noticed | by time | survived | equivalent | score | 95 of 100 |",
    "|---|--:|--:|--:|--:|--:|--:|--:|---|",
)


def report(tally: Tally, seed: int, took_s: float, processes: int) -> str:
    """Return table, survivors and what was noticed by time alone."""
    return "\n".join(_lines(tally, seed, took_s, processes))


def write(root: Path, tally: Tally, seed: int, took_s: float, processes: int) -> None:
    """Put the report between the page's marks."""
    page = root / PAGE
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    text = report(tally, seed, took_s, processes)
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def _lines(tally: Tally, seed: int, took_s: float, processes: int) -> Iterator[str]:
    whole = tally.figures()
    kind = "every change" if whole.tried == whole.possible else "a sample"
    yield f"Seed {seed}, {kind}, {took_s / 60:.0f} minutes, {processes} processes."
    yield ""
    yield from HEAD
    for area in AREAS:
        if (figures := tally.figures(area)).tried:
            yield _row(f"`{area}`", figures)
    yield _row("all", whole)
    yield ""
    yield from _listed("Survived", tally.survivors())
    yield from _listed("Noticed by its time alone", tally.slow())
    for test in tally.broken:
        yield f"Failed without any change and was left out: `{test}`"


def _row(name: str, figures: Figures) -> str:
    low, high = figures.interval
    counts = (
        figures.possible,
        figures.tried,
        figures.killed,
        figures.timed_out,
        figures.survived,
        figures.equivalent,
    )
    numbers = " | ".join(str(count) for count in counts)
    return f"| {name} | {numbers} | {figures.share:.1%} | {low:.1%} to {high:.1%} |"


def _listed(title: str, outcomes: Iterable[Outcome]) -> Iterator[str]:
    grouped = [
        (path, list(found)) for path, found in groupby(outcomes, lambda found: found.change.path)
    ]
    yield f"{title}: {sum(len(found) for _, found in grouped) or 'none'}."
    yield ""
    for path, found in grouped:
        yield f"- `{path}`"
        yield from (f"  - {_line(outcome)}" for outcome in found)
    if grouped:
        yield ""


def _line(outcome: Outcome) -> str:
    before, after = (" ".join(text.split()) for text in (outcome.before, outcome.after))
    _, scope, digest = outcome.change.name.split("::")
    return f"line {outcome.change.line}, `{scope}` {digest}: `{before}` to `{after}`"
