"""What is outside the envelope says so whole: each field, its value, its limit and its source."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.dose.envelope import violations
from shared.stimulation.catalogue import catalogue
from tests.shared.dose.test_envelope import (
    TEN_HERTZ,
    fields_of,
    with_part,
    with_pattern,
)
from tests.shared.dose.violation_table import TABLE, broken, lines
from tests.shared.prescribed import prescribed


def test_each_broken_limit_says_what_is_written_down() -> None:
    """`python -m tests.shared.dose.violation_table` writes it anew, when that is meant."""
    assert "\n".join(lines()) == TABLE.read_text().rstrip("\n")


def test_all_that_stands_there_is_outside() -> None:
    assert all(violations(outside, in_force) for outside, in_force in broken())


@pytest.mark.parametrize("trains", [2, 3])
def test_two_trains_are_apart_as_three_are(trains: int) -> None:
    close = with_part(prescribed(TEN_HERTZ), trains=trains, interval_ms=4999)
    assert "parts[1].interval_ms" in fields_of(close)


def test_at_one_hertz_trains_need_no_interval_of_their_own() -> None:
    slow = with_pattern(with_part(prescribed(TEN_HERTZ), trains=2, interval_ms=0), rate_mhz=1000)
    assert "parts[1].interval_ms" not in fields_of(slow)
    faster = with_pattern(slow, rate_mhz=1001)
    assert "parts[1].interval_ms" in fields_of(faster)


@pytest.mark.parametrize("entry_id", ["mdd-r-dlpfc-1hz", "mdd-h1-deep", "pain-m1-10hz"])
def test_a_part_more_than_an_excepted_protocol_has_is_outside(entry_id: str) -> None:
    plain = prescribed(catalogue().entry(entry_id))
    more = replace(plain, parts=(*plain.parts, plain.parts[0]))
    assert "parts" in fields_of(more)
