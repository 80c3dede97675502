"""The faults and events as lines for a terminal. Not for the document: `scripts.fault_tables`."""

from __future__ import annotations

from firmware_bridge.emulator.events import MEANINGS
from firmware_bridge.emulator.faults.table import FAULTS

COLUMN = 22


def known_faults() -> str:
    """Every fault by where it acts: its name, its meaning, its value, how long it stands."""
    lines = [
        f"  {name:<{COLUMN}}{fault.meaning} ({fault.where}; {fault.wanted.words}; {fault.lasts})"
        for name, fault in FAULTS.items()
    ]
    return "\n".join(lines)


def known_events() -> str:
    """Every event that a fault can be placed at."""
    return "\n".join(
        f"  {event:<{COLUMN}}{meaning.words}" + (f" (of: {meaning.kinds})" if meaning.kinds else "")
        for event, meaning in MEANINGS.items()
    )
