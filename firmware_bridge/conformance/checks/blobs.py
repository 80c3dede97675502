"""Blobs: a stream of parts and the band's word for it; resumed, judged by hash."""

from __future__ import annotations

import secrets

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.findings import Deviation, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.sections import Section
from firmware_bridge.conformance.wire import Wire
from shared.wire import gatt
from shared.wire.blob_parts import (
    HEAD_BYTES,
    MAXIMUM_BLOB_BYTES,
    Verdict,
    decode_word,
    parts,
    stream_of,
)
from shared.wire.errors import WireError
from shared.wire.operations import BlobKind, Nothing, Operation

checks = Checks(Need.BONDED)

KIND = BlobKind.FINAL_HEAD
PART_BYTES = 100
STREAM, ANOTHER, THIRD = 7, 8, 9


@checks.add(Section.BLOBS)
async def longest(bench: Bench) -> None:
    """The longest blob comes whole, as a phone sends it."""
    phone = await bench.phone()
    await phone.client.send_blob(KIND, secrets.token_bytes(MAXIMUM_BLOB_BYTES))


@checks.add(Section.BLOBS)
async def word_of_its_stream(bench: Bench) -> None:
    """A blob that came whole is told once, by its stream's number and its size."""
    wire, blob = await _listening(bench), secrets.token_bytes(300)
    await _put(wire, stream_of(KIND, blob, stream=STREAM))
    await _says(wire, STREAM, Verdict.WHOLE, 300)
    await _nothing_more(wire)


@checks.add(Section.BLOBS)
async def resumed(bench: Bench) -> None:
    """The same blob, asked about on another connection, goes on where it stood."""
    blob = secrets.token_bytes(600)
    wire = await _listening(bench)
    await _holds(wire, blob, 0)
    await _put(wire, stream_of(KIND, blob)[: HEAD_BYTES + 250])
    await _holds(wire, blob, 250)
    wire = await bench.fresh_wire()
    await wire.subscribe(gatt.BLOB_DATA)
    await _holds(wire, blob, 250)
    await _put(wire, stream_of(KIND, blob, stream=THIRD, offset=250))
    await _says(wire, THIRD, Verdict.WHOLE, 600)


@checks.add(Section.BLOBS)
async def from_an_offset(bench: Bench) -> None:
    """What the band holds beyond a stream's offset is dropped."""
    wire, blob = await _listening(bench), secrets.token_bytes(300)
    await _put(wire, stream_of(KIND, blob)[: HEAD_BYTES + 200])
    await _put(wire, stream_of(KIND, blob, stream=ANOTHER, offset=100))
    await _says(wire, ANOTHER, Verdict.WHOLE, 300)


@checks.add(Section.BLOBS)
async def beyond_what_is_held(bench: Bench) -> None:
    """A stream from beyond what the band holds is told to go on from there, and takes no part."""
    wire, blob = await _listening(bench), secrets.token_bytes(300)
    await _put(wire, stream_of(KIND, blob)[: HEAD_BYTES + 100])
    await _put(wire, stream_of(KIND, blob, stream=ANOTHER, offset=200))
    await _says(wire, ANOTHER, Verdict.GO_ON, 100)
    await _holds(wire, blob, 100)


@checks.add(Section.BLOBS)
async def doubled(bench: Bench) -> None:
    """A part that came twice counts once."""
    wire, blob = await _listening(bench), secrets.token_bytes(300)
    for part in parts(stream_of(KIND, blob, stream=STREAM), PART_BYTES + 1):
        await wire.put(gatt.BLOB_DATA, part)
        await wire.put(gatt.BLOB_DATA, part)
    await _says(wire, STREAM, Verdict.WHOLE, 300)


@checks.add(Section.BLOBS)
async def not_due(bench: Bench) -> None:
    """After a part that was lost the band takes no other, and says once what it holds."""
    wire, blob = await _listening(bench), secrets.token_bytes(600)
    first, lost, *others = parts(stream_of(KIND, blob, stream=STREAM), PART_BYTES + 1)
    held = PART_BYTES - HEAD_BYTES
    for part in (first, *others, lost, *others):
        await wire.put(gatt.BLOB_DATA, part)
    await _says(wire, STREAM, Verdict.GO_ON, held)
    await _nothing_more(wire)
    await _holds(wire, blob, held)


