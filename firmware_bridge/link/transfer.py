"""The ledger from the band, record after record: it resumes by the number of the last one that is
safely stored. Blobs to the band: see `blob_door`.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from firmware_bridge.link.errors import TransferBroken
from firmware_bridge.link.record_access import number

Report = Callable[[int], AsyncGenerator[list[bytes], None]]


@dataclass(frozen=True)
class LedgerLine:
    """One record as the band keeps it: its number, and the bytes that the chain is over."""

    number: int
    data: bytes


async def whole_ledger(
    report: Report, first: int, last: int | None = None
) -> AsyncGenerator[LedgerLine, None]:
    """Records from number `first` on, report after report until there are none, or `last` came.

    One seen before is passed over; a gap ends the transfer, but for the beginning: the band's
    first record may be later than asked for.
    """
    expected, begun = first, False
    while True:
        asked = expected
        async with aclosing(report(asked)) as arriving:
            async for records in arriving:
                for data in records:
                    at = number(data)
                    if at < expected:
                        continue
                    if at > expected and begun:
                        raise TransferBroken(f"Record {expected} is missing before {at}.")
                    yield LedgerLine(at, data)
                    expected, begun = at + 1, True
        if expected == asked or (last is not None and expected > last):
            return
