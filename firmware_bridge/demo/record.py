"""A band's whole record, read over the link and added up by the one fold that everybody runs."""

from __future__ import annotations

from dataclasses import dataclass

from firmware_bridge.link import StimulatorClient
from shared.dose import ledger
from shared.dose.ledger import LedgerState
from shared.wire.records import Record, decode_record


@dataclass(frozen=True)
class WholeRecord:
    """Every record from the first on, and what they come to."""

    state: LedgerState
    records: tuple[Record, ...]


async def read_record(client: StimulatorClient) -> WholeRecord:
    """Read it from its very beginning; LedgerError where the chain breaks."""
    hello = await client.hello()
    state, records = ledger.genesis(hello.device_id, hello.epoch), []
    async for line in client.ledger(1):
        record = decode_record(line.data)
        state = ledger.follow(state, record, line.data)
        records.append(record)
    return WholeRecord(state, tuple(records))
