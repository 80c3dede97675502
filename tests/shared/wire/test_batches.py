"""Records travel several in a message, and come out as they went in."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.wire import canonical
from shared.wire.batches import MAXIMUM_BATCH_BYTES, batches, number_of, records_of
from shared.wire.errors import WireError

RECORDS = st.lists(st.binary(min_size=1, max_size=255), max_size=60)


@given(RECORDS)
def test_records_come_out_of_their_batches_in_order(records: list[bytes]) -> None:
    made = list(batches(records))
    assert [record for batch in made for record in records_of(batch)] == records
    assert all(len(batch) <= MAXIMUM_BATCH_BYTES for batch in made)


@given(RECORDS)
def test_a_batch_is_left_only_for_a_record_that_has_no_place_in_it(records: list[bytes]) -> None:
    made = list(batches(records))
    for batch, following in itertools.pairwise(made):
        assert len(batch) + 1 + following[0] > MAXIMUM_BATCH_BYTES


@pytest.mark.parametrize("record", [b"", bytes(256)])
def test_a_record_without_a_length_of_one_byte_has_no_batch(record: bytes) -> None:
    with pytest.raises(WireError):
        list(batches([record]))


@pytest.mark.parametrize("batch", [b"\x00", b"\x02a", b"\x01a\x05", b"\x01a\x00"])
def test_a_length_that_does_not_fit_is_an_error(batch: bytes) -> None:
    with pytest.raises(WireError):
        records_of(batch)


@given(st.integers(1, 2**53 - 1))
def test_the_number_is_read_and_nothing_else(number: int) -> None:
    assert number_of(canonical.encode([number, "whatever is new"])) == number
    assert number_of(canonical.encode([number])) == number
    assert number_of(canonical.encode([number]) + b"\xff unread") == number


@pytest.mark.parametrize(
    "data", [b"", b"\x80", b"\x01", b"\x81", b"\x81\x00", b"\x81\x20", b"\x81\x19\x01", b"\x81\x1c"]
)
def test_what_has_no_number_is_an_error(data: bytes) -> None:
    with pytest.raises(WireError):
        number_of(data)


@given(st.binary(max_size=80))
def test_any_bytes_are_records_or_a_typed_error(data: bytes) -> None:
    try:
        records = records_of(data)
    except WireError:
        return
    assert b"".join(bytes([len(record)]) + record for record in records) == data
