"""A red flag: the band is held at once, the clinic is told, and a slip is taken back (R21).

The hold is signed and kept before anything is asked; it reaches the band as soon as the band can
be reached, also after a restart. Where the store can't keep it, it's brought from memory.
"""

from __future__ import annotations

import logging
import secrets

from mobile.engine import caring, own_words
from mobile.engine.context import Context
from mobile.engine.own_words import OwnWord, WordKind
from mobile.engine.words import KNOWN
from mobile.store import StoreError
from shared.care.bodies import RedFlag
from shared.instruments.side_effects import SideEffect
from shared.trust import sign1
from shared.trust.statements import ID_BYTES, HoldKind, HoldSource, PlaceHold, TakeBackHold

log = logging.getLogger(__name__)

SEVERAL = "seizure or stroke sign"
"""The hold's reason where one touch stands for several signs; it stays as theirs do."""
WITHDRAWN = "consent to treatment taken back"
"""The hold's reason where the person took back their yes to the sessions."""
UNDO_MS = 60_000
"""So long a hold that was touched by mistake can be taken back (R21)."""
_GRAVE = ("seizure", "stroke")


def sign_of(effect: SideEffect | None) -> str:
    """Return the hold's reason on the record."""
    flag = None if effect is None else effect.red_flag
    return SEVERAL if flag is None else flag.sign


def stays(sign: str) -> bool:
    """Whether a hold for this reason stays until a person lifts it, a slip or not."""
    return sign.startswith(_GRAVE)


def hold(context: Context, sign: str) -> bytes:
    """Sign a safety hold and keep it for the band; return its id."""
    hold_id = secrets.token_bytes(ID_BYTES)
    _keep(context, WordKind.HOLD, _placed(hold_id, sign))
    return hold_id


def hold_all_the_same(context: Context, sign: str, hold_id: bytes | None = None) -> bytes:
    """Sign a safety hold where it couldn't be kept with what belongs to it; return its id.

    It's kept alone if there's room for that, and else in memory. ``hold_id`` names one that an
    earlier run of the app had in memory.
    """
    hold_id = secrets.token_bytes(ID_BYTES) if hold_id is None else hold_id
    statement = _signed(context, _placed(hold_id, sign))
    try:
        word = OwnWord(WordKind.HOLD, statement)
        context.store.in_need(lambda: own_words.keep(context.store, word))
    except StoreError as problem:
        log.warning("a hold is in memory alone: %s", problem)
        context.unkept.add(hold_id, statement)
    return hold_id


def take_back(context: Context, hold_id: bytes) -> None:
    """Say that a hold was a slip; the band decides what becomes of it."""
    _keep(context, WordKind.TAKE_BACK, TakeBackHold(hold_id))


def tell(context: Context, sign: str, session_id: bytes | None, *, slip: bool = False) -> str:
    """Tell the clinic of it; return the item's id."""
    return caring.tell(context, RedFlag(sign, session_id, slip))


async def deliver(context: Context) -> None:
    """Bring holds and their taking back to the band now; what fails is tried again later."""
    try:
        await context.unkept.deliver(context.stimulator)
        await own_words.deliver(context.store, context.stimulator, holds_only=True)
    except KNOWN as problem:
        log.warning("hold: %s", problem)
    context.changed()


def is_on_its_way(context: Context, hold_id: bytes) -> bool:
    """Whether the band hasn't got the hold yet, or not the word that takes it back."""
    kept = (word.statement for word in own_words.waiting(context.store))
    return any(hold_id in statement for statement in (*context.unkept.waiting(), *kept))


def _placed(hold_id: bytes, sign: str) -> PlaceHold:
    return PlaceHold(hold_id, HoldKind.SAFETY, HoldSource.APP, sign, 0)


def _keep(context: Context, kind: WordKind, said: PlaceHold | TakeBackHold) -> None:
    own_words.keep(context.store, OwnWord(kind, _signed(context, said)))


def _signed(context: Context, said: PlaceHold | TakeBackHold) -> bytes:
    enrolment = context.require_enrolment()
    return sign1.sign(said, audience=enrolment.device_id, signer=context.app_key)
