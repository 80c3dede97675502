"""Two independent checkpoints of what the ledger adds up to (R27).

They take turns, each in a two-slot page of its own: at least one is whole after any power cut. At
boot they're held against the fold over the records: one that says otherwise, or that knows of
records which aren't there, is a fault, and the higher totals count. Not a source of totals where
the records are there.
"""

from __future__ import annotations

from dataclasses import dataclass

from firmware_bridge.emulator.firmware.ports import Flash, PartFailure
from shared.dose import checkpoint
from shared.dose.checkpoint import LAYOUT_BYTES
from shared.dose.ledger import LedgerState
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.fields import wire

CHECKPOINT_EVERY_RECORDS = 64
"""At least so often, and at every session's close (own figure)."""

_PAGES = ("checkpoint-a", "checkpoint-b")


@dataclass(frozen=True)
class Checkpoint:
    """The state at a record; ``layout`` names the set of fields that it holds."""

    number: int = wire(1)
    hash: bytes = wire(2, length=32)
    layout: bytes = wire(3, length=LAYOUT_BYTES)
    state: bytes = wire(4)


def checkpoint_of(state: LedgerState) -> Checkpoint:
    """Return the checkpoint of a state."""
    return Checkpoint(state.number, state.hash, checkpoint.layout(), checkpoint.to_bytes(state))


class Checkpoints:
    """Both pages, as they were read at boot and as they are written."""

    def __init__(self, flash: Flash) -> None:
        self._flash = flash
        self._kept: dict[str, Checkpoint] = {}

    @property
    def newest_number(self) -> int:
        """Number of the newest record that a checkpoint knows of; 0 when there is none."""
        return max((kept.number for kept in self._kept.values()), default=0)

    def load(self) -> None:
        """Read both pages; raise PartFailure when both are damaged."""
        failures = []
        for page in _PAGES:
            try:
                data = self._flash.read_page(page)
                if data is not None:
                    self._kept[page] = fields.unpack(Checkpoint, data)
            except (PartFailure, WireError):
                failures.append(page)
        if len(failures) == len(_PAGES):
            raise PartFailure("both checkpoints are damaged")

    def write(self, state: LedgerState) -> None:
        """Keep a state in the older of the two pages."""
        older = min(_PAGES, key=lambda page: self._kept[page].number if page in self._kept else -1)
        self._kept[older] = checkpoint_of(state)
        self._flash.write_page(older, fields.pack(self._kept[older]))

    def agree(self, state: LedgerState) -> bool:
        """Return whether no checkpoint at this record says anything else."""
        return all(
            _says(kept, state) for kept in self._kept.values() if kept.number == state.number
        )

    def higher(self, state: LedgerState) -> LedgerState:
        """Return whichever has the higher totals: the given state or a checkpoint's."""
        known = [state, *filter(None, map(_state_of, self._kept.values()))]
        return max(known, key=lambda each: (each.total_pulses, each.counter, each.number))


def _says(kept: Checkpoint, state: LedgerState) -> bool:
    if kept.hash != state.hash:
        return False
    return kept.layout != checkpoint.layout() or kept.state == checkpoint.to_bytes(state)


def _state_of(kept: Checkpoint) -> LedgerState | None:
    """A checkpoint's state; None where another firmware wrote it."""
    try:
        return checkpoint.from_bytes(kept.state)
    except WireError:
        return None
