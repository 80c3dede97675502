"""How much record the device must hold, by formula (R28).

Room for 200 sessions of the catalogue's protocol with the most records, and 64 records to spare.
``python -m firmware_bridge.emulator.firmware.ledger_room`` prints the figures;
``has_room`` counts the records that must stay: those without a receipt, or younger than 30 days.
"""

from __future__ import annotations

import functools

from shared.stimulation.catalogue import CatalogueEntry, catalogue
from shared.stimulation.schedule import slices_of_train
from shared.wire.records import MAXIMUM_RECORD_BYTES

SESSIONS_KEPT = 200
SPARE_RECORDS = 64
RECORDS_BESIDE_SLICES = 48
"""Clock, clearance, answers, presence, control, opening, closing, questions after it; and four for
each of ten pauses: pause, resumption, and the two of the slice that it broke."""

KEPT_FOR_MS = 30 * 86_400_000
"""A receipted record stays so long of proven elapsed time before it may be overwritten."""


def records_of(entry: CatalogueEntry) -> int:
    """Return the most records that one session of a protocol writes: two a slice."""
    slices = sum(
        part.trains * sum(1 for _ in slices_of_train(part.pattern, 1)) for part in entry.parts
    )
    return 2 * slices + RECORDS_BESIDE_SLICES


@functools.cache
def worst() -> tuple[str, int]:
    """Return the protocol with the most records a session, and how many."""
    return max(((entry.id, records_of(entry)) for entry in catalogue().entries), key=lambda w: w[1])


@functools.cache
def capacity() -> int:
    """Return how many records the device has room for."""
    return SESSIONS_KEPT * worst()[1] + SPARE_RECORDS


def has_room(staying: int) -> bool:
    """Return whether the worst session and the spare records fit beside those that must stay."""
    return staying + worst()[1] + SPARE_RECORDS <= capacity()


if __name__ == "__main__":
    name, most = worst()
    print(f"most records a session: {most} ({name})")
    print(f"room for {SESSIONS_KEPT} sessions: {capacity()} records")
    print(f"at {MAXIMUM_RECORD_BYTES} bytes at most: {capacity() * MAXIMUM_RECORD_BYTES} bytes")
