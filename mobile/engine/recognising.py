"""Whether it's the phone's owner who holds it, by what the phone's system recognises them by."""

from __future__ import annotations

from mobile.engine.context import Context
from mobile.language import _
from mobile.platform.biometrics import Recognised


def recognises(context: Context) -> bool:
    """Whether the phone's system could recognise its owner now."""
    return context.phone.biometrics.are_there


async def is_recognised(context: Context) -> bool:
    """Ask the system whether this is the phone's owner."""
    answer = await context.phone.biometrics.ask(
        _("Open Circlet"), _("It's locked after a minute away."), _("Use the PIN")
    )
    return answer is Recognised.YES
