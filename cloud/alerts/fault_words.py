"""Words for the fault by which a band locked itself, which its record has as a code.

The codes are those of docs/protocol.md; those that no record can be written for are not among them.
"""

from __future__ import annotations

from cloud.alerts.told_words import by_code
from cloud.language import mark

FAULTS = {
    "flash": mark("it could not note the pulses before they were given"),
    "pulse_count": mark("its coil gave another number of pulses than was asked of it"),
    "trigger_refused": mark("its coil refused a pulse that was due"),
    "stray_pulse": mark("a pulse was counted when none may be given"),
}


def fault_words(code: str) -> str:
    """Return in English what was found, with the code as a technician asks for it."""
    found = FAULTS.get(code)
    return by_code(code) if found is None else f"{found} (fault code {code})"
