"""What staff signed for the band beside prescriptions: the phone brings it there.

A hold that is lifted, presence and attested time are brought at once. What ends the band's time
with its person, a hand-over, waits for that person's touch.
"""

from __future__ import annotations

from firmware_bridge.link import DeviceRefused, StimulatorClient
from mobile.engine import handed_over
from mobile.engine.addressed import is_for
from mobile.engine.enrolment import Enrolment, kept
from mobile.store import Store
from mobile.store.downstream import DownItem
from mobile.store.outbox import OutboxItem
from shared.trust import sign1
from shared.trust.keys import PublicKey
from shared.trust.staff_words import AttestTime, HandOver, HandOverPurpose, LiftHold, Supervise
from shared.trust.statements import LedgerHead
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.items import DownKind, RelayedWord, UpKind, head_id
from shared.wire.operations import BlobKind, StatusCode


def waits_for_a_touch(item: DownItem) -> bool:
    """Return whether this is a hand-over."""
    return item.kind is DownKind.STAFF_WORD and _type_of(item) == HandOver.TYPE


async def bring(stimulator: StimulatorClient, item: DownItem) -> None:
    """Bring a word that needs no touch; raise DeviceRefused or WireError."""
    relayed = fields.unpack(RelayedWord, item.body)
    steps = {
        LiftHold.TYPE: stimulator.lift_hold,
        Supervise.TYPE: stimulator.supervise,
        AttestTime.TYPE: stimulator.attest_time,
    }
    if relayed.type not in steps:
        raise WireError("type", f"{relayed.type!r:.40} is none that this phone brings")
    await stimulator.send_blob(BlobKind.STAFF_WORD, fields.pack(relayed.word))
    await steps[relayed.type]()


def hand_over(store: Store) -> tuple[DownItem, HandOver] | None:
    """Return the newest hand-over that waits for this band, and what it says; None where none."""
    enrolment = kept(store)
    found = [
        item
        for item in store.downstream.unapplied()
        if enrolment is not None and waits_for_a_touch(item) and is_for(item, enrolment.device_id)
    ]
    if not found:
        return None
    word = fields.unpack(RelayedWord, found[-1].body).word
    return found[-1], fields.unpack(HandOver, word.statement)


async def carry_out_hand_over(
    store: Store, stimulator: StimulatorClient, enrolment: Enrolment, *, now_ms: int
) -> HandOverPurpose | None:
    """Do what the hand-over that waits says: retire the band, or make it nobody's.

    Its last head goes to the clinic. Return what was done; None where nothing waits. Raise
    DeviceRefused where the band won't: then that word is done with, and another is to be signed.
    """
    waiting = hand_over(store)
    if waiting is None:
        return None
    item, word = waiting
    relayed = fields.unpack(RelayedWord, item.body)
    await stimulator.send_blob(BlobKind.STAFF_WORD, fields.pack(relayed.word))
    try:
        if word.purpose is HandOverPurpose.RETIRE:
            _keep_final_head(store, enrolment, await stimulator.retire(), now_ms=now_ms)
        elif word.purpose is HandOverPurpose.RESET:
            await stimulator.reset()
            handed_over.note(store, b"reset")
    except DeviceRefused as refused:
        if refused.status is not StatusCode.WRONG_STATE:
            store.downstream.apply(item.cursor, now_ms=now_ms, refusal=refused.reason)
        raise
    store.downstream.apply(item.cursor, now_ms=now_ms)
    return word.purpose


def _keep_final_head(store: Store, enrolment: Enrolment, envelope: bytes, *, now_ms: int) -> None:
    head = sign1.verify(
        LedgerHead, envelope, audience=enrolment.clinic_id, key=PublicKey(enrolment.device_key)
    )
    item_id = head_id(head.device_id, head.epoch, head.number, head.nonce)
    with store.transaction():
        handed_over.note(store, b"retired")
        store.outbox.queue([OutboxItem(item_id, UpKind.HEAD, envelope)], now_ms=now_ms)


def _type_of(item: DownItem) -> str:
    try:
        return fields.unpack(RelayedWord, item.body).type
    except WireError:
        return ""
