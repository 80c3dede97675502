"""The band is given back: a reset by the prescriber's word over its present head."""

from __future__ import annotations

import secrets

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.findings import expect, refused, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.phone import Phone
from firmware_bridge.conformance.sections import Section
from firmware_bridge.demo.record import read_record
from firmware_bridge.link import LinkError
from shared.trust.staff_words import HandOver, HandOverPurpose
from shared.trust.statements import HASH_BYTES, NONCE_BYTES
from shared.wire.operations import BlobKind, Operation, StatusCode

checks = Checks(Need.ENROLLED)


@checks.add(Section.OPERATIONS, Operation.RESET)
async def over_another_head(bench: Bench) -> None:
    """A hand-over that isn't over the present head resets nothing."""
    phone = await bench.phone()
    await _hand_over(phone, bench, HandOverPurpose.RESET, bytes(HASH_BYTES))
    await refused(phone.ask(Operation.RESET), StatusCode.REFUSED, "head_not_current")
    expect((await phone.client.hello()).provisioned, "an owner still", "none")


@checks.add(Section.OPERATIONS, Operation.RETIRE)
async def for_another_purpose(bench: Bench) -> None:
    """A hand-over for a reset retires nothing."""
    phone = await bench.phone()
    await _hand_over(phone, bench, HandOverPurpose.RESET)
    await refused(phone.ask(Operation.RETIRE), StatusCode.REFUSED, "hand_over_otherwise")


@checks.add(Section.OPERATIONS, Operation.RESET, needs=(Need.BUTTON,))
async def reset(bench: Bench) -> None:
    """After a reset the band is nobody's, knows no app, and keeps its record's numbers."""
    phone = await bench.phone()
    await _hand_over(phone, bench, HandOverPurpose.RESET)
    before = (await read_record(phone.client)).state.number
    await phone.ask(Operation.RESET)
    try:
        hello = await phone.client.hello()
    except LinkError:
        # Bonds go with the keys: a band may end the link at once.
        return
    same((hello.provisioned, hello.app_key_id), (False, None), "owner and app")
    expect(hello.head_number > before, "a longer record", hello.head_number)


async def _hand_over(
    phone: Phone, bench: Bench, purpose: HandOverPurpose, chain_hash: bytes | None = None
) -> None:
    """Put the prescriber's word over the present head, or over another, on the band."""
    await phone.client.head(secrets.token_bytes(NONCE_BYTES))
    hello, state = await phone.client.hello(), (await read_record(phone.client)).state
    word = HandOver(
        bench.demo.keys.device_id,
        hello.epoch,
        state.number,
        state.hash if chain_hash is None else chain_hash,
        purpose,
    )
    await phone.client.send_blob(BlobKind.STAFF_WORD, bench.demo.by_staff(word))
