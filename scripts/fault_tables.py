"""Writes the tables of docs/faults.md from the emulator's table of faults and of events.

`python -m scripts.fault_tables` prints them; with `--write` it puts each between its marks in the
document. How faults are placed stands around them, by hand.
"""

import json

from firmware_bridge.emulator.events import MEANINGS
from firmware_bridge.emulator.faults.placing import FIELDS
from firmware_bridge.emulator.faults.table import FAULTS
from firmware_bridge.emulator.faults.wanted import MUST_BE_GIVEN
from scripts.marked_tables import TREE, filled_with, write_or_print
from scripts.protocol_fields import table

DOCUMENT = TREE / "docs/faults.md"
KINDS_NAMED = 6
"""An event with more kinds than these has them in another document."""


def faults_table() -> str:
    """Every fault on demand."""
    rows = [
        [
            f"`{name}`",
            fault.meaning,
            fault.where,
            fault.wanted.words,
            _usual(fault.wanted.usual),
            fault.lasts,
        ]
        for name, fault in FAULTS.items()
    ]
    return table(["fault", "meaning", "acts on", "value", "usual", "lasts"], rows)


def events_table() -> str:
    """Every event that a fault can be placed at."""
    rows = [
        [f"`{event}`", meaning.words, _kinds(meaning.kinds, meaning.of)]
        for event, meaning in MEANINGS.items()
    ]
    return table(["event", "when", "`of`"], rows)


def fields_table() -> str:
    """Every field of a placement."""
    return table(["field", "meaning"], [[f"`{name}`", words] for name, words in FIELDS.items()])


def _usual(value: object) -> str:
    return "" if value is MUST_BE_GIVEN else json.dumps(value)


def _kinds(word: str, kinds: frozenset[str]) -> str:
    if not kinds:
        return ""
    if len(kinds) > KINDS_NAMED:
        return word
    return f"{word}: " + ", ".join(f"`{kind}`" for kind in sorted(kinds))


TABLES = {"faults": faults_table, "events": events_table, "fields": fields_table}


def filled(document: str) -> str:
    """Return the document with every table as the code has it now."""
    return filled_with(document, TABLES, "fault_tables")


if __name__ == "__main__":
    write_or_print(DOCUMENT, TABLES, "fault_tables")
