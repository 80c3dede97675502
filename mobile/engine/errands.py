"""What the phone carries between clinic and band: holds, prescriptions, clearance, records.

Every errand may be run again at any time; what the band refuses is kept with its reason and isn't
offered again.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass

from firmware_bridge.link import DeviceRefused, StimulatorClient
from mobile.engine.addressed import is_for
from mobile.engine.enrolment import Enrolment
from mobile.engine.ledger_copy import LedgerCopy
from mobile.engine.staff_word import bring, waits_for_a_touch
from mobile.store import Store
from mobile.store.downstream import DownItem
from mobile.store.outbox import OutboxItem
from mobile.sync import IngestClient
from shared.dose import prescription as prescriptions
from shared.dose.envelope import violations
from shared.dose.reasons import ReasonCode
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import NONCE_BYTES, LedgerHead
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.items import (
    FOR_THE_BAND,
    DownKind,
    SignedConfirmation,
    SignedHold,
    SignedLastWord,
    SignedPrescription,
    SignedReceipt,
    UpKind,
    head_id,
)
from shared.wire.operations import BlobKind, NoncePurpose, StatusCode
from shared.wire.status import DeviceState, Status

log = logging.getLogger(__name__)

# A clearance is renewed when it's a day old, or half its life where that's shorter.
CLEARANCE_AGE_S = 86_400
_HEAD_SETTING = "head-sent"
_HOLDING = frozenset({DownKind.HOLD, DownKind.HOLD_CONFIRMATION})
"""What goes to the band first, also during a session."""


@dataclass(frozen=True)
class Delivered:
    """Whether the band has a new plan, and why it refused what it refused."""

    installed: bool
    refusals: tuple[str, ...]


class Errands:
    """Errands over one connection and one enrolment; the caller runs one at a time."""

    def __init__(
        self,
        store: Store,
        stimulator: StimulatorClient,
        ingest: IngestClient,
        ledger: LedgerCopy,
        enrolment: Enrolment,
    ) -> None:
        self._store = store
        self._stimulator = stimulator
        self._ingest = ingest
        self._ledger = ledger
        self._enrolment = enrolment

    async def deliver(self, *, now_ms: int, holds_only: bool = False) -> Delivered:
        """Bring what came from the clinic to the band, holds first; return what became of it."""
        unapplied = self._store.downstream.unapplied()
        items = [
            item
            for item in unapplied
            if item.kind in FOR_THE_BAND
            and is_for(item, self._enrolment.device_id)
            and not waits_for_a_touch(item)
        ]
        holds = [item for item in items if item.kind in _HOLDING]
        others = [item for item in items if item.kind not in _HOLDING]
        installed, refusals = False, []
        for item in [*holds, *([] if holds_only else others)]:
            refusal = await self._deliver(item, now_ms=now_ms)
            if refusal is not None:
                refusals.append(refusal)
            elif item.kind is DownKind.PRESCRIPTION:
                installed = True
        return Delivered(installed, tuple(refusals))

    async def _deliver(self, item: DownItem, *, now_ms: int) -> str | None:
        refusal = None
        try:
            if item.kind is DownKind.HOLD:
                hold = fields.unpack(SignedHold, item.body)
                await self._stimulator.place_hold(hold.statement, hold.certificate)
            elif item.kind is DownKind.HOLD_CONFIRMATION:
                confirmed = fields.unpack(SignedConfirmation, item.body)
                await self._stimulator.confirm_hold(confirmed.statement, confirmed.certificate)
            elif item.kind is DownKind.PRESCRIPTION:
                if _is_outside_envelope(item.body):
                    refusal = "outside_envelope"
                else:
                    await self.offer_prescription(item.body)
            elif item.kind is DownKind.STAFF_WORD:
                await bring(self._stimulator, item)
            elif item.kind is DownKind.RECEIPT:
                receipt = fields.unpack(SignedReceipt, item.body)
                await self._stimulator.receipt(receipt.statement, receipt.certificate)
            elif item.kind is DownKind.REVOCATION:
                await self._stimulator.revoke(item.body)
        except DeviceRefused as refused:
            if refused.status is StatusCode.WRONG_STATE:
                raise
            refusal = None if refused.status is StatusCode.ALREADY else refused.reason
            log.warning("the band refused a %s: %s", item.kind, refused)
        except WireError as problem:
            refusal = f"unreadable: {problem}"
        self._store.downstream.apply(item.cursor, now_ms=now_ms, refusal=refusal)
        return refusal

    async def offer_prescription(self, blob: bytes) -> None:
        """Offer a signed prescription to the band; raise DeviceRefused where it won't have it.

        One that rests on another band's last word goes with that (R24).
        """
        word = self._last_word(blob)
        if word is not None:
            await self._stimulator.send_blob(BlobKind.FINAL_HEAD, word.head)
            await self._stimulator.send_blob(BlobKind.DEVICE_CERTIFICATE, word.certificate)
        await self._stimulator.send_blob(BlobKind.PRESCRIPTION, blob)
        await self._stimulator.install()

    def _last_word(self, blob: bytes) -> SignedLastWord | None:
        """What can't be read needs none: the band says so itself."""
        try:
            signed = fields.unpack(SignedPrescription, blob)
            replacement = prescriptions.from_bytes(signed.prescription).replacement
        except WireError:
            return None
        if replacement is None or replacement.final_head_hash is None:
            return None
        items = self._store.downstream.all_of(DownKind.LAST_WORD)
        words = (fields.unpack(SignedLastWord, item.body) for item in items)
        named = replacement.final_head_hash
        return next((each for each in words if sign1.name_of(each.head) == named), None)

    async def clear(self, status: Status, *, now_s: int, limit_s: int | None) -> None:
        """Fetch the clinic's word where the band's is missing, stale or no longer the newest."""
        codes = {line.code for line in status.reasons}
        issued_s = status.clearance_issued_s
        stale = (
            issued_s is not None
            and limit_s is not None
            and now_s - issued_s >= min(CLEARANCE_AGE_S, limit_s // 2)
        )
        if ReasonCode.CLEARANCE_MISSING in codes or stale:
            await self.fetch_clearance(status.serial)

    async def fetch_clearance(self, serial: int) -> None:
        """Fetch the clinic's word over a nonce of the band and put it there."""
        nonce = await self._stimulator.nonce(NoncePurpose.CLEARANCE)
        word = await self._ingest.clearance(
            device_id=self._enrolment.device_id, nonce=nonce, serial=serial
        )
        await self._stimulator.clearance(word.statement, word.certificate)

    async def fetch_record(self, *, now_ms: int) -> int:
        """Bring every new record here, each proven by the band's signed head; return its number.

        Raise TrustError, LedgerError or WireError where the record isn't the band's: then nothing
        of it is kept.
        """
        nonce = secrets.token_bytes(NONCE_BYTES)
        envelope = await self._stimulator.head(nonce)
        head = sign1.verify(
            LedgerHead,
            envelope,
            audience=self._enrolment.clinic_id,
            key=PublicKey(self._enrolment.device_key),
        )
        if (head.device_id, head.nonce) != (self._enrolment.device_id, nonce):
            raise TrustError("head", "the head is of another band or another moment")
        self._ledger.begin(head.epoch)
        await self._hear_to(head.number)
        self._ledger.prove(head, now_ms=now_ms)
        name = f"{head.epoch.hex()}/{head.number}".encode()
        if self._store.settings.get(_HEAD_SETTING) != name:
            item_id = head_id(head.device_id, head.epoch, head.number, nonce)
            with self._store.transaction():
                item = OutboxItem(item_id, UpKind.HEAD, envelope)
                self._store.outbox.queue([item], now_ms=now_ms)
                self._store.settings.put(_HEAD_SETTING, name)
        return head.number

    async def _hear_to(self, number: int) -> None:
        if self._ledger.next_number > number:
            return
        async for line in self._stimulator.ledger(self._ledger.next_number, last=number):
            if line.number <= number:
                self._ledger.hear(line.data)


def _is_outside_envelope(body: bytes) -> bool:
    """Whether the plan breaks a limit that no signature passes; the band checks it again, and
    says of one that can't be read that it can't (R31)."""
    try:
        data = fields.unpack(SignedPrescription, body).prescription
        return bool(violations(prescriptions.from_bytes(data)))
    except WireError:
        return False


def is_quiet(status: Status) -> bool:
    """True where the band is in no session: then every errand may be run."""
    return status.state in (DeviceState.IDLE, DeviceState.UNPROVISIONED, DeviceState.FAULT)
