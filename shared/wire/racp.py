"""Record Access Control Point (0x2A52) as the Bluetooth SIG's profiles use it.

Operators and op codes are those of the GATT Specification Supplement; the filter value is our
record number, 32 bits little endian.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from shared.wire.errors import WireError

SEQUENCE_FILTER = 0x01


class OpCode(IntEnum):
    """What the phone asks for, and what the device answers."""

    REPORT = 0x01
    ABORT = 0x03
    COUNT = 0x04
    COUNT_RESPONSE = 0x05
    RESPONSE = 0x06


class Operator(IntEnum):
    """Which records are meant."""

    NULL = 0x00
    ALL = 0x01
    FROM = 0x03


class Result(IntEnum):
    """Response codes of the SIG."""

    SUCCESS = 0x01
    OP_CODE_NOT_SUPPORTED = 0x02
    INVALID_OPERATOR = 0x03
    INVALID_OPERAND = 0x05
    NO_RECORDS = 0x06
    ABORT_UNSUCCESSFUL = 0x07
    NOT_COMPLETED = 0x08


@dataclass(frozen=True)
class Request:
    """A request of the phone; ``first`` is the lowest record number when the operator is FROM."""

    op_code: OpCode
    operator: Operator = Operator.NULL
    first: int | None = None


@dataclass(frozen=True)
class Response:
    """The answer: a result for the request's op code, or a number of records."""

    op_code: OpCode
    result: Result | None = None
    count: int | None = None


def encode_request(request: Request) -> bytes:
    """Return the bytes written to the control point."""
    head = bytes([request.op_code, request.operator])
    if request.operator is not Operator.FROM:
        return head
    return head + bytes([SEQUENCE_FILTER]) + _number(request.first or 0)


def decode_request(data: bytes) -> Request:
    """Return the request; raise WireError for what the device does not know."""
    if len(data) < 2:
        raise WireError("racp", "is shorter than two bytes")
    op_code, operator = _op_code(data[0]), _operator(data[1])
    if operator is not Operator.FROM:
        if len(data) != 2:
            raise WireError("racp", "has an operand that its operator does not take")
        return Request(op_code, operator)
    if len(data) != 7 or data[2] != SEQUENCE_FILTER:
        raise WireError("racp", "has no record number as operand")
    return Request(op_code, operator, int.from_bytes(data[3:], "little"))


def encode_response(response: Response) -> bytes:
    """Return the bytes indicated by the device."""
    if response.count is not None:
        return bytes([OpCode.COUNT_RESPONSE, Operator.NULL]) + _number(response.count)
    if response.result is None:
        raise WireError("racp", "is a response with neither result nor count")
    return bytes([OpCode.RESPONSE, Operator.NULL, response.op_code, response.result])


def decode_response(data: bytes) -> Response:
    """Return the device's answer; raise WireError for anything else."""
    if len(data) < 2 or data[1] != Operator.NULL:
        raise WireError("racp", "is not a response")
    if len(data) == 6 and data[0] == OpCode.COUNT_RESPONSE:
        return Response(OpCode.COUNT, count=int.from_bytes(data[2:], "little"))
    if len(data) != 4 or data[0] != OpCode.RESPONSE:
        raise WireError("racp", "is not a response")
    try:
        return Response(_op_code(data[2]), result=Result(data[3]))
    except ValueError as problem:
        if isinstance(problem, WireError):
            raise
        raise WireError("racp", f"has the unknown result {data[3]}") from problem


def _number(value: int) -> bytes:
    if not 0 <= value < 2**32:
        raise WireError("racp", f"{value} does not fit in 32 bits")
    return value.to_bytes(4, "little")


def _op_code(value: int) -> OpCode:
    try:
        return OpCode(value)
    except ValueError as problem:
        raise WireError("racp", f"has the unknown op code {value}") from problem


def _operator(value: int) -> Operator:
    try:
        return Operator(value)
    except ValueError as problem:
        raise WireError("racp", f"has the unknown operator {value}") from problem
