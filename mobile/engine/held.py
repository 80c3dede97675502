"""Where the holds in force came from: by the band's record, and by what is on its way (R21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mobile.engine import own_words
from mobile.engine.flagging import WITHDRAWN, stays
from mobile.engine.own_words import WordKind
from mobile.presenters.holds import Origin
from shared.dose.ledger_state import OpenHold
from shared.trust import sign1
from shared.trust.statements import HoldSource, PlaceHold, TakeBackHold
from shared.wire import fields

if TYPE_CHECKING:
    from mobile.engine.context import Context

_BY_THE_PERSONS_WORD = {"screening": Origin.ANSWERED, "side effect": Origin.NOTICED}
"""Holds that the band places itself over what the person told it begin with these reasons."""


def origins(context: Context) -> frozenset[Origin]:
    """Return where the holds came from; empty where the record that says so isn't here yet."""
    holds = () if context.ledger is None else context.ledger.state.holds
    on_their_way = {_by_this_person(hold.reason) for hold in on_its_way(context)}
    return frozenset(_origin(hold) for hold in holds) | on_their_way


def on_its_way(context: Context) -> tuple[PlaceHold, ...]:
    """Return this phone's own holds that the band hasn't got yet, without those taken back."""
    words = own_words.waiting(context.store)
    back = {
        fields.from_map(TakeBackHold, sign1.peek(word.statement).body).hold_id
        for word in words
        if word.kind is WordKind.TAKE_BACK
    }
    kept = (word.statement for word in words if word.kind is WordKind.HOLD)
    holds = [
        fields.from_map(PlaceHold, sign1.peek(statement).body)
        for statement in (*context.unkept.waiting(), *kept)
    ]
    return tuple(hold for hold in holds if hold.hold_id not in back or stays(hold.reason))


def _by_this_person(reason: str) -> Origin:
    return Origin.WITHDRAWN if reason == WITHDRAWN else Origin.NOTICED


def _origin(hold: OpenHold) -> Origin:
    if hold.source == HoldSource.CLOUD:
        return Origin.CLINIC
    if hold.source == HoldSource.APP:
        return _by_this_person(hold.reason)
    named = (
        origin for begins, origin in _BY_THE_PERSONS_WORD.items() if hold.reason.startswith(begins)
    )
    return next(named, Origin.BAND)
