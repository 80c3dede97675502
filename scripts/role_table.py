"""Writes the table of docs/roles.md from the table that the pages obey.

`python -m scripts.role_table` prints it; with `--write` it goes between its marks in the document.
"""

from cloud.people.authority import TABLE, Role
from scripts.marked_tables import TREE, filled_with, write_or_print

DOCUMENT = TREE / "docs/roles.md"


def role_table() -> str:
    """Return one row an act, one column a role."""
    heads = ["act", *(role.words for role in Role), "nobody"]
    lines = [heads, ["---"] * len(heads)]
    for rule in TABLE.values():
        reaches = [rule.reach(role).words for role in Role]
        lines.append([rule.words, *reaches, "yes" if rule.nobody else "-"])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


TABLES = {"roles": role_table}


def filled(document: str) -> str:
    """Return the document with the table as the code has it."""
    return filled_with(document, TABLES, "role_table")


if __name__ == "__main__":
    write_or_print(DOCUMENT, TABLES, "role_table")
