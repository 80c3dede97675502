"""Bytes that the desk does not let anybody sign, because it could not show all they may mean."""

from __future__ import annotations

from typing import Any, cast

import cbor2
import pytest

from shared.trust.challenge import PRESCRIPTION_TYPE
from shared.wire import canonical
from tests.cloud.desk.browsing import Tab
from tests.cloud.desk.worlds import sample_bytes, signing_link

pytestmark = pytest.mark.asyncio(loop_scope="package")
RETURN = "http://cloud.localhost:8080/desk-return"


async def refused(reader: Tab, desk: str, data: bytes, kind: str = PRESCRIPTION_TYPE) -> str:
    """Return the desk's words of refusal; there must be nothing to sign with."""
    await reader.show(signing_link(desk, [data], back=RETURN, kind=kind))
    assert await reader.page.locator("#sign").count() == 0
    said = await reader.text()
    assert "The desk does not go on" in said
    return said


def mapped() -> dict[int, Any]:
    """Return the sample as a map, to break it."""
    return cast(dict[int, Any], canonical.decode(sample_bytes()))


def swapped_keys() -> bytes:
    """The same map with its first two keys in the other order."""
    data = sample_bytes()
    first, second = b"\x01\x01", b"\x02\x4bdemo-clinic"
    assert data.startswith(b"\xb8\x1d" + first + second)
    return data[:2] + second + first + data[2 + len(first + second) :]


async def test_the_swapped_bytes_still_say_the_same() -> None:
    assert cbor2.loads(swapped_keys()) == cbor2.loads(sample_bytes())


@pytest.mark.parametrize(
    "data",
    [
        swapped_keys(),
        b"\xb8\x1d\x18\x01\x01" + sample_bytes()[4:],
        b"\xb9\x00\x1d" + sample_bytes()[2:],
        b"\xbf" + sample_bytes()[2:] + b"\xff",
        sample_bytes() + b"\x00",
        sample_bytes()[:-1],
        b"",
    ],
    ids=["order", "long key", "long head", "indefinite", "trailing", "cut", "empty"],
)
async def test_bytes_with_a_second_spelling_are_refused(
    reader: Tab, desk: str, data: bytes
) -> None:
    said = await refused(reader, desk, data)
    assert "canonical form" in said or "not readable" in said


@pytest.mark.parametrize(
    "change",
    [
        {28: 1},
        {34: 1},
        {30: ["90"]},
        {31: [{1: 1, 2: 1, 3: 0}] * 7},
        {32: ""},
        {33: {1: bytes(16)}},
        {200: b""},
        {1: 5},
        {1: "1"},
        {6: 0},
        {6: 2**32 + 1},
        {6: -4},
        {6: 2**60},
        {6: True},
        {5: ""},
        {5: b"K.V."},
        {3: bytes(15)},
        {8: 1},
        {8: None},
        {14: []},
        {17: [6]},
        {17: [1, 2, 3, 4, 5, 1]},
        {16: {}},
        {15: [1]},
        {22: None},
    ],
    ids=str,
)
async def test_fields_and_values_it_does_not_know_are_refused(
    reader: Tab, desk: str, change: dict[int, Any]
) -> None:
    await refused(reader, desk, canonical.encode(mapped() | change))


async def test_a_missing_field_is_refused(reader: Tab, desk: str) -> None:
    value = mapped()
    del value[12]
    assert "envelope_version" in await refused(reader, desk, canonical.encode(value))


@pytest.mark.parametrize("kind", ["circlet/prescription/v2", "circlet/supervise/v1", "toString"])
async def test_a_statement_of_another_type_is_refused(reader: Tab, desk: str, kind: str) -> None:
    said = await refused(reader, desk, sample_bytes(), kind)
    assert "does not know that kind of statement" in said


async def test_one_bad_statement_stops_the_whole_list(reader: Tab, desk: str) -> None:
    link = signing_link(desk, [sample_bytes(), sample_bytes() + b"\x00"], back=RETURN)
    await reader.show(link)
    assert await reader.page.locator("#sign").count() == 0
