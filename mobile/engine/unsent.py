"""What hasn't reached the clinic: named with its day, and sent if wanted, before it's lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from mobile.engine.context import Context
from mobile.engine.tending import Tending
from mobile.engine.words import KNOWN, sentence_of
from mobile.language import _, n_
from mobile.presenters.pieces import Tone
from mobile.presenters.words import Now, day
from mobile.store.outbox import Waiting
from shared.wire.items import UpKind


def unsent_words(context: Context) -> Sequence[str]:
    """Return a line for each thing that waits, the band's records of a day as one."""
    return waiting_words(context.now, context.store.outbox.what_waits())


def waiting_words(now: Now, waiting: Iterable[Waiting]) -> Sequence[str]:
    """Return a line for each kind of thing and day, in the order in which they came."""
    counted = Counter((each.kind, day(now, each.queued_ms)) for each in waiting)
    return tuple(
        _("{what}, {day}").format(what=_words(kind, count), day=when)
        for (kind, when), count in counted.items()
    )


async def send_first(context: Context, tending: Tending) -> None:
    """Send what waits; say whether all of it has arrived, or why not."""
    try:
        await tending.exchange()
    except KNOWN as problem:
        context.say(_("Not sent yet"), sentence_of(problem))
        return
    if not context.store.outbox.waiting():
        context.say(
            _("All sent"), _("Nothing on this phone is unknown to your clinic now."), Tone.OK
        )


def _words(kind: UpKind, count: int) -> str:
    words = {
        UpKind.RECORD: n_("Part of the band's record", "{count} parts of the band's record", count),
        UpKind.HEAD: n_("Seal of the band's record", "{count} seals of the band's record", count),
        UpKind.SESSION_LOG: n_("Log of a session", "Logs of {count} sessions", count),
        UpKind.CHECKIN: n_("{count} check-in", "{count} check-ins", count),
        UpKind.GATE_ANSWERS: n_(
            "Answers before a session", "Answers before {count} sessions", count
        ),
        UpKind.CARE: n_("Answer or entry of yours", "{count} answers or entries of yours", count),
        UpKind.TIME_REQUEST: _("The band asks your clinic for lost time"),
        UpKind.CAREGIVER: _("What somebody close may see"),
    }
    return words[kind].format(count=count)
