"""A clinic card for tests; change what the test is about."""

from __future__ import annotations

from typing import Any

from shared.care.card import (
    ClinicCard,
    CrisisLine,
    Medicine,
    OpenHours,
    Prescribed,
    ReadySentence,
)

WEEK = tuple(OpenHours(day, 8 * 60, 17 * 60) for day in range(5))


def card(**changes: Any) -> ClinicCard:
    """Return a card of a clinic in Berlin that is open Monday to Friday, 8:00 to 17:00."""
    said: dict[str, Any] = {
        "serial": 1,
        "clinic_name": "Demo clinic",
        "zone": "Europe/Berlin",
        "hours": WEEK,
        "day_number": "+49 30 23125 010",
        "on_call_number": "+49 30 23125 020",
        "emergency_number": "112",
        "crisis_lines": (CrisisLine("Crisis line", "+49 30 23125 030"),),
        "medicines": (Medicine("Paracetamol", True), Medicine("Bupropion", False)),
        "asks_pregnancy": True,
        "ear_protection": True,
        "instruments": (Prescribed("phq-9", 7),),
        "ready_sentences": (ReadySentence("thanks", "Thank you."),),
        "lessons_serial": 0,
        "safety_plan": ("Call someone.",),
    }
    return ClinicCard(**(said | changes))
