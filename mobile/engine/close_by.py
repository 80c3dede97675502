"""Somebody close: the person's word on what they may see, kept and told to the clinic in one.

Each word is signed by the app key; who it is about is sealed to the care key. The invitation's code
is made here and leaves this phone only by the person's own hand.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import replace

from mobile.engine import close_by_book
from mobile.engine.close_by_book import Close
from mobile.engine.context import Context
from mobile.store.outbox import OutboxItem
from shared.care.caregiver import (
    INVITATION_MS,
    CaregiverWord,
    Invitation,
    Shown,
    caregiver_item_id,
    name_context,
    verifier_of,
)
from shared.trust import sign1
from shared.trust.keys import PublicKey
from shared.trust.letter_codes import CODE_BYTES, made_of, read_code
from shared.trust.sealing import seal
from shared.trust.statements import ID_BYTES
from shared.wire.items import UpKind


def now_about(context: Context) -> Close | None:
    """Return who it is about now at this phone's clinic, over or not."""
    if context.enrolment is None:
        return None
    return close_by_book.newest(context.store, context.enrolment.clinic_id)


def names(context: Context) -> Mapping[bytes, str]:
    """Return the names of everybody who was let in, by their id."""
    if context.enrolment is None:
        return {}
    found = close_by_book.everybody(context.store, context.enrolment.clinic_id)
    return {each.caregiver_id: each.name for each in found}


async def invite(context: Context, name: str, shown: tuple[Shown, ...]) -> None:
    """Let somebody new see these things: a code for them, and the word to the clinic."""
    enrolment = context.require_enrolment()
    text = made_of(enrolment.clinic_id.decode(), secrets.token_bytes(CODE_BYTES))
    code = read_code(text)
    assert code is not None
    verifier = await asyncio.to_thread(verifier_of, code)
    until_ms = context.instants.wall_ms() + INVITATION_MS
    close = Close(
        enrolment.clinic_id,
        secrets.token_bytes(ID_BYTES),
        name,
        shown,
        said_ms=0,
        code=text,
        until_ms=until_ms,
    )
    _say(context, close, Invitation(code.code_id, verifier, until_ms))


def change(context: Context, close: Close, shown: tuple[Shown, ...]) -> None:
    """Let the same person see other things from now on."""
    _say(context, replace(close, shown=shown))


def withdraw(context: Context, close: Close) -> None:
    """Take all of it back; nothing brings it back for this person."""
    _say(context, replace(close, shown=(), code="", withdrawn=True))


def link_of(close: Close) -> str:
    """Return the invitation's link; empty until the clinic has said where its pages are."""
    return f"{close.pages}/care/join#{close.code}" if close.pages and close.code else ""


def _say(context: Context, close: Close, invitation: Invitation | None = None) -> None:
    """Sign, queue and keep it: all of it or none."""
    enrolment, now_ms = context.require_enrolment(), context.instants.wall_ms()
    said_ms = max(now_ms, close.said_ms + 1)
    sealed = seal(
        close.name.encode(),
        to=PublicKey(enrolment.care_key),
        context=name_context(enrolment.patient_id),
    )
    word = CaregiverWord(
        close.caregiver_id,
        enrolment.patient_id,
        said_ms,
        close.shown,
        close.withdrawn,
        sealed,
        invitation,
    )
    signed = sign1.sign(word, audience=enrolment.clinic_id, signer=context.app_key)
    item_id = caregiver_item_id(close.caregiver_id, said_ms)
    with context.store.transaction():
        item = OutboxItem(item_id, UpKind.CAREGIVER, signed)
        context.store.outbox.queue([item], now_ms=now_ms)
        close_by_book.keep(context.store, replace(close, said_ms=said_ms, said=item_id))
    context.wake()