@checks.add(Section.BLOBS)
async def begun_anew(bench: Bench) -> None:
    """Part 0 begins a stream in the midst of another."""
    wire, blob, other = await _listening(bench), secrets.token_bytes(300), secrets.token_bytes(90)
    await _put(wire, stream_of(KIND, blob)[: HEAD_BYTES + 150])
    await _put(wire, stream_of(KIND, other, stream=ANOTHER))
    await _says(wire, ANOTHER, Verdict.WHOLE, 90)


@checks.add(Section.BLOBS)
async def beyond_its_size(bench: Bench) -> None:
    """A part that goes beyond the size is let go, and told."""
    wire, blob = await _listening(bench), secrets.token_bytes(90)
    await _put(wire, stream_of(KIND, blob, stream=STREAM) + b"x")
    await _says(wire, STREAM, Verdict.GO_ON, PART_BYTES - HEAD_BYTES)


@checks.add(Section.BLOBS)
async def other_bytes(bench: Bench) -> None:
    """A blob of other bytes than its hash isn't kept."""
    wire, blob = await _listening(bench), secrets.token_bytes(300)
    whole = stream_of(KIND, blob, stream=STREAM)
    await _put(wire, whole[:-1] + bytes([whole[-1] ^ 1]))
    await _says(wire, STREAM, Verdict.OTHER_BYTES, 0)
    await _holds(wire, blob, 0)


@checks.add(Section.BLOBS)
async def still_waiting(bench: Bench) -> None:
    """A blob that waits is whole as often as it's asked about, or sent again."""
    wire, blob = await _listening(bench), secrets.token_bytes(300)
    await _put(wire, stream_of(KIND, blob, stream=STREAM))
    await _says(wire, STREAM, Verdict.WHOLE, 300)
    await _put(wire, stream_of(KIND, blob, stream=ANOTHER, offset=None))
    await _says(wire, ANOTHER, Verdict.WHOLE, 300)
    await _put(wire, stream_of(KIND, blob, stream=THIRD)[:HEAD_BYTES])
    await _says(wire, THIRD, Verdict.WHOLE, 300)


@checks.add(Section.BLOBS)
async def refused(bench: Bench) -> None:
    """A kind or a size that no blob has is refused."""
    wire, whole = await _listening(bench), stream_of(KIND, b"x", stream=STREAM)
    for kind, size in ((0, 1), (99, 1), (KIND, 0), (KIND, MAXIMUM_BLOB_BYTES + 1)):
        await _put(wire, whole[:1] + bytes([kind]) + size.to_bytes(2) + whole[4:])
        await _says(wire, STREAM, Verdict.REFUSED, 0)


async def _listening(bench: Bench) -> Wire:
    """A connection that hears the band's words."""
    wire = await bench.fresh_wire()
    await wire.subscribe(gatt.BLOB_DATA)
    return wire


async def _put(wire: Wire, stream: bytes) -> None:
    for part in parts(stream, PART_BYTES + 1):
        await wire.put(gatt.BLOB_DATA, part)


async def _holds(wire: Wire, blob: bytes, held: int) -> None:
    """Ask what the band holds of it."""
    await _put(wire, stream_of(KIND, blob, stream=ANOTHER, offset=None))
    await _says(wire, ANOTHER, Verdict.GO_ON, held)


async def _says(wire: Wire, stream: int, verdict: Verdict, held: int) -> None:
    value = await wire.heard(gatt.BLOB_DATA)
    try:
        word = decode_word(value)
    except WireError as problem:
        raise Deviation("a word", f"{value.hex()} ({problem})") from problem
    same(word.stream, stream, "the word's stream:")
    same(word.verdict.name, verdict.name, "the word:")
    same(word.held, held, "bytes held:")


async def _nothing_more(wire: Wire) -> None:
    """No other word came before the answer to a request that was sent afterwards."""
    await wire.ask(Operation.HELLO, Nothing())
    same(wire.unheard(gatt.BLOB_DATA), 0, "words beside it:")
