"""Blocks of named values as the document has them; `reading` takes them apart again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scripts.protocol_examples.annotated import BYTES_A_LINE, WIDTH, Part, annotated, wrapped
from shared.wire import operations
from shared.wire.operations import TABLE, Answer, Operation, Refusal, Request, StatusCode
from shared.wire.records import BODIES, Record, RecordType, encode_record


@dataclass(frozen=True)
class Value:
    """One named value of a block, with its lines."""

    name: str
    lines: tuple[str, ...]


def block(name: str, *values: Value) -> str:
    """Return a block of the document."""
    lines = [line for value in values for line in value.lines]
    return "```example " + name + "\n" + "\n".join(lines) + "\n```\n"


def plain(name: str, data: bytes, words: str) -> Value:
    """Return bytes that have no items inside."""
    if len(data) <= BYTES_A_LINE:
        return Value(name, (f"{f'{name} = {data.hex()}':{WIDTH}} ; {words}",))
    return Value(name, (f"{f'{name} =':{WIDTH}} ; {words}", *wrapped(data)))


def cbor(
    name: str, data: bytes, of: Any, words: str, inside: Mapping[str, Any] | None = None
) -> Value:
    """Return CBOR, a line an item."""
    lines = annotated(data, Part(name, of), inside)
    return Value(name, (f"{f'{name} =':{WIDTH}} ; {words}", *lines))


def request(name: str, asked: Request, inside: Mapping[str, Any] | None = None) -> Value:
    """Return a request of the control point."""
    kind = TABLE[asked.operation].arguments
    parts = [Part("request_id"), Part("operation", Operation), Part("arguments", kind)]
    words = f"the phone asks {asked.operation.name}"
    return cbor(name, operations.encode_request(asked), parts, words, inside)


def answer(
    name: str, given: Answer, operation: Operation, inside: Mapping[str, Any] | None = None
) -> Value:
    """Return an answer of the control point."""
    granted = given.status is StatusCode.OK
    kind = TABLE[operation].result if granted else Refusal
    parts = [Part("request_id"), Part("status", StatusCode), Part("result", kind)]
    return cbor(name, operations.encode_answer(given), parts, "the band answers", inside)


def record(name: str, written: Record, words: str) -> Value:
    """Return a record of the ledger."""
    parts = [
        Part("number"),
        Part("type", RecordType),
        Part("boot_count"),
        Part("uptime_ms"),
        Part("clock_ms"),
        Part("body", BODIES.get(written.type)),
    ]
    return cbor(name, encode_record(written), parts, words)
