"""A number that was touched, handed to the telephone. Nothing of the call is kept anywhere.

No line in a log, no event in a session, nothing to send: who needs help must not think about who
will read of it.
"""

from __future__ import annotations

from mobile.engine.context import Context
from mobile.platform.errors import PlatformError
from mobile.presenters.reach import called_notice


async def dial(context: Context, number: str) -> None:
    """Show the number in the telephone's keypad; where that can't be, say the number.

    From then on every page shows the numbers to be read off, not buttons.
    """
    try:
        await context.phone.ways_out.dial(number)
    except PlatformError:
        context.dials = False
        notice = called_notice(number)
        context.say(notice.title, notice.body)
