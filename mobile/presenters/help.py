"""Emergency and help: what to do now, whom to call, in the order in which it helps."""

from __future__ import annotations

from mobile.language import _
from mobile.presenters.reach import Reach, clinic_calls, crisis_calls, emergency_call
from mobile.presenters.views import HelpView


def help_view(clinic_name: str | None, *, reach: Reach | None = None) -> HelpView:
    """Return the help screen; with ``reach`` each number is one touch away."""
    known = reach or Reach(clinic_name or "")
    return HelpView(
        title=_("Emergency and help"),
        first=_("Take the band off. Its button ends everything at once."),
        calls=(emergency_call(known), *clinic_calls(known)),
        steps=(
            _(
                "Seizure, blackout, trouble speaking or seeing, weakness: call {number} now, or "
                "let somebody call."
            ).format(number=known.emergency_number),
            _("Lie down on your side. Don't stay alone."),
            _("Then tell your clinic. The band keeps what it gave, to the pulse."),
        ),
        others=crisis_calls(known),
        button=_("Back"),
    )
