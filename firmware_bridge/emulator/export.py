"""The band's ledger as a file for `circlet-verify`, fetched as a phone would fetch it.

The head is asked of the firmware over a fresh nonce; where it signs none (a sealed ledger), the
file goes without. Not for judging: that is the verifier's.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from firmware_bridge.emulator.face.core import FirmwareCore
from firmware_bridge.emulator.faults.errors import FaultRefused
from firmware_bridge.emulator.firmware.outside import LinkSecurity
from firmware_bridge.emulator.firmware.ports import Identity
from shared.trust.statements import NONCE_BYTES
from shared.wire import ledger_file, operations
from shared.wire.ledger_file import Header, Line, LineKind, Spelling, Start
from shared.wire.operations import HeadArguments, Nothing, Operation, Request, StatusCode

BY_HAND = LinkSecurity(True, True, True, "control surface")


def ledger_bytes(core: FirmwareCore, identity: Identity, spelling: Spelling) -> bytes:
    """Return the whole file; raise FaultRefused where the band has no ledger yet."""
    lines = lines_of(core, identity)
    return b"".join(ledger_file.encode(line, spelling) for line in lines)


def lines_of(core: FirmwareCore, identity: Identity) -> Iterator[Line | Header]:
    """Yield the lines: header, every record that is kept, and a head over the newest."""
    hello = _ask(core, Operation.HELLO, Nothing())
    if hello is None or not hello.provisioned:
        raise FaultRefused("ledger", "a band that belongs to a clinic")
    yield Header(identity.device_id, hello.epoch, identity.certificate)
    first, last = core.record_range()
    if first > 1:
        yield Start(first - 1, core.hash_at(first - 1)).line
    for number in range(first, last + 1):
        yield Line(LineKind.RECORD, core.record(number))
    signed = _ask(core, Operation.HEAD, HeadArguments(secrets.token_bytes(NONCE_BYTES)))
    if signed is not None:
        yield Line(LineKind.HEAD, signed.head)


def _ask(core: FirmwareCore, operation: Operation, arguments: Any) -> Any:
    request = operations.encode_request(Request(secrets.randbits(32), operation, arguments))
    answer = operations.decode_answer(core.control(request, BY_HAND), operation)
    return answer.result if answer.status is StatusCode.OK else None
