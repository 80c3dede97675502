"""The quick reader returns and refuses exactly what the shared one does."""

import random
import secrets

from hypothesis import example, given
from hypothesis import strategies as st

from cloud.ledger.slices import Slice, read
from shared.wire import canonical
from shared.wire.errors import WireError
from shared.wire.records import MAXIMUM_RECORD_BYTES, Record, decode_record
from tests.cloud.ledger.bands import live
from tests.cloud.worlds import Band, make_identity

EDGES = [0, 1, 23, 24, 50, 51, 100, 101, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32]
NUMBERS = st.sampled_from([*EDGES, 2**53 - 1, 2**53, 2**64 - 1])
WIDTHS = ((24, 1), (25, 2), (26, 4), (27, 8))


def uint(value: int, wider: int) -> bytes:
    """An unsigned integer in CBOR, by so many steps wider than it must be."""
    fits = [b""] if value < 24 else []
    forms = [bytes([value])] if fits else []
    forms += [
        bytes([head]) + value.to_bytes(width, "big")
        for head, width in WIDTHS
        if value < 1 << 8 * width
    ]
    return forms[min(wider, len(forms) - 1)]


def judged(reader: object, data: bytes) -> Record | str:
    assert callable(reader)
    try:
        found = reader(data)
    except WireError as problem:
        return str(problem)
    return found.record() if isinstance(found, Slice) else found


@given(
    type_=st.sampled_from([14, 15, 16, 17]),
    values=st.lists(st.tuples(NUMBERS, st.integers(0, 9)), min_size=9, max_size=9),
    clock=st.booleans(),
    tail=st.binary(max_size=2),
)
@example(15, [(1, 9)] * 3 + [(1, 0)] + [(1, 9)] * 5, True, b"")
def test_any_spelling_is_read_or_refused_alike(
    type_: int, values: list[tuple[int, int]], clock: bool, tail: bytes
) -> None:
    parts = [uint(value, max(0, wider - 8)) for value, wider in values]
    number, boot, uptime, clock_ms, *body = parts
    keyed = b"".join(bytes([key]) + part for key, part in enumerate(body, start=1))
    told = clock_ms if clock else b"\xf6"
    data = b"\x86" + number + bytes([type_]) + boot + uptime + told + b"\xa5" + keyed + tail
    assert judged(read, data) == judged(decode_record, data)


def test_a_record_above_the_limit_is_refused_alike() -> None:
    body = {1: bytes(16), 2: bytes(32), 3: 1, 4: 1, 5: bytes(32), 6: 1}
    for number in (1, 2**53 - 1):
        data = canonical.encode([number, 14, 0, number, number, {**body, 3: number}])
        assert (len(data) > MAXIMUM_RECORD_BYTES) == (number > 1)
        assert judged(read, data) == judged(decode_record, data)


def test_a_whole_ledger_and_all_its_flipped_bits_are_read_alike(tmp_path: object) -> None:
    chance = random.Random(7)
    band = Band(make_identity(tmp_path / "i"), secrets.token_bytes(16))  # type: ignore[operator]
    live(band, chance, 20)
    quick = sum(isinstance(read(data), Slice) for data in band.data)
    assert quick > len(band.data) // 2
    for data in band.data:
        assert judged(read, data) == judged(decode_record, data)
    for data in chance.sample(band.data, k=min(40, len(band.data))):
        for bit in range(8 * len(data)):
            flipped = bytearray(data)
            flipped[bit // 8] ^= 1 << bit % 8
            assert judged(read, bytes(flipped)) == judged(decode_record, bytes(flipped))
