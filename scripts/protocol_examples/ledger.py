"""Examples of the ledger: the chain's beginning, a batch, a signed head, a record of every type."""

from __future__ import annotations

from typing import Any

from scripts.protocol_examples.annotated import envelope
from scripts.protocol_examples.cast import CLINIC_ID, DEVICE, DEVICE_ID, EPOCH, NONCE, NOW_S
from scripts.protocol_examples.page import Value, block, cbor, plain, record
from scripts.vectors.samples import sample
from shared.dose import ledger
from shared.trust import sign1
from shared.trust.statements import LedgerHead
from shared.wire import records
from shared.wire.batches import batches
from shared.wire.records import BODIES, Record, RecordType

_BOOT = 1
_OPTIONAL: dict[RecordType, dict[str, Any]] = {
    RecordType.HOLD_LIFTED: {"hold_id": bytes(range(0x40, 0x50))},
    RecordType.CONTROL_TAKEN: {"key_id": bytes(range(0x50, 0x60))},
}
"""Optional fields that an example shows."""


def chain() -> str:
    """The first two records, what they hash to, how they travel, and a head over them."""
    genesis = ledger.genesis(DEVICE_ID, EPOCH).hash
    first, second = _first()
    first_bytes, second_bytes = records.encode_record(first), records.encode_record(second)
    after_first = ledger.chain_hash(genesis, first_bytes)
    after_second = ledger.chain_hash(after_first, second_bytes)
    head = LedgerHead(DEVICE_ID, EPOCH, 2, after_second, NONCE, _BOOT, 61_000)
    signed = sign1.sign(head, audience=CLINIC_ID, signer=DEVICE)
    batch = next(batches([first_bytes, second_bytes]))
    return block(
        "chain",
        plain("device-id", DEVICE_ID, "of the device"),
        plain("epoch", EPOCH, "random, made at provisioning"),
        plain("h0", genesis, "SHA-256(circlet/ledger/v1, device id, epoch)"),
        record("record-1", first, f"{len(first_bytes)} bytes"),
        plain("h1", after_first, "SHA-256(h0, record 1)"),
        record("record-2", second, f"{len(second_bytes)} bytes"),
        plain("h2", after_second, "SHA-256(h1, record 2)"),
        plain("batch", batch, "a message on Ledger Data: each behind its length"),
        cbor("head", signed, envelope(LedgerHead), "what HEAD answers"),
    )


def every_type() -> str:
    """A record of each type."""
    return block("records", *(_of_type(kind) for kind in RecordType))


def _first() -> tuple[Record, Record]:
    owner = sample(records.ProvisionedBody, "example", another_clinic=False)
    boot = records.BootBody(0, False, 60_000, "1.0.0-demo")
    return (
        Record(1, RecordType.PROVISIONED, _BOOT, 60_000, None, owner),
        Record(2, RecordType.BOOT, _BOOT, 60_000, None, boot),
    )


def _of_type(kind: RecordType) -> Value:
    body = BODIES.get(kind)
    made = None if body is None else sample(body, kind.name, **_OPTIONAL.get(kind, {}))
    written = Record(int(kind), kind, _BOOT, 61_000, NOW_S * 1000, made)
    return record(kind.name.lower(), written, kind.name)
