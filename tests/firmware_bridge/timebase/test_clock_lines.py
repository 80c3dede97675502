"""What the clock server reads: its own lines, or a typed error."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.timebase import requests
from shared.wire import ticks
from shared.wire.errors import WireError

json_values = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just([1])
)
keys = st.sampled_from(["join", "acks", "ack", "fine", "control", "rate", "advance_ms"])


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_a_request_or_a_wire_error(line: bytes) -> None:
    try:
        requests.parse_request(line)
    except WireError:
        return


@given(st.dictionaries(keys, json_values | st.dictionaries(keys, json_values, max_size=2)))
def test_arbitrary_objects_are_a_request_or_a_wire_error(members: dict[str, Any]) -> None:
    try:
        requests.parse_request(json.dumps(members).encode())
    except WireError:
        return


@pytest.mark.parametrize(
    ("line", "request_meant"),
    [
        (ticks.join_line("phone", acks=True), requests.Join("phone", acks=True)),
        (ticks.ack_line(7), requests.Ack(7)),
        (ticks.control_line(rate=20), requests.SetRate(20.0)),
        (ticks.control_line(advance_ms=72_000_000), requests.Advance(72_000_000)),
        (requests.fine_line(wanted=True), requests.Fine(wanted=True)),
    ],
    ids=["join", "ack", "rate", "advance", "fine"],
)
def test_what_participants_write_is_understood(
    line: bytes, request_meant: requests.Request
) -> None:
    assert requests.parse_request(line) == request_meant
