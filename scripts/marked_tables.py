"""Puts tables that are made from the code between their marks in a document.

A script of one document names its tables and calls `write_or_print`. Not for making a table.
"""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
END_MARK = "<!-- end of table -->\n"

Tables = Mapping[str, Callable[[], str]]


def begin_mark(name: str, script: str) -> str:
    """The line before the table of that name."""
    return f"<!-- table {name}: made by scripts/{script}.py -->\n"


def filled_with(document: str, tables: Tables, script: str) -> str:
    """Return the document with every table of that script as the code has it now."""
    for name, make in tables.items():
        before, mark, rest = document.partition(begin_mark(name, script))
        _, end, after = rest.partition(END_MARK)
        if not mark or not end:
            raise LookupError(f"the document has no place for the table {name!r}")
        document = f"{before}{mark}\n{make()}\n{end}{after}"
    return document


def write_or_print(document: Path, tables: Tables, script: str) -> None:
    """The command line of such a script."""
    page = document.relative_to(TREE)
    parser = argparse.ArgumentParser(description=f"The tables of {page}, from the code.")
    parser.add_argument("--write", action="store_true", help="put them into the document")
    if parser.parse_args().write:
        document.write_text(filled_with(document.read_text("utf-8"), tables, script), "utf-8")
        return
    for name, make in tables.items():
        print(f"## {name}\n\n{make()}")
