"""Heat, battery and sensors: what pulses and time do to the world, noise included."""

from __future__ import annotations

import math

import pytest

from firmware_bridge.emulator.parts.battery import SAG_MS, Battery
from firmware_bridge.emulator.parts.heat import AMBIENT_C, CoilTemperature
from firmware_bridge.emulator.parts.profiles import FIGURE_8, H1, PROFILES
from firmware_bridge.emulator.parts.sensors import MOTION_NOISE_MG, SetSensors, noises
from shared.stimulation.catalogue import catalogue
from shared.stimulation.limits import absolute_limits

HOUR_MS = 3_600_000


class SetTime:
    """A time that stands where the test puts it."""

    def __init__(self, now_ms: int = 0) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms


def sensors_at(time: SetTime, *, seed: int = 0) -> SetSensors:
    return SetSensors(CoilTemperature(time), Battery(time, 80), time, seed=seed)


def hottest_c(protocol: str, percent_mso: int, ambient_c: float) -> float:
    """The coil's temperature at the end of a catalogue protocol's session."""
    time = SetTime()
    coil = CoilTemperature(time, FIGURE_8, ambient_c=ambient_c)
    entry = next(entry for entry in catalogue().entries if entry.id == protocol)
    start_us = 0
    for part in entry.parts:
        plan = part.plan
        for _ in range(plan.trains):
            for index in range(plan.pattern.pulses_per_train):
                time.now_ms = (start_us + plan.pattern.pulse_us(index)) // 1000
                coil.pulse(percent_mso)
            start_us += plan.pattern.train_us + plan.interval_us
    return coil.celsius()


@pytest.mark.parametrize("ambient_c", [24, 30])
@pytest.mark.parametrize(
    "protocol", [entry.id for entry in catalogue().entries if entry.coil == "figure-8"]
)
def test_no_ordinary_session_comes_near_the_limit(protocol: str, ambient_c: float) -> None:
    limit_c = absolute_limits().coil_temperature_c_max
    assert hottest_c(protocol, 62, ambient_c) < limit_c - 2


def test_session_after_session_at_full_output_is_too_hot() -> None:
    time = SetTime()
    coil = CoilTemperature(time)
    for _ in range(6_000):
        time.now_ms += 200
        coil.pulse(100)
    assert coil.celsius() > absolute_limits().coil_temperature_c_max


def test_coil_warms_with_the_square_of_output_and_cools_again() -> None:
    time = SetTime()
    weak, strong = CoilTemperature(time), CoilTemperature(time)
    for _ in range(600):
        weak.pulse(30)
        strong.pulse(60)
    weak_rise, strong_rise = weak.celsius() - AMBIENT_C, strong.celsius() - AMBIENT_C
    assert strong_rise == pytest.approx(4 * weak_rise)
    assert 2 < strong_rise < 6
    time.now_ms += FIGURE_8.cooling_time_s * 1000
    assert strong.celsius() - AMBIENT_C == pytest.approx(strong_rise / math.e)
    time.now_ms += 10 * HOUR_MS
    assert strong.celsius() == pytest.approx(AMBIENT_C, abs=0.01)


def test_another_coil_has_another_heat() -> None:
    time = SetTime()
    small, large = CoilTemperature(time, FIGURE_8), CoilTemperature(time, H1)
    for coil in (small, large):
        for _ in range(600):
            coil.pulse(60)
    assert small.celsius() > large.celsius()
    assert set(PROFILES) == {entry.coil for entry in catalogue().entries}


