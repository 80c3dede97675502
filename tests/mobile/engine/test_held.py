"""Where a hold came from, as far as this phone knows; and that its own locks before the band has
it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from mobile.engine import flagging, held
from mobile.engine.present_lock import lock_of
from mobile.presenters.holds import Origin
from shared.dose.ledger_state import OpenHold
from shared.trust.statements import HoldKind, HoldSource
from tests.mobile.engine.killed_phone import Band, Phone
from tests.mobile.worlds import MemoryKeyStore


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Any]:
    phone = Phone(tmp_path, MemoryKeyStore(), Band())
    yield phone
    phone.store.close()


def on_record(phone: Any, *holds: tuple[HoldSource, str]) -> None:
    placed = tuple(
        OpenHold(bytes([at]) * 16, HoldKind.SAFETY, source, reason, 0, at)
        for at, (source, reason) in enumerate(holds, start=1)
    )
    phone.ledger = SimpleNamespace(state=SimpleNamespace(holds=placed))


@pytest.mark.parametrize(
    ("source", "reason", "origin"),
    [
        (HoldSource.CLOUD, "seizure sign", Origin.CLINIC),
        (HoldSource.APP, "seizure or stroke sign", Origin.NOTICED),
        (HoldSource.APP, flagging.WITHDRAWN, Origin.WITHDRAWN),
        (HoldSource.DEVICE, "side effect:skin", Origin.NOTICED),
        (HoldSource.DEVICE, "screening:", Origin.ANSWERED),
        (HoldSource.DEVICE, "motion", Origin.BAND),
    ],
)
def test_each_hold_is_told_by_who_placed_it(
    phone: Any, source: HoldSource, reason: str, origin: Origin
) -> None:
    on_record(phone, (source, reason))
    assert held.origins(phone) == {origin}


def test_without_the_record_nobody_is_named(phone: Any) -> None:
    assert held.origins(phone) == frozenset()


def test_a_red_flag_locks_here_before_the_band_has_heard_of_it(phone: Any) -> None:
    assert not lock_of(phone).is_held
    hold_id = flagging.hold(phone, "skin")
    assert lock_of(phone).is_held
    assert held.origins(phone) == {Origin.NOTICED}
    flagging.take_back(phone, hold_id)
    assert not lock_of(phone).is_held


def test_a_sign_of_a_seizure_locks_also_after_it_was_taken_back(phone: Any) -> None:
    flagging.take_back(phone, flagging.hold(cast("Any", phone), flagging.SEVERAL))
    assert lock_of(phone).is_held
