"""The two documents that are made from the rows, each with its prose around marks.

What stands between a pair of marks is replaced; what stands around them is written by hand.
"""

from collections.abc import Callable
from pathlib import Path

from scripts.trace import words
from scripts.trace.case import SafetyCase
from scripts.trace.recalled import recalled_digest, recalled_figures

CASE_PAGE = "docs/safety/case.md"
RULES_PAGE = "docs/safety/rules.md"
END_MARK = "<!-- end of what is made -->\n"

Maker = Callable[[SafetyCase], str]


def begin_mark(name: str) -> str:
    """Return the line that a made piece begins with."""
    return f"<!-- {name}: made by `make trace`, change hazards.toml or rules.toml -->\n"


def made_pages(root: Path, case: SafetyCase) -> dict[str, str]:
    """Return both documents as the rows have them now."""
    pieces: dict[str, dict[str, Maker]] = {
        CASE_PAGE: {
            "count": words.counted,
            "severity": lambda case: words.levels(case.scales.severity),
            "probability": lambda case: words.levels(case.scales.probability),
            "risk": words.risk_table,
            "overview": words.overview,
            "hazards": words.hazards,
            "controls": words.controls,
            "recalled": lambda _: words.recalled(recalled_figures(root), recalled_digest()),
            "planned": words.planned_controls,
            "open": words.open_hazards,
            "handed over": words.handed_over,
        },
        RULES_PAGE: {"rules": words.rule_sections},
    }
    return {
        page: _filled((root / page).read_text("utf-8"), makers, case)
        for page, makers in pieces.items()
    }


def _filled(document: str, makers: dict[str, Maker], case: SafetyCase) -> str:
    for name, make in makers.items():
        before, mark, rest = document.partition(begin_mark(name))
        _, end, after = rest.partition(END_MARK)
        if not mark or not end:
            raise LookupError(f"the document has no place for {name!r}: {begin_mark(name)!r}")
        document = f"{before}{mark}\n{make(case)}\n{end}{after}"
    return document
