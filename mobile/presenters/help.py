"""Emergency and help: what to do now, whom to call, in the order in which it helps."""

from __future__ import annotations

from mobile.language import _
from mobile.presenters.reach import Reach, clinic_rows, crisis_rows, emergency_row
from mobile.presenters.views import HelpView


def help_view(clinic_name: str | None, *, reach: Reach | None = None) -> HelpView:
    """Return the help screen; with ``reach`` each number is one touch away."""
    known = reach or Reach(clinic_name or "", _("See the letter with your code"))
    return HelpView(
        title=_("Emergency and help"),
        steps=(
            _("Take the band off. Its button ends everything at once."),
            _(
                "Seizure, blackout, trouble speaking or seeing, weakness: call {number} now, or "
                "let somebody call."
            ).format(number=known.emergency_number),
            _("Lie down on your side. Don't stay alone."),
            _("Then tell your clinic. The band keeps what it gave, to the pulse."),
        ),
        rows=(emergency_row(known), *clinic_rows(known), *crisis_rows(known)),
        button=_("Back"),
    )
