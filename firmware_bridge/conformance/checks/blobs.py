"""Blobs: announced, sent part by part, resumed, committed by hash."""

from __future__ import annotations

import hashlib
import secrets

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.findings import expect, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.sections import Section
from firmware_bridge.conformance.wire import Wire
from shared.wire import gatt
from shared.wire.blob_parts import parts
from shared.wire.operations import (
    MAXIMUM_BLOB_BYTES,
    BlobBeginArguments,
    BlobKind,
    Nothing,
    Operation,
    Refusal,
    StatusCode,
)

checks = Checks(Need.BONDED)

BEGIN, COMMIT = Operation.BLOB_BEGIN, Operation.BLOB_COMMIT
KIND = BlobKind.FINAL_HEAD
PART_BYTES = 100


@checks.add(Section.BLOBS, BEGIN, COMMIT)
async def longest(bench: Bench) -> None:
    """The longest blob comes whole, as a phone sends it."""
    phone = await bench.phone()
    await phone.client.send_blob(KIND, secrets.token_bytes(MAXIMUM_BLOB_BYTES))


@checks.add(Section.BLOBS, BEGIN)
async def resumed(bench: Bench) -> None:
    """The same blob, announced again on another connection, goes on where it stood."""
    blob = secrets.token_bytes(600)
    wire = await bench.wire()
    same(await _announce(wire, blob), 0, "offset of a new blob")
    await _put(wire, blob[:250])
    same(await _announce(wire, blob), 250, "offset of a blob under way")
    wire = await bench.fresh_wire()
    same(await _announce(wire, blob), 250, "offset after a break")
    await _put(wire, blob[250:])
    await _committed(wire)


@checks.add(Section.BLOBS, BEGIN)
async def from_an_offset(bench: Bench) -> None:
    """Announced with an offset, what the band holds beyond it is dropped."""
    wire, blob = await bench.wire(), secrets.token_bytes(300)
    await _announce(wire, blob)
    await _put(wire, blob[:200])
    same(await _announce(wire, blob, 100), 100, "offset")
    await _put(wire, blob[100:])
    await _committed(wire)


@checks.add(Section.BLOBS, BEGIN)
async def not_due(bench: Bench) -> None:
    """A part that was doubled, or that comes after one that was lost, is let go."""
    wire, blob = await bench.wire(), secrets.token_bytes(300)
    first, _, third = parts(blob, PART_BYTES + 1)
    await _announce(wire, blob)
    for part in (first, first, third):
        await wire.put(gatt.BLOB_DATA, part)
    same(await _announce(wire, blob), PART_BYTES, "bytes held after the first part alone")
    await _put(wire, blob[PART_BYTES:])
    await _committed(wire)


@checks.add(Section.BLOBS, BEGIN)
async def beyond_its_size(bench: Bench) -> None:
    """A part that goes beyond the announced size is let go."""
    wire, blob = await bench.wire(), secrets.token_bytes(90)
    await _announce(wire, blob)
    await wire.put(gatt.BLOB_DATA, b"\x00" + bytes(91))
    same(await _announce(wire, blob), 0, "bytes held")


@checks.add(Section.BLOBS, COMMIT)
async def truncated(bench: Bench) -> None:
    """A blob that lacks bytes isn't committed, and goes on where it stands."""
    wire, blob = await bench.wire(), secrets.token_bytes(300)
    await _announce(wire, blob)
    await _put(wire, blob[:299])
    await _refused(wire, StatusCode.BAD_REQUEST, "blob_truncated")
    same(await _announce(wire, blob), 299, "offset afterwards")
    await _put(wire, blob[299:])
    await _committed(wire)


@checks.add(Section.BLOBS, COMMIT)
async def other_bytes(bench: Bench) -> None:
    """A blob of other bytes than were announced isn't committed, and is gone."""
    wire, blob = await bench.wire(), secrets.token_bytes(300)
    await _announce(wire, blob)
    await _put(wire, blob[:299] + bytes([blob[299] ^ 1]))
    await _refused(wire, StatusCode.BAD_REQUEST, "blob_hash")
    same(await _announce(wire, blob), 0, "offset afterwards")


@checks.add(Section.BLOBS, COMMIT)
async def not_begun(bench: Bench) -> None:
    """Without an announcement there is nothing to commit."""
    wire, blob = await bench.wire(), secrets.token_bytes(20)
    await _announce(wire, blob)
    await _put(wire, blob)
    await _committed(wire)
    await _refused(wire, StatusCode.WRONG_STATE, "no_blob_begun")


async def _announce(wire: Wire, blob: bytes, offset: int | None = None) -> int:
    """Announce it; the offset to go on from."""
    said = BlobBeginArguments(KIND, len(blob), hashlib.sha256(blob).digest(), offset)
    answer = await wire.ask(BEGIN, said)
    same(answer.status, StatusCode.OK, "status of BLOB_BEGIN")
    held: int = answer.result.offset
    return held


async def _put(wire: Wire, data: bytes) -> None:
    for part in parts(data, PART_BYTES + 1):
        await wire.put(gatt.BLOB_DATA, part)


async def _committed(wire: Wire) -> None:
    same((await wire.ask(COMMIT, Nothing())).status, StatusCode.OK, "status of BLOB_COMMIT")


async def _refused(wire: Wire, status: StatusCode, code: str) -> None:
    answer = await wire.ask(COMMIT, Nothing())
    same(answer.status, status, "status of BLOB_COMMIT")
    refusal = answer.result
    expect(isinstance(refusal, Refusal), "a refusal", type(refusal).__name__)
    same(refusal.code, code, "code")
