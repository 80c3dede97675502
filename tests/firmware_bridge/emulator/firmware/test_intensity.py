"""R9, R13: intensity is ramped by completed sessions and only falls within one."""

from __future__ import annotations

import pytest

from shared.wire.operations import Answer, Operation, SealedPercentArguments, StatusCode
from shared.wire.records import SliceReservedBody
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.shared.clinic import itbs


def soften(band: Band, percent: int, *, sealed: int | None = None) -> Answer:
    """Send a softening under the session's key; ``sealed`` is what the MAC covers instead."""
    assert band.writer is not None
    counter, mac = band.writer.seal(int(Operation.SOFTEN), percent if sealed is None else sealed)
    return band.ask(Operation.SOFTEN, SealedPercentArguments(counter, mac, percent))


def percents(band: Band) -> list[int]:
    return [body.percent_mso for body in band.bodies(SliceReservedBody)]


def test_softened_it_stays_lower_from_the_next_slice_on(band: Band) -> None:
    band.start()
    band.run_until_fired(30)
    assert soften(band, 50).status is StatusCode.OK
    band.run_until_fired(90)
    assert percents(band)[:3] == [62, 50, 50]


def test_it_never_rises_again(band: Band) -> None:
    band.start()
    band.run_until_fired(30)
    soften(band, 50)
    assert soften(band, 60).status is StatusCode.OK
    band.run_until_fired(60)
    assert percents(band)[-1] == 50


def test_the_percentage_is_under_the_mac(band: Band) -> None:
    band.start()
    refused = soften(band, 60, sealed=50)
    assert (refused.status, refused.result.code) == (StatusCode.NOT_TRUSTED, "trust_mac")


def test_the_next_session_is_as_signed(band: Band) -> None:
    band.start()
    band.run_until_fired(30)
    soften(band, 40)
    band.run(200_000, beat=True)
    band.skip(20 * 3_600_000)
    band.answer_gates()
    band.start()
    band.run_until_fired(610)
    assert percents(band)[-1] == 62


@pytest.mark.parametrize(("ramp", "first"), [((80, 100), 41), ((120,), 62)])
def test_a_ramp_begins_the_course(new_band: Band, ramp: tuple[int, ...], first: int) -> None:
    new_band.ready(itbs(ramp=ramp))
    new_band.start()
    new_band.run_until_fired(10)
    assert percents(new_band)[-1] == first


def test_the_ramp_advances_by_completed_sessions_alone(new_band: Band) -> None:
    new_band.ready(itbs(ramp=(80, 100)))
    new_band.start()
    new_band.run_until_fired(100)
    new_band.must(Operation.CLOSE)
    new_band.skip(20 * 3_600_000)
    new_band.answer_gates()
    new_band.start()
    new_band.run(250_000, beat=True)
    assert percents(new_band)[-1] == 41
    new_band.skip(20 * 3_600_000)
    new_band.answer_gates()
    new_band.start()
    new_band.run_until_fired(new_band.fired + 10)
    assert percents(new_band)[-1] == 52
