"""The figures in words: what the command prints, and what docs/safety/mutants.md shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from tests.mutants.tally import AREAS, Figures, Outcome, Tally

PAGE = "docs/safety/mutants.md"
AROUND = 60
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
    shown = " to ".join(f"`{text}`" for text in _parted(before, after))
    return f"line {outcome.change.line}, `{scope}` {digest}: {shown}"


def _parted(before: str, after: str) -> tuple[str, str]:
    """Of long lines, the parts that differ and some words around."""
    first = _alike(before, after)
    last = _alike(before[:first:-1], after[:first:-1])
    begin = max(0, first - AROUND)
    ends = (len(before) - last + AROUND, len(after) - last + AROUND)
    return before[begin : ends[0]], after[begin : ends[1]]


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts begin alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
