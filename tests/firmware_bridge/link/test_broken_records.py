"""After a transfer that broke, what of it is still under way does not break the next one."""

import pytest

from firmware_bridge.link import TransferBroken
from firmware_bridge.link.record_access import RecordAccess
from firmware_bridge.timebase import SystemClock
from shared.wire import canonical, racp
from shared.wire.batches import batches
from shared.wire.framing import frames

RECORD = canonical.encode([1, 30, 1, 1_000, None, {1: b"\x5a" * 90}])
VALUE_BYTES = 40


class LateBand:
    """Sends the rest of a record that began before, once it is asked to stop."""

    def __init__(self) -> None:
        self.access = RecordAccess(self._written, SystemClock())
        self._first, *self._rest = frames(next(iter(batches([RECORD]))), VALUE_BYTES)
        self._reports = 0

    async def _written(self, value: bytes) -> None:
        request = racp.decode_request(value)
        if request.op_code is racp.OpCode.ABORT:
            for late in self._rest:
                self.access.record_received(late)
            self._answer(racp.Response(request.op_code, result=racp.Result.SUCCESS))
        elif request.op_code is racp.OpCode.COUNT:
            self._answer(racp.Response(request.op_code, count=1))
        else:
            self._report()

    def _report(self) -> None:
        self._reports += 1
        if self._reports == 1:
            self.access.record_received(self._rest[-1])
            return
        for part in (self._first, *self._rest):
            self.access.record_received(part)
        self._answer(racp.Response(racp.OpCode.REPORT, result=racp.Result.SUCCESS))

    def _answer(self, response: racp.Response) -> None:
        self.access.answer_received(racp.encode_response(response))


async def test_rest_of_a_broken_record_ends_no_later_transfer() -> None:
    band = LateBand()
    with pytest.raises(TransferBroken):
        [records async for records in band.access.report(1)]
    assert [records async for records in band.access.report(1)] == [[RECORD]]