class TestBattery:
    def test_pulses_drain_it_by_their_energy(self) -> None:
        time = SetTime()
        weak, strong = Battery(time, 80), Battery(time, 80)
        for _ in range(3_000):
            time.now_ms += 100
            weak.pulse(30)
            strong.pulse(62)
        time.now_ms += SAG_MS
        assert 60 < strong.percent() < weak.percent() < 80

    def test_it_sags_under_load_and_comes_back(self) -> None:
        time = SetTime()
        battery = Battery(time, 80)
        battery.pulse(70)
        assert battery.percent() == 77
        time.now_ms = SAG_MS
        assert battery.percent() == 80

    def test_between_sessions_the_charger_fills_it_again(self) -> None:
        time = SetTime()
        battery = Battery(time, 80)
        for _ in range(3_000):
            time.now_ms += 100
            battery.pulse(80)
        drained = battery.percent()
        time.now_ms += 30_000
        assert battery.percent() < 80, "not before it's laid down"
        time.now_ms += HOUR_MS
        assert (drained < 70, battery.percent()) == (True, 80)

    def test_without_a_charger_time_drains_it_too(self) -> None:
        time = SetTime()
        battery = Battery(time, 80)
        battery.on_charger = False
        time.now_ms += 100 * HOUR_MS
        assert battery.percent() == 70
        time.now_ms += 1_000 * HOUR_MS
        assert battery.percent() == 0

    def test_it_stays_where_it_was_set(self) -> None:
        time = SetTime()
        battery = Battery(time, 80)
        battery.set(20)
        time.now_ms += 10 * HOUR_MS
        assert battery.percent() == 20


class TestSensors:
    def test_they_say_what_was_set(self) -> None:
        sensors = sensors_at(SetTime())
        assert sensors.read().contact
        sensors.change(contact=False, coil_temperature_c=44, position_ok=False, motion_mg=900)
        reading = sensors.read()
        assert (reading.contact, reading.position_ok) == (False, False)
        assert reading.coil_temperature_c == 44
        assert abs(reading.motion_mg - 900) <= MOTION_NOISE_MG
        sensors.change(coil_temperature_c=None)
        assert sensors.read().coil_temperature_c == AMBIENT_C
        with pytest.raises(ValueError, match="battery_percent"):
            sensors.change(battery_percent=101)

    def test_ordinary_noise_moves_the_figures_and_never_the_verdict(self) -> None:
        time = SetTime()
        sensors = sensors_at(time)
        readings = [sensors.read() for time.now_ms in range(0, 60_000, 7)]
        assert all(reading.contact and reading.position_ok for reading in readings)
        assert len({reading.motion_mg for reading in readings}) > 20
        assert max(reading.motion_mg for reading in readings) < FIGURE_8.motion_limit_mg / 2
        sensors.change(contact=False, position_ok=False)
        readings = [sensors.read() for time.now_ms in range(0, 60_000, 7)]
        assert not any(reading.contact or reading.position_ok for reading in readings)

    def test_the_same_instant_reads_the_same_twice_and_another_seed_differs(self) -> None:
        time = SetTime(12_345)
        one, other = sensors_at(time), sensors_at(time, seed=1)
        assert one.read() == one.read()
        one_row, other_row = [], []
        for time.now_ms in range(0, 1_000, 50):
            one_row.append(one.read().motion_mg)
            other_row.append(other.read().motion_mg)
        assert one_row != other_row

    def test_a_noisy_sensor_flickers(self) -> None:
        time = SetTime()
        sensors = sensors_at(time)
        sensors.change(noise=20)
        readings = [sensors.read() for time.now_ms in range(0, 10_000, 50)]
        assert {reading.contact for reading in readings} == {True, False}
        assert {reading.position_ok for reading in readings} == {True, False}

    def test_a_stuck_sensor_repeats_itself(self) -> None:
        sensors = sensors_at(SetTime())
        before = sensors.read()
        sensors.change(stuck=True, contact=False, coil_temperature_c=90)
        assert sensors.read() == before
        sensors.change(stuck=False)
        assert not sensors.read().contact

    def test_noise_is_spread_evenly_in_every_channel(self) -> None:
        for values in zip(*(noises(1, at_ms) for at_ms in range(10_000)), strict=True):
            assert abs(sum(values)) < 200
            assert -1 <= min(values) < -0.99
            assert 0.99 < max(values) < 1
