"""The Record Access Control Point: report, count, abort, by record number.

One transfer at a time; a new request during one is refused, as the SIG's profiles do. A report ends
after so many records, and the phone asks on from there. Not for deciding which records exist: the
firmware says.
"""

from __future__ import annotations

import asyncio

from bumble.att import ATT_Error, ErrorCode

from firmware_bridge.emulator.face.core import FirmwareCore
from firmware_bridge.emulator.face.outlet import Outlet
from shared.wire.batches import RECORDS_IN_A_REPORT, batches
from shared.wire.errors import WireError
from shared.wire.racp import (
    OpCode,
    Operator,
    Request,
    Response,
    Result,
    decode_request,
    encode_response,
)

REFUSED_VALUE = ErrorCode(0x80)
"""Application error of this service: the value is not what the characteristic takes."""


_ABORTED = Response(OpCode.ABORT, result=Result.SUCCESS)
"""Said once nothing more comes."""


class RecordAccess:
    """Answers requests for ledger records on one connection."""

    def __init__(self, core: FirmwareCore, answers: Outlet, ledger_data: Outlet) -> None:
        self._core = core
        self._answers = answers
        self._ledger_data = ledger_data
        self._requests: asyncio.Queue[Request] = asyncio.Queue()
        self._busy = False
        self._aborted = False

    def write(self, value: bytes) -> None:
        """Take what was written; ATT_Error for what can't be taken now."""
        if not self._answers.subscribed:
            raise ATT_Error(ErrorCode.CCCD_IMPROPERLY_CONFIGURED)
        if self._answers.full:
            raise ATT_Error(ErrorCode.INSUFFICIENT_RESOURCES)
        try:
            request = decode_request(value)
        except WireError as problem:
            raise ATT_Error(REFUSED_VALUE) from problem
        if request.op_code is OpCode.ABORT:
            self._aborted = self._busy
            if not self._busy:
                self._answer(_ABORTED)
        elif self._busy:
            raise ATT_Error(ErrorCode.PROCEDURE_ALREADY_IN_PROGRESS)
        else:
            self._busy, self._aborted = True, False
            self._requests.put_nowait(request)

    async def run(self) -> None:
        """Serve requests, until cancelled."""
        while True:
            request = await self._requests.get()
            response = await self._serve(request)
            self._busy = False
            self._answer(_ABORTED if self._aborted else response)

    async def _serve(self, request: Request) -> Response:
        if request.op_code not in (OpCode.REPORT, OpCode.COUNT):
            return Response(request.op_code, result=Result.OP_CODE_NOT_SUPPORTED)
        if request.operator is Operator.NULL:
            return Response(request.op_code, result=Result.INVALID_OPERATOR)
        numbers = self._numbers(request)
        if request.op_code is OpCode.COUNT:
            return Response(OpCode.COUNT, count=len(numbers))
        if not numbers:
            return Response(OpCode.REPORT, result=Result.NO_RECORDS)
        if not self._ledger_data.subscribed:
            return Response(OpCode.REPORT, result=Result.NOT_COMPLETED)
        return await self._report(numbers)

    def _numbers(self, request: Request) -> range:
        first, last = self._core.record_range()
        return range(max(first, request.first or 0), last + 1)

    async def _report(self, numbers: range) -> Response:
        records = (self._core.record(number) for number in numbers[:RECORDS_IN_A_REPORT])
        for batch in batches(records):
            if self._aborted:
                break
            await self._ledger_data.send(batch)
        return Response(OpCode.REPORT, result=Result.SUCCESS)

    def _answer(self, response: Response) -> None:
        self._answers.put(encode_response(response))
