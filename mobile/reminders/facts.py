"""What reminders follow from, as the phone knows it. Instants are Unix milliseconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """None means that there's nothing of the kind to remind of.

    `session_opens_ms` may have passed: then the session is open since. No reminder of it comes at
    or after `session_ends_ms`, when the course is over or the clinic's word has run out.
    """

    session_opens_ms: int | None = None
    session_ends_ms: int | None = None
    checkin_due_ms: int | None = None
    questions_again_ms: int | None = None
    clearance_ends_ms: int | None = None
    battery_percent: int | None = None
