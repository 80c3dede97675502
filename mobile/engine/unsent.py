"""What hasn't reached the clinic, in words with its day: named before it's lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mobile.engine.context import Context
from mobile.language import _, n_
from mobile.presenters.words import day
from shared.wire.items import UpKind


def unsent_words(context: Context) -> Sequence[str]:
    """Return a line for each thing that waits, the band's records of a day as one."""
    now = context.now
    waiting = context.store.outbox.what_waits()
    counted = Counter((_words(each.kind), day(now, each.queued_ms)) for each in waiting)
    return tuple(
        n_("{what}, {day}", "{count} x {what}, {day}", count).format(
            what=what, day=when, count=count
        )
        for (what, when), count in counted.items()
    )


def _words(kind: UpKind) -> str:
    words = {
        UpKind.RECORD: _("Line of the band's record"),
        UpKind.HEAD: _("Seal of the band's record"),
        UpKind.SESSION_LOG: _("Log of a session"),
        UpKind.CHECKIN: _("Check-in"),
        UpKind.GATE_ANSWERS: _("Answers before a session"),
        UpKind.CARE: _("Answer or entry of yours"),
    }
    return words[kind]
