"""Parsers between phone and band: shared.wire, and what firmware_bridge reads beside it."""

from __future__ import annotations

from random import Random
from typing import Any

from firmware_bridge.timebase import requests
from shared.firmware import image
from shared.firmware.image import Image, Version
from shared.firmware.manifest import Manifest
from shared.wire import (
    batches,
    blob_parts,
    canonical,
    fields,
    framing,
    ledger_file,
    operations,
    racp,
    records,
    ticks,
)
from shared.wire.errors import WireError
from shared.wire.ledger_file import Line, LineKind, Spelling
from shared.wire.operations import TABLE, Answer, Operation, Refusal, Request, StatusCode
from shared.wire.records import BODIES, RecordType
from shared.wire.status import Status, Telemetry
from tests.fuzz import cbor_tree as tree
from tests.fuzz.cbor_tree import Node
from tests.fuzz.json_text import Lines
from tests.fuzz.mutations import random_node
from tests.fuzz.parser import Parser
from tests.fuzz.shapes import Shape, example, shape_of
from tests.fuzz.sources import Plain, Seed, Trees, one_of

_NUMBER = Shape(int, fields.Limits(0, 0, None, None))
_ID = Shape(int, fields.Limits(0, 0, 2**32 - 1, None))
_OPERATIONS = tuple(Operation)
_TYPES = tuple(RecordType)
_REPORTS = (Status, Telemetry)


def _any_value(rng: Random) -> Seed:
    inner: list[Node] = [random_node(rng) for _ in range(3)]
    keyed = [part for key in range(3) for part in (tree.number(key), inner[key])]
    return Seed(rng.choice((tree.array(inner), tree.mapping(keyed))), None)


def _record(rng: Random) -> Seed:
    kind = rng.choice(_TYPES)
    body = example(BODIES[kind], rng) if kind in BODIES else None
    clock_ms = rng.choice((None, rng.getrandbits(41)))
    numbers = [rng.getrandbits(rng.choice((3, 20, 32))) for _ in range(3)]
    line = [numbers[0], int(kind), *numbers[1:], clock_ms]
    packed = canonical.encode([*line, {} if body is None else fields.to_map(body)])
    members = dict.fromkeys((0, 1, 2, 3, 4), _NUMBER)
    if kind in BODIES:
        members[5] = shape_of(BODIES[kind])
    return Seed(tree.read(packed), Shape(members=members))


def _request(rng: Random) -> Seed:
    operation = rng.choice(_OPERATIONS)
    kind = TABLE[operation].arguments
    asked = Request(rng.getrandbits(32), operation, example(kind, rng))
    shape = Shape(members={0: _ID, 1: _NUMBER, 2: shape_of(kind)})
    return Seed(tree.read(operations.encode_request(asked)), shape)


def _answer(rng: Random) -> Seed:
    index = rng.randrange(len(_OPERATIONS))
    status = rng.choice((StatusCode.OK, StatusCode.OK, *StatusCode))
    kind = TABLE[_OPERATIONS[index]].result if status is StatusCode.OK else Refusal
    answer = Answer(rng.getrandbits(32), status, example(kind, rng))
    shape = Shape(members={0: _ID, 1: _NUMBER, 2: shape_of(kind)})
    return Seed(tree.read(operations.encode_answer(answer)), shape, bytes([index]))


def _read_answer(data: bytes) -> Answer:
    operation = _OPERATIONS[data[0] % len(_OPERATIONS)]
    answer = operations.decode_answer(data[1:], operation)
    assert operations.answer_id_of(data[1:]) == answer.request_id
    return answer


def _read_request(data: bytes) -> Request:
    request_id = operations.request_id_of(data)
    request = operations.decode_request(data)
    assert request_id == request.request_id
    return request


def _read_report(data: bytes) -> Any:
    return fields.unpack(_REPORTS[data[0] % len(_REPORTS)], data[1:])


