"""Emergency and help: what to do now, whom to call, in the order in which it helps."""

from __future__ import annotations

from mobile.presenters.views import HelpView, Row

EMERGENCY_NUMBER = "112"


def help_view(clinic_name: str | None, *, hold: str | None = None) -> HelpView:
    """Return the help screen; ``hold`` says what became of locking the band, after a red flag."""
    first = () if hold is None else (hold,)
    return HelpView(
        title="Emergency and help",
        steps=(
            *first,
            "Take the band off. Its button ends everything at once.",
            "Seizure, blackout, trouble speaking or seeing, weakness: call "
            f"{EMERGENCY_NUMBER} now, or let somebody call.",
            "Lie down on your side. Don't stay alone.",
            "Then tell your clinic. The band keeps what it gave, to the pulse.",
        ),
        rows=(
            Row("Emergency", EMERGENCY_NUMBER),
            Row("Your clinic", clinic_name or "See the letter with your code"),
        ),
        button="Back",
    )
