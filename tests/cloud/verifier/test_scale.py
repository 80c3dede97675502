"""A long ledger takes no more memory than a short one."""

import gc
import tracemalloc
from collections.abc import Iterator

import pytest

from cloud.verifier.verifier import Verifier
from shared.wire.ledger_reading import Placed
from tests.cloud.verifier.written import Written

SHORT, LONG = 6_500, 9_500
"""Both well beyond the 4,096 records looked back over, whose table grows by doubling."""


def lines_as_written(written: Written, records: int) -> Iterator[Placed]:
    """Yield a ledger's lines as it is written, without keeping them."""
    while written.state.number < records:
        written.session(gap_ms=1000)
        if written.sessions % 10 == 0:
            written.head()
        lines, written.lines = written.lines, []
        yield from (Placed("", line) for line in lines)


@pytest.mark.long
def test_memory_does_not_grow_with_the_ledger() -> None:
    written, held = Written(), []
    verifier = Verifier(written.header(), written.maker.public_key)
    tracemalloc.start()
    try:
        for records in (SHORT, LONG):
            for _ in verifier.run(lines_as_written(written, records)):
                pass
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert verifier.summary().last >= LONG
    assert held[1] < 1.1 * held[0]
