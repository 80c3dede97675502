"""What is known in the middle of a session, for views and tests that change a part of it."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from mobile.presenters.session import SessionFacts
from mobile.presenters.words import Now
from shared.wire.status import DeviceState, Status
from tests.shared.clinic import NOW_S, itbs

NOW = Now(NOW_S * 1000, UTC)


def status(state: DeviceState, **changes: Any) -> Status:
    """Return what the band says in the seventh train of twenty."""
    plain: dict[str, Any] = {
        "state": state,
        "proven_ms": 0,
        "reasons": (),
        "head_number": 9,
        "battery_percent": 80,
        "coil_temperature_c": 30,
        "contact": True,
        "position_ok": True,
        "clock_trusted": True,
        "train": 7,
        "trains": 20,
        "charged_pulses": 180,
        "planned_pulses": 600,
        "left_ms": 134_000,
    }
    return Status(**{**plain, **changes})


def facts(known: Status | None, now: Now = NOW, **changes: Any) -> SessionFacts:
    """Return the eighth session as this phone knows it, heard of just now."""
    plain: dict[str, Any] = {
        "now": now,
        "plan": itbs(),
        "session_number": 8,
        "initials": "T.P.",
        "status": known,
        "heard_wall_ms": now.wall_ms,
    }
    return SessionFacts(**{**plain, **changes})
