"""The tables of docs/safety/model.md, from what a run found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.model.findings import Finding, Kind
from tests.model.guards import guards, models

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/safety/model.md"
END_MARK = "<!-- end of table -->\n"
Rows = Iterable[Sequence[str]]


def begin_mark(name: str) -> str:
    """Return the line before a table."""
    return f"<!-- table {name}: made by scripts/model.sh --write -->\n"


def tables(findings: Sequence[Finding]) -> dict[str, str]:
    """Return every table by name."""
    return {
        "models": _table(("model", "states", "depth", "verdict"), _models(findings)),
        "guards": _table(
            ("guard", "rule", "model", "what it says", "states", "depth", "counterexample"),
            _guards(findings),
        ),
        "good-ends": _table(("model", "good end", "states", "depth"), _good_ends(findings)),
        "traces": _table(
            ("model", "traces", "steps", "runs of the model", "corrupted", "refused"),
            _traces(findings),
        ),
    }


def filled(document: str, findings: Sequence[Finding]) -> str:
    """Return the document with its tables as these findings have them."""
    for name, table in tables(findings).items():
        before, mark, rest = document.partition(begin_mark(name))
        _, end, after = rest.partition(END_MARK)
        if not mark or not end:
            raise LookupError(f"the document has no place for the table {name!r}")
        document = f"{before}{mark}\n{table}\n{end}{after}"
    return document


def write(findings: Sequence[Finding]) -> None:
    """Put the figures into the document."""
    DOCUMENT.write_text(filled(DOCUMENT.read_text("utf-8"), findings), "utf-8")


def show(findings: Sequence[Finding]) -> None:
    """Print the tables."""
    for name, table in tables(findings).items():
        print(f"## {name}\n\n{table}")


def rows_of(name: str, document: str) -> list[list[str]]:
    """Return a table's rows, as the document has them, without its head."""
    _, _, rest = document.partition(begin_mark(name))
    lines = rest.partition(END_MARK)[0].strip().splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _table(heads: Sequence[str], rows: Rows) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _of(findings: Sequence[Finding], kind: Kind, model: str) -> list[Finding]:
    return [each for each in findings if each.kind is kind and each.model == model]


def _figures(found: Finding) -> tuple[str, str]:
    return f"{found.states:,}", f"{found.depth:,}"


def _models(findings: Sequence[Finding]) -> Rows:
    for model in models():
        for found in _of(findings, Kind.MODEL, model):
            yield f"`{model}`", *_figures(found), found.words


def _guards(findings: Sequence[Finding]) -> Rows:
    by_name = {each.name: each for each in findings if each.kind is Kind.MUTANT}
    for guard in guards():
        if (found := by_name.get(guard.name)) is not None:
            name, rules = f"`{guard.name}`", found.rules
            yield name, rules, guard.model, guard.says, *_figures(found), found.words


def _good_ends(findings: Sequence[Finding]) -> Rows:
    for model in models():
        for found in _of(findings, Kind.GOOD_END, model):
            yield model, f"`{found.name}`", *_figures(found)


def _traces(findings: Sequence[Finding]) -> Rows:
    for model in models():
        true, bad = _of(findings, Kind.TRACE, model), _of(findings, Kind.CORRUPTED, model)
        if true:
            steps, runs = sum(each.depth for each in true), sum(each.passed for each in true)
            refused = sum(each.passed for each in bad)
            yield model, str(len(true)), f"{steps:,}", str(runs), str(len(bad)), str(refused)