def _feed(rng: Random) -> bytes:
    message = rng.randbytes(rng.choice((0, 1, 19, 20, 60, 300)))
    cut = list(framing.frames(message, rng.choice((20, 20, 61, 244))))
    if rng.random() < 0.1:
        cut = _large(rng.choice((4095, 4096, 4097, 5000)))
    if rng.random() < 0.2:
        cut.insert(rng.randrange(len(cut) + 1), rng.choice(cut))
    return b"".join(len(value).to_bytes(2, "big") + value for value in cut)


def _large(size: int) -> list[bytes]:
    """Return the frames of a message about the largest that is allowed, true to form."""
    opening = bytes([framing.FIRST]) + size.to_bytes(2, "big") + bytes(500)
    second = 1 << 2
    return [opening, bytes([second | framing.LAST]) + bytes(size - 500)]


def _reassemble(data: bytes) -> list[bytes]:
    """Feed the values one by one; return the messages, or raise the last error."""
    buffer, found, problem = framing.Reassembler(), [], None
    while len(data) >= 2:
        end = 2 + int.from_bytes(data[:2], "big")
        value, data = data[2:end], data[end:]
        try:
            message = buffer.feed(value)
        except WireError as error:
            problem = error
        else:
            found += [message] if message is not None else []
    assert all(len(message) <= framing.MAXIMUM_MESSAGE_BYTES for message in found)
    for message in found:
        assert [buffer.feed(cut) for cut in framing.frames(message, 244)][-1] == message
    if problem is not None:
        raise problem
    return found


def _blob_head(rng: Random) -> bytes:
    data = rng.randbytes(rng.randrange(1, 40))
    offset = rng.choice((None, 0, rng.getrandbits(8)))
    kind = rng.choice(list(operations.BlobKind))
    stream = blob_parts.stream_of(kind, data, stream=rng.getrandbits(8), offset=offset)
    return stream[: blob_parts.HEAD_BYTES]


def _blob_word(rng: Random) -> bytes:
    verdict = rng.choice(list(blob_parts.Verdict))
    word = blob_parts.Word(rng.getrandbits(8), verdict, rng.getrandbits(11))
    return blob_parts.encode_word(word)


def _racp_request(rng: Random) -> bytes:
    op_code, operator = rng.choice(list(racp.OpCode)), rng.choice(list(racp.Operator))
    first = rng.getrandbits(32) if operator is racp.Operator.FROM else None
    return racp.encode_request(racp.Request(op_code, operator, first))


def _racp_response(rng: Random) -> bytes:
    if rng.random() < 0.3:
        response = racp.Response(racp.OpCode.COUNT, count=rng.getrandbits(32))
    else:
        asked, result = rng.choice(list(racp.OpCode)), rng.choice(list(racp.Result))
        response = racp.Response(asked, result=result)
    return racp.encode_response(response)


def _tick(rng: Random) -> tuple[bytes, Any]:
    numbers = [rng.getrandbits(rng.choice((1, 8, 31, 45))) for _ in range(3)]
    return b"", dict(zip(("tick", "elapsed_ms", "wall_ms"), numbers, strict=True))


def _clock_request(rng: Random) -> tuple[bytes, Any]:
    asked: tuple[Any, ...] = (
        {"join": "phone", "acks": rng.random() < 0.5},
        {"ack": rng.getrandbits(30)},
        {"fine": rng.random() < 0.5},
        {"control": {"rate": rng.choice((0, 1, 60.5, 1000))}},
        {"control": {"advance_ms": rng.getrandbits(30)}},
    )
    return b"", rng.choice(asked)


def _read_batch(data: bytes) -> list[int]:
    """Take a message of records apart, and number each."""
    return [batches.number_of(record) for record in batches.records_of(data)]


def _batch(rng: Random) -> bytes:
    return next(batches.batches(_record(rng).root.raw for _ in range(rng.randrange(1, 9))))


