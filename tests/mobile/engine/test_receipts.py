"""The app brings the band what only the clinic can say of its record and its keys."""

from __future__ import annotations

from pathlib import Path

from firmware_bridge.emulator.firmware.receipts import KeptReceipt
from shared.trust import sign1
from shared.trust.keys import SoftwareKey
from shared.trust.statements import Purpose, Receipt, Revocation, RevocationKind
from shared.wire import fields
from shared.wire.items import DownKind, SignedReceipt
from tests.mobile.engine.test_leaving import past
from tests.mobile.engine.test_phones import ready
from tests.mobile.engine.world import whole_day
from tests.shared.clinic import CLINIC_ID, DEVICE_ID, NOW_S


async def test_the_band_is_given_receipt_and_revocation(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await ready(world)
        await world.drive("sync")
        ledger = world.life.context.ledger
        assert ledger is not None
        assert ledger.epoch is not None
        clinic, number = world.server.clinic, ledger.state.number
        receipt = sign1.sign(
            Receipt(ledger.epoch, number, ledger.state.hash),
            audience=DEVICE_ID,
            signer=clinic.online[Purpose.RECEIPT],
        )
        lost = SoftwareKey.generate().public_key.key_id
        taken_back = Revocation(1, lost, RevocationKind.COMPROMISED, NOW_S, NOW_S)
        body = SignedReceipt(receipt, clinic.certificate(Purpose.RECEIPT))
        world.server.put(DownKind.RECEIPT, fields.pack(body))
        world.server.put(
            DownKind.REVOCATION, sign1.sign(taken_back, audience=CLINIC_ID, signer=clinic.root)
        )
        await world.drive("sync")
        await world.until(lambda: past(world).newest_revocation == 1)
        assert past(world).revoked(lost) is not None
        page = world.board.flash.read_page("receipt")
        assert page is not None
        kept = fields.unpack(KeptReceipt, page)
        assert (kept.epoch, kept.number) == (ledger.epoch, number)
        assert world.life.context.store.downstream.refusals() == ()
