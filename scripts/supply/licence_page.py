"""Writes the tables of docs/licences.md: `python -m scripts.supply.licence_page --write`.

Fails, and writes nothing, where a licence is unknown or not accepted.
"""

from collections.abc import Callable, Iterable

from scripts.marked_tables import TREE, filled_with, write_or_print
from scripts.supply.licences import (
    Part,
    demand_accepted,
    files_of_others,
    inside_wheels,
    lists,
    on_android,
    packages,
)
from shared.instruments.forms import FORMS, form

DOCUMENT = TREE / "docs/licences.md"
SCRIPT = "supply/licence_page"


def table(heads: str, rows: Iterable[tuple[str, ...]]) -> str:
    """One table in Markdown."""
    lines = [heads, "|---" * heads.count("|", 1) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def parts_table(parts: list[Part]) -> str:
    """Parts with their licences, each of which the list accepts."""
    for part in parts:
        demand_accepted(part)
    rows = ((each.name, each.version, each.licence, each.why_known) for each in parts)
    return table("| part | version, or from | licence | says who |", rows)


def shipped_packages() -> str:
    """The packages that go along."""
    return parts_table([each for each in packages() if each.ships])


def packages_for_work() -> str:
    """The packages that stay with who works on it."""
    return parts_table([each for each in packages() if not each.ships])


def accepted_table() -> str:
    """The accepted licences, each with what it asks."""
    return table("| licence | what it asks of us |", lists()["accepted"].items())


def texts_table() -> str:
    """The instruments, whose words they are asked in and on what terms."""
    rows = ((each, form(each).wording_label, form(each).terms, form(each).source) for each in FORMS)
    return table("| instrument | wording | terms of the original | source |", rows)


TABLES: dict[str, Callable[[], str]] = {
    "accepted": accepted_table,
    "shipped": shipped_packages,
    "files": lambda: parts_table(files_of_others()),
    "inside": lambda: parts_table(inside_wheels()),
    "android": lambda: parts_table(on_android()),
    "texts": texts_table,
    "work": packages_for_work,
}


def filled(document: str) -> str:
    """Return the document with every table as the environment has it."""
    return filled_with(document, TABLES, SCRIPT)


if __name__ == "__main__":
    write_or_print(DOCUMENT, TABLES, SCRIPT)
