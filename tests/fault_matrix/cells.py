"""Which fault is placed in which phase, and why some can't be.

Every pair is a cell; one that is impossible says why, and is no excuse: what could strike later in
the same day strikes in the cell of its own phase.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.fault_matrix.ills import ILLS, Ill
from tests.fault_matrix.phases import PHASES, Phase

_NO_BOND = "There is no bond yet."
_NOBODY_PAIRS = "Nobody pairs in this phase; for a bond that is lost see the row below."
_NOTHING_FIRED = "Nothing is fired by what the person does in this phase: see train."
_NOTHING_WRITTEN = "The band writes nothing to flash while it sends its record."

_NOTHING_BUT_FLASH = "While the bootloader swaps only flash and power are at work: see the trial."
_IN_A_SWAP = ("watchdog reboot", "brown-out", "power cut at a flash byte", "bad flash block")

_IMPOSSIBLE: dict[str, dict[str, str]] = {
    "lost bond": dict.fromkeys(("scan", "pair"), _NO_BOND),
    "refused pairing": {
        phase.name: _NOBODY_PAIRS for phase in PHASES if phase.name not in ("scan", "pair")
    },
    **{
        name: {
            phase.name: _NOTHING_FIRED
            for phase in PHASES
            if phase.updates or not phase.gives_pulses
        }
        for name in ("one pulse fewer", "one pulse more")
    },
    **{
        name: {"transfer": _NOTHING_WRITTEN}
        for name in ("power cut at a flash byte", "bad flash block", "full ledger")
    },
}


@dataclass(frozen=True)
class Cell:
    """One fault in one phase."""

    phase: Phase
    ill: Ill

    @property
    def impossible(self) -> str | None:
        """Why it can't be, if it can't."""
        if self.phase.name == "update, swap" and self.ill.name not in _IN_A_SWAP:
            return _NOTHING_BUT_FLASH
        return _IMPOSSIBLE.get(self.ill.name, {}).get(self.phase.name)


def cells_of(phase: Phase) -> Iterator[Cell]:
    """Every fault in this phase."""
    return (Cell(phase, ill) for ill in ILLS)