def _ledger_line(rng: Random) -> bytes:
    ids = rng.randbytes(16), rng.randbytes(16)
    header = ledger_file.Header(*ids, rng.randbytes(200)) if rng.random() < 0.5 else None
    kind = rng.choice([kind for kind in LineKind if kind is not LineKind.HEADER])
    line = header or Line(kind, rng.randbytes(rng.choice((0, 1, 128))))
    return bytes([header is None]) + ledger_file.encode(line, Spelling.JSON)


def _read_ledger_line(data: bytes) -> Any:
    read = ledger_file.parse_line if data[:1] == b"\x01" else ledger_file.parse_header
    return read(data[1:])


def _image(rng: Random) -> bytes:
    numbers = rng.randbytes(3)
    made = Image(
        Version(numbers[0], numbers[1], numbers[2], rng.getrandbits(32)),
        rng.choice((b"", rng.randbytes(9), fields.pack(example(Manifest, rng))[:500])),
        rng.getrandbits(32),
        rng.randbytes(rng.choice((1, 200, 512))),
        rng.randbytes(32),
        rng.randbytes(rng.choice((8, 71, 72))),
    )
    return image.write(made) if rng.random() < 0.5 else _with_foreign_tlv(made, rng)


def _with_foreign_tlv(made: Image, rng: Random) -> bytes:
    """Return an image whose second area has another TLV, true to form."""
    plain = {image.SHA256: made.hash, image.KEY_HASH: made.key_hash}
    kind = rng.choice((image.SIGNATURE, image.KEY_HASH + 1, 0x70))
    return made.signed_part + image.area(image.PLAIN_MAGIC, plain | {kind: made.signature})


PARSERS = (
    Parser(
        "firmware-image",
        image.read,
        (WireError,),
        Plain(_image),
        lambda value, data: image.write(value),
    ),
    Parser(
        "firmware-manifest",
        lambda data: fields.unpack(Manifest, data),
        (WireError,),
        Trees(lambda rng: Seed(tree.read(fields.pack(example(Manifest, rng))), shape_of(Manifest))),
        lambda value, data: fields.pack(value),
    ),
    Parser(
        "cbor",
        canonical.decode,
        (WireError,),
        Trees(_any_value),
        lambda value, data: canonical.encode(value),
    ),
    Parser(
        "record",
        records.decode_record,
        (WireError,),
        Trees(_record),
        lambda value, data: records.encode_record(value),
    ),
    Parser(
        "request",
        _read_request,
        (WireError,),
        Trees(_request),
        lambda value, data: operations.encode_request(value),
    ),
    Parser(
        "answer",
        _read_answer,
        (WireError,),
        Trees(_answer),
        lambda value, data: data[:1] + operations.encode_answer(value),
    ),
    Parser(
        "status",
        _read_report,
        (WireError,),
        Trees(one_of(_REPORTS)),
        lambda value, data: data[:1] + fields.pack(value),
    ),
    Parser("frames", _reassemble, (WireError,), Plain(_feed)),
    Parser(
        "racp-request",
        racp.decode_request,
        (WireError,),
        Plain(_racp_request),
        lambda value, data: racp.encode_request(value),
    ),
    Parser(
        "racp-response",
        racp.decode_response,
        (WireError,),
        Plain(_racp_response),
        lambda value, data: racp.encode_response(value),
    ),
    Parser(
        "blob-head",
        blob_parts.decode_head,
        (WireError,),
        Plain(_blob_head),
        lambda value, data: blob_parts.encode_head(value),
    ),
    Parser(
        "blob-word",
        blob_parts.decode_word,
        (WireError,),
        Plain(_blob_word),
        lambda value, data: blob_parts.encode_word(value),
    ),
    Parser("ledger-line", _read_ledger_line, (WireError,), Plain(_ledger_line)),
    Parser("record-number", batches.number_of, (WireError,), Trees(_record)),
    Parser("record-batch", _read_batch, (WireError,), Plain(_batch)),
    Parser("clock-tick", ticks.parse_tick, (WireError,), Lines(_tick)),
    Parser("clock-request", requests.parse_request, (WireError,), Lines(_clock_request)),
)
