"""The pages that the firmware keeps in flash, field by field, for people to compare.

``python -m tests.firmware_bridge.emulator.firmware.page_table`` writes `page_table.txt` anew, when
a page is meant to change: a device in the field reads what the firmware before it wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from firmware_bridge.emulator.firmware import (
    checkpoints,
    overwritten,
    ownership,
    receipts,
    tenure,
    time_word,
    timekeeping,
)
from tests.shared.trust.wire_table import lines_of

TABLE = Path(__file__).with_suffix(".txt")
MODULES = (checkpoints, overwritten, ownership, receipts, tenure, time_word, timekeeping)


def lines() -> Iterator[str]:
    """Yield the fields of every page."""
    return lines_of(MODULES)


if __name__ == "__main__":
    TABLE.write_text("".join(f"{line}\n" for line in lines()))
