"""Samples of what somebody close may see: choosing, inviting, how it stands, taking it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from mobile.presenters import close_by
from mobile.presenters.close_by import CloseFacts
from mobile.presenters.reach import Reach
from mobile.presenters.standing import Known, Standing
from mobile.presenters.views import View
from mobile.presenters.words import Now
from shared.care.caregiver import Shown

NOW = Now(1_796_047_200_000, UTC)
DAY_MS = 86_400_000
REACH = Reach("Clinic at the river", "030 23125 001", open_now=True)
TICKED = frozenset({Shown.SESSIONS, Shown.ATTENTION})
SENT = Standing(Known.ON_SERVER, NOW.wall_ms - 3_600_000)
WAITS = Standing(Known.NOT_SENT)
CODE = "demo-7KQ4-M2XD-9RTB"
INVITED = CloseFacts(
    now=NOW,
    reach=REACH,
    name="Ada Berg",
    shown=TICKED,
    standing=SENT,
    code=CODE,
    link=f"https://clinic.example/care/join#{CODE}",
    until_ms=NOW.wall_ms + 6 * DAY_MS,
)
IN = replace(INVITED, joined_ms=NOW.wall_ms - 2 * DAY_MS)
TAKEN_BACK = replace(IN, shown=frozenset(), withdrawn=True, standing=WAITS)
ENDED = replace(TAKEN_BACK, standing=SENT, ended_ms=NOW.wall_ms)

SAMPLES_CLOSE: dict[str, View] = {
    "close-by-choose": close_by.choose_page(TICKED, name="Ada Berg"),
    "close-by-choose-after": close_by.choose_page(frozenset(), name="Ada Berg", before=ENDED),
    "close-by-change": close_by.choose_page(TICKED, name=None),
    "close-by-unsent": close_by.close_page(replace(INVITED, standing=WAITS, link="")),
    "close-by-invited": close_by.close_page(INVITED),
    "close-by-in": close_by.close_page(IN),
    "close-by-ask": close_by.ask_page(IN),
    "close-by-still": close_by.still_page(TAKEN_BACK),
    "close-by-unkept": close_by.close_page(IN, untold=True),
}
