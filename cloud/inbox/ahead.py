"""What happens to an open alert next, and when nobody acknowledges it."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.alerts.findings import NOW
from cloud.alerts.models import Alert
from cloud.language import _
from cloud.oncall.ladder import EVERYBODY, FIRST, LAST_STEP, SECOND, rung_of
from cloud.oncall.models import AlertSettings

MINUTE_MS = 60_000


@dataclass(frozen=True)
class Ahead:
    """The step of its ladder that an alert reaches next, whom that tells, and when (Unix ms)."""

    step: int
    rung: int
    due_ms: int


def ahead_of(alert: Alert, settings: AlertSettings, *, now_ms: int) -> Ahead | None:
    """Return the next step; None where nobody is told any more without a person doing something."""
    if alert.urgency != NOW:
        return Ahead(0, FIRST, now_ms) if alert.step is None else None
    if settings.rings_since_ms is None:
        return None
    if alert.step is None:
        return Ahead(0, FIRST, now_ms)
    step = alert.step + 1
    if step > LAST_STEP:
        return None
    since_ms = alert.handed_ms or max(alert.raised_ms, settings.rings_since_ms)
    return Ahead(step, rung_of(step), since_ms + step * settings.step_minutes * MINUTE_MS)


def rung_said(rung: int) -> str:
    """Return whom a rung tells, in words."""
    return {
        FIRST: _("first on call"),
        SECOND: _("second on call"),
        EVERYBODY: _("everybody"),
    }[rung]


def end_said(alert: Alert, settings: AlertSettings) -> str:
    """Return what becomes of an alert of which nobody is told any more."""
    if alert.urgency != NOW:
        return _("Nobody else is told. It stays here until somebody acknowledges it.")
    if settings.rings_since_ms is None:
        return _('Nobody is called: "now" alerts don\'t ring. It stays here until acknowledged.')
    return _("Everybody was told again and again. It stays here until somebody acknowledges it.")


def ladder_said(settings: AlertSettings) -> tuple[str, ...]:
    """Return what happens to a "now" alert that nobody acknowledges, step by step."""
    minutes = settings.step_minutes
    return (
        _("At once: whoever is first on call, over every channel they have."),
        _("After {minutes} minutes: whoever is second on call.").format(minutes=minutes),
        _(
            "After {both} minutes: everybody who has a channel, and so every {minutes} minutes, "
            "{times} times in all."
        ).format(both=2 * minutes, minutes=minutes, times=LAST_STEP - 1),
        _("Then nobody is called any more. It stays on this list, first, until acknowledged."),
    )
