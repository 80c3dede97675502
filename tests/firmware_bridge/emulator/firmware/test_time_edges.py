"""Both times at the edges: what a gap proves, what a token is worth, when a page is written."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ports import ClockReading
from firmware_bridge.emulator.firmware.timekeeping import (
    Anchor,
    Judgement,
    Timekeeping,
    WallSetting,
)
from firmware_bridge.emulator.parts.flash import BlockFlash
from firmware_bridge.emulator.parts.media import MemoryMedium
from shared.wire import fields

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
WALL_MS = 1_790_000_000_000


@dataclass
class StoppedClock:
    """A backed clock that stands where it is put."""

    count_ms: int = 1_000_000
    unbroken: bool = False
    trusted: int = 0

    def read(self) -> ClockReading:
        return ClockReading(self.count_ms, unbroken=self.unbroken)

    def mark_trusted(self) -> None:
        self.unbroken = True
        self.trusted += 1


@dataclass
class World:
    """Timekeeping over flash and a clock that outlive it."""

    medium: MemoryMedium = field(default_factory=MemoryMedium)
    clock: StoppedClock = field(default_factory=StoppedClock)
    time: Timekeeping = field(init=False)

    def __post_init__(self) -> None:
        self.switch_on()

    def switch_on(self, at_least_ms: int = 0, boots: int = 0) -> bool:
        self.flash = BlockFlash(self.medium)
        self.time = Timekeeping(self.flash, self.clock)
        return self.time.boot(at_least_ms=at_least_ms, boots=boots)

    def wait(self, ms: int) -> None:
        self.clock.count_ms += ms
        self.time.advance(self.time.uptime_ms + ms)

    def lose(self, off_ms: int = 0) -> None:
        self.clock.count_ms, self.clock.unbroken = off_ms, False
        self.switch_on()

    def judge(self, wall_ms: int, *, earliest_ms: int = 0, newest_ms: int = 0) -> Judgement:
        return self.time.judge(wall_ms, earliest_ms=earliest_ms, newest_trusted_ms=newest_ms)

    @property
    def anchor(self) -> Anchor:
        page = self.flash.read_page("anchor")
        assert page is not None
        return fields.unpack(Anchor, page)


@pytest.fixture
def world() -> World:
    """A device that was never set."""
    return World()


@pytest.fixture
def known(world: World) -> World:
    """A device that knows the time."""
    world.time.set_wall(WALL_MS, provisional=False)
    return world


@pytest.fixture
def settled(known: World) -> World:
    """One that has kept, five minutes later, what it knows."""
    known.wait(5 * MINUTE_MS)
    return known


KEPT_MS = WALL_MS + 5 * MINUTE_MS

# Proven time


def test_a_first_boot_begins_at_nothing(world: World) -> None:
    time = world.time
    assert (time.proven_ms, time.base_ms, time.uptime_ms, time.boot_count) == (0, 0, 0, 1)
    assert world.anchor == Anchor(0, 1_000_000, 1)


def test_an_unbroken_gap_counts_whole_and_a_broken_one_not_at_all(known: World) -> None:
    known.wait(7 * MINUTE_MS)
    known.clock.count_ms += HOUR_MS
    assert known.switch_on()
    assert known.time.proven_ms == 7 * MINUTE_MS + HOUR_MS
    assert known.time.boot_count == 2
    known.clock.unbroken = False
    known.clock.count_ms += HOUR_MS
    assert not known.switch_on()
    assert known.time.proven_ms == 7 * MINUTE_MS + HOUR_MS


def test_neither_time_nor_boots_go_back_behind_the_record(known: World) -> None:
    known.clock.count_ms -= 10
    known.switch_on(at_least_ms=5_000, boots=9)
    assert (known.time.proven_ms, known.time.boot_count) == (5_000, 10)
    known.switch_on(at_least_ms=4_000, boots=3)
    assert (known.time.proven_ms, known.time.boot_count) == (5_000, 11)


def test_time_in_a_boot_never_goes_back(world: World) -> None:
    world.time.advance(500)
    world.time.advance(400)
    assert (world.time.uptime_ms, world.time.proven_ms) == (500, 500)


def test_every_five_minutes_the_page_says_so(world: World) -> None:
    world.wait(5 * MINUTE_MS - 1)
    assert world.anchor.proven_ms == 0
    world.wait(1)
    assert world.anchor.proven_ms == 5 * MINUTE_MS
    world.wait(5 * MINUTE_MS - 1)
    assert world.anchor.proven_ms == 5 * MINUTE_MS
    world.wait(1)
    assert world.anchor.proven_ms == 10 * MINUTE_MS


def test_attested_time_is_gained_and_kept(world: World) -> None:
    world.wait(1_000)
    world.time.gain(HOUR_MS)
    assert (world.time.proven_ms, world.time.base_ms) == (HOUR_MS + 1_000, HOUR_MS)
    assert world.anchor.proven_ms == HOUR_MS + 1_000


def test_before_its_boot_nothing_has_passed(world: World) -> None:
    time = Timekeeping(world.flash, world.clock)
    assert (time.proven_ms, time.base_ms, time.uptime_ms, time.boot_count) == (0, 0, 0, 0)
    assert time.wall_ms() is None


def test_without_a_page_the_unbroken_count_is_proven(world: World) -> None:
    world.clock.unbroken = True
    world.flash.lose_page("anchor")
    assert world.switch_on()
    assert (world.time.proven_ms, world.time.boot_count) == (1_000_000, 1)


# The wall clock


def test_a_clock_that_was_set_runs_with_the_backed_count(known: World) -> None:
    assert known.time.wall_ms() == WALL_MS
    known.wait(1_999)
    assert known.time.wall_ms() == WALL_MS + 1_999
    assert known.time.wall_s() == known.time.require_wall_s() == WALL_MS // 1000 + 1
    assert known.clock.trusted == 1


def test_one_that_was_lost_or_never_set_says_nothing(world: World) -> None:
    assert world.time.wall_ms() is world.time.wall_s() is None
    with pytest.raises(Refused) as refused:
        world.time.require_wall_s()
    assert refused.value.code == "clock_not_trusted"
    world.time.set_wall(WALL_MS, provisional=False)
    world.lose()
    assert world.time.wall_ms() is None


def test_a_setting_is_kept_beside_proven_time_at_once(world: World) -> None:
    world.time.set_wall(WALL_MS, provisional=False)
    world.wait(700)
    world.time.set_wall(WALL_MS + 800, provisional=False)
    kept = (world.anchor.trusted_wall_ms, world.anchor.trusted_proven_ms)
    assert kept == (WALL_MS + 800, 700)
    world.lose(500)
    world.time.set_wall(WALL_MS + 40 * DAY_MS, provisional=True)
    page = world.flash.read_page("wall")
    assert page is not None
    far_ms = WALL_MS + 40 * DAY_MS
    assert fields.unpack(WallSetting, page) == WallSetting(far_ms, 500, far_ms, 500, 700)


def test_the_first_millisecond_that_was_ever_known_is_something_to_expect_from(
    world: World,
) -> None:
    assert world.judge(WALL_MS, newest_ms=0) is Judgement.TRUSTED
    assert world.judge(WALL_MS, newest_ms=1) is Judgement.PROVISIONAL


def test_where_no_clock_was_set_no_loss_is_recorded(world: World) -> None:
    world.time.note_loss_recorded()
    assert world.flash.read_page("wall") is None


def test_a_loss_is_told_once(known: World) -> None:
    assert not known.time.has_unrecorded_loss
    known.lose()
    assert known.time.has_unrecorded_loss
    known.time.note_loss_recorded()
    assert not known.time.has_unrecorded_loss
    known.switch_on()
    assert not known.time.has_unrecorded_loss
    assert not World().time.has_unrecorded_loss


@pytest.mark.parametrize(
    ("earliest_ms", "newest_ms", "worth"),
    [
        (WALL_MS, 0, Judgement.TRUSTED),
        (WALL_MS + 1, 0, Judgement.REFUSED),
        (0, WALL_MS, Judgement.TRUSTED),
        (0, WALL_MS + 1, Judgement.REFUSED),
    ],
)
def test_no_token_is_of_before_what_is_known(
    world: World, earliest_ms: int, newest_ms: int, worth: Judgement
) -> None:
    assert world.judge(WALL_MS, earliest_ms=earliest_ms, newest_ms=newest_ms) is worth


@pytest.mark.parametrize(
    ("off_ms", "worth"),
    [
        (2_000, Judgement.TRUSTED),
        (2_001, Judgement.REFUSED),
        (-2_000, Judgement.TRUSTED),
        (-2_001, Judgement.REFUSED),
    ],
)
def test_corrections_stay_within_two_seconds_and_the_drift(
    known: World, off_ms: int, worth: Judgement
) -> None:
    assert known.judge(WALL_MS + off_ms) is worth
    known.wait(DAY_MS)
    drift_ms = DAY_MS * 100 // 1_000_000
    far = off_ms + (drift_ms if off_ms > 0 else -drift_ms)
    assert known.judge(WALL_MS + DAY_MS + far) is worth


def test_all_corrections_together_stay_within_it(known: World) -> None:
    known.time.set_wall(WALL_MS + 2_000, provisional=False)
    assert known.time.wall_ms() == WALL_MS + 2_000
    assert known.judge(WALL_MS + 2_000) is Judgement.TRUSTED
    assert known.judge(WALL_MS + 2_001) is Judgement.REFUSED


@pytest.mark.parametrize(
    ("jump_ms", "worth"),
    [(DAY_MS, Judgement.TRUSTED), (DAY_MS + 1, Judgement.PROVISIONAL)],
)
def test_after_a_loss_a_day_is_no_jump(settled: World, jump_ms: int, worth: Judgement) -> None:
    settled.lose()
    assert settled.judge(KEPT_MS + jump_ms) is worth
    assert settled.judge(KEPT_MS + jump_ms, newest_ms=KEPT_MS + 5) is (Judgement.TRUSTED)


def test_after_a_loss_it_is_not_before_what_was_known_but_for_the_drift(settled: World) -> None:
    settled.lose()
    assert settled.judge(KEPT_MS - 2_000) is Judgement.TRUSTED
    assert settled.judge(KEPT_MS - 2_001) is Judgement.REFUSED
    settled.wait(DAY_MS)
    drift_ms = DAY_MS * 100 // 1_000_000 + 2_000
    assert settled.judge(KEPT_MS + DAY_MS - drift_ms) is Judgement.TRUSTED
    assert settled.judge(KEPT_MS + DAY_MS - drift_ms - 1) is Judgement.REFUSED


def test_a_provisional_setting_is_trusted_an_hour_later_by_another_token(settled: World) -> None:
    settled.lose()
    settled.wait(3 * HOUR_MS)
    far_ms = KEPT_MS + 40 * DAY_MS
    assert settled.judge(far_ms) is Judgement.PROVISIONAL
    settled.time.set_wall(far_ms, provisional=True)
    assert settled.time.wall_ms() is None
    settled.wait(HOUR_MS - 1)
    assert settled.judge(far_ms + HOUR_MS - 1) is Judgement.TOO_SOON
    settled.wait(1)
    assert settled.judge(far_ms + HOUR_MS) is Judgement.TRUSTED
    settled.time.set_wall(far_ms + HOUR_MS, provisional=False)
    assert settled.time.wall_ms() == far_ms + HOUR_MS
    assert settled.judge(far_ms + HOUR_MS + 2_000) is Judgement.TRUSTED
    assert settled.judge(far_ms + HOUR_MS + 2_001) is Judgement.REFUSED


def test_one_that_differs_is_judged_as_after_a_loss(settled: World) -> None:
    settled.lose()
    settled.time.set_wall(KEPT_MS + 40 * DAY_MS, provisional=True)
    settled.wait(2 * HOUR_MS)
    assert settled.judge(KEPT_MS + 50 * DAY_MS) is Judgement.PROVISIONAL
    assert settled.judge(KEPT_MS + 2 * HOUR_MS) is Judgement.TRUSTED


def test_the_newest_trusted_time_is_kept_with_proven_time(known: World) -> None:
    known.wait(5 * MINUTE_MS)
    anchor = known.anchor
    assert (anchor.trusted_wall_ms, anchor.trusted_proven_ms) == (
        WALL_MS + 5 * MINUTE_MS,
        5 * MINUTE_MS,
    )
    known.lose()
    known.wait(5 * MINUTE_MS)
    assert (known.anchor.trusted_wall_ms, known.anchor.trusted_proven_ms) == (
        WALL_MS + 5 * MINUTE_MS,
        5 * MINUTE_MS,
    )


def test_a_setting_is_kept_as_written_down(known: World) -> None:
    page = known.flash.read_page("wall")
    assert page is not None
    assert fields.unpack(WallSetting, page) == WallSetting(WALL_MS, 1_000_000, WALL_MS, 1_000_000)
    known.wait(500)
    known.time.set_wall(WALL_MS + 700, provisional=False)
    page = known.flash.read_page("wall")
    assert page is not None
    assert fields.unpack(WallSetting, page) == WallSetting(
        WALL_MS + 700, 1_000_500, WALL_MS, 1_000_000
    )
