"""Emergency and help: what to do now, whom to call, in the order in which it helps."""

from __future__ import annotations

from mobile.language import _
from mobile.presenters.views import HelpView, Row

EMERGENCY_NUMBER = "112"


def help_view(clinic_name: str | None, *, hold: str | None = None) -> HelpView:
    """Return the help screen; ``hold`` says what became of locking the band, after a red flag."""
    first = () if hold is None else (hold,)
    return HelpView(
        title=_("Emergency and help"),
        steps=(
            *first,
            _("Take the band off. Its button ends everything at once."),
            _(
                "Seizure, blackout, trouble speaking or seeing, weakness: call {number} now, or "
                "let somebody call."
            ).format(number=EMERGENCY_NUMBER),
            _("Lie down on your side. Don't stay alone."),
            _("Then tell your clinic. The band keeps what it gave, to the pulse."),
        ),
        rows=(
            Row(_("Emergency"), EMERGENCY_NUMBER),
            Row(_("Your clinic"), clinic_name or _("See the letter with your code")),
        ),
        button=_("Back"),
    )
