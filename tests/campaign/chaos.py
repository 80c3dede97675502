"""A patient's days at random, and an oracle that knows only the coil's log and the prescription.

Not a second lock: the oracle never asks the device why, it only looks at when pulses fell.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from shared.dose import ledger
from shared.dose.prescription import Prescription
from shared.wire.operations import Operation, StatusCode
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import STEP_MS, Band
from tests.shared.clinic import DEVICE_ID

IN_TRAIN_US = frozenset({20_000, 160_000})
REST_US = 8_000_000
STOP_US = 100_000
BEAT_LIMIT_US = 3_000_000
DAY_US = 20 * 3600 * 1_000_000
HOUR_MS = 3_600_000


@dataclass
class Oracle:
    """What may never happen, judged by the coil's own log."""

    prescription: Prescription
    session_of: list[int] = field(default_factory=list)

    def judge(self, times_us: list[int]) -> None:
        """Raise AssertionError when a pulse fell where none may."""
        limits = self.prescription.limits
        for late in range(1, len(times_us)):
            gap_us = times_us[late] - times_us[late - 1]
            if self.session_of[late] != self.session_of[late - 1]:
                assert gap_us >= limits.min_interval_s * 1_000_000, ("interval", late, gap_us)
            else:
                assert gap_us in IN_TRAIN_US or gap_us >= REST_US, ("rest", late, gap_us)
        first = 0
        for late, at_us in enumerate(times_us):
            while at_us - times_us[first] >= DAY_US:
                first += 1
            assert late - first + 1 <= limits.pulses_per_day_window, ("day window", late)
            sessions = len(set(self.session_of[first : late + 1]))
            assert sessions <= limits.sessions_per_day_window, ("sessions", late)


class Campaign:
    """One band, one person with bad luck."""

    def __init__(self, band: Band, prescription: Prescription, seed: int) -> None:
        self.band, self.random = band, random.Random(seed)
        self.oracle = Oracle(prescription)
        self.sessions = 0
        self.stopped = True
        self.last_beat_us = 0
        self.seen: set[str] = set()
        band.ready(prescription)
        self.ledger = ledger.genesis(DEVICE_ID, band.must(Operation.HELLO).epoch)

    ACTIONS: tuple[tuple[str, int], ...] = (
        ("treat", 10),
        ("go_on", 10),
        ("let_run", 14),
        ("lose_link", 3),
        ("stop", 4),
        ("press", 4),
        ("pause", 3),
        ("close", 1),
        ("reboot", 2),
        ("lose_contact", 3),
        ("slip", 2),
        ("overheat", 1),
        ("replay_arm", 3),
        ("replay_start", 3),
        ("second_arm", 3),
        ("turn_the_clock", 2),
        ("wait_hours", 3),
        ("wait_for_the_lock", 5),
    )

    def live(self, actions: int) -> None:
        """Do so many things at random; judge after each."""
        names = [name for name, _ in self.ACTIONS]
        weights = [weight for _, weight in self.ACTIONS]
        for name in self.random.choices(names, weights, k=actions):
            self.seen.add(name)
            step: Callable[[], None] = getattr(self, name)
            step()
            self.note()
        self.oracle.judge(self.band.pulse_times_us)

    def note(self) -> None:
        """Whose session the new pulses are, and whether the ledger knows of them all."""
        band = self.band
        new = band.fired - len(self.oracle.session_of)
        self.oracle.session_of += [self.sessions] * new
        assert band.firmware.fault is None
        for entry in band.board.flash.read_all().entries[self.ledger.number :]:
            self.ledger = ledger.take(self.ledger, entry)
        assert band.fired <= self.ledger.total_pulses, "charged >= fired"

    def pass_time(self, ms: int, *, beat: bool) -> None:
        """Let time pass and watch the coil: nothing after STOP, nothing without the phone."""
        before = self.band.fired
        end_ms = self.band.now_ms + ms
        while self.band.now_ms < end_ms:
            self.band.run(STEP_MS, beat=beat)
            if beat and self.band.now_ms % 1000 < STEP_MS:
                self.last_beat_us = self.band.now_ms * 1000
        fired = self.band.pulse_times_us[before:]
        assert not (fired and self.stopped), "a pulse after STOP without a new touch"
        limit_us = self.last_beat_us + BEAT_LIMIT_US + STOP_US
        assert all(at_us <= limit_us for at_us in fired), "a pulse without the phone"

    def touched(self) -> None:
        """A deliberate touch was taken: pulses may come again."""
        self.last_beat_us = self.band.now_ms * 1000
        self.stopped = False

    # What happens

    def treat(self) -> None:
        """Do all that a patient and a phone do before a session, and press the button."""
        if self.band.state is not DeviceState.IDLE:
            return
        self.band.set_time()
        self.band.clear()
        self.band.answer_gates()
        session_id = (self.sessions + 1).to_bytes(16, "big")
        if self.band.arm(session_id).status is not StatusCode.OK:
            return
        self.sessions += 1
        self.band.sealed(Operation.OPEN_START_WINDOW)
        self.band.press()
        self.touched()

    def go_on(self) -> None:
        """Resume, and press as STOP asks."""
        if self.band.state is not DeviceState.PAUSED:
            return self.let_run()
        resumed = self.band.sealed(Operation.RESUME).status is StatusCode.OK
        if resumed and self.random.random() < 0.8:
            self.band.press()
        if self.band.is_in(DeviceState.STIMULATING):
            self.touched()
        return None

    def let_run(self) -> None:
        self.pass_time(self.random.randrange(1, 900) * STEP_MS, beat=True)

    def lose_link(self) -> None:
        self.band.firmware.disconnected()
        self.pass_time(self.random.randrange(1, 300) * STEP_MS, beat=False)

    def stop(self) -> None:
        self.band.must(Operation.STOP)
        self.stopped = True
        self.pass_time(3_000, beat=True)

    def press(self) -> None:
        """A press starts or goes on in an open window, and else stops or does nothing."""
        window = self.band.firmware.status().start_window_open
        self.band.press()
        if window and self.band.is_in(DeviceState.STIMULATING):
            self.touched()
        self.stopped = self.stopped or not window
        self.pass_time(3_000, beat=True)

    def pause(self) -> None:
        self.band.must(Operation.PAUSE)
        self.stopped = True
        self.pass_time(3_000, beat=True)

    def close(self) -> None:
        self.band.must(Operation.CLOSE)
        self.stopped = True
        self.pass_time(1_000, beat=True)

    def reboot(self) -> None:
        if self.random.random() < 0.3:
            self.band.board.clock.break_supply()
        self.stopped = True
        self.band.reboot(off_ms=self.random.choice([0, 700, 60_000, HOUR_MS]) // STEP_MS * STEP_MS)
        self.pass_time(1_000, beat=True)

    def lose_contact(self) -> None:
        self.band.board.sensors.change(contact=False)
        self.pass_time(self.random.choice([100, 250, 2_000]) // STEP_MS * STEP_MS, beat=True)
        self.band.board.sensors.change(contact=True)

    def slip(self) -> None:
        self.band.board.sensors.change(position_ok=False)
        self.stopped = self.stopped or self.band.state is not DeviceState.STIMULATING
        self.pass_time(500, beat=True)
        self.band.board.sensors.change(position_ok=True)

    def overheat(self) -> None:
        self.band.board.sensors.change(coil_temperature_c=50)
        self.pass_time(500, beat=True)
        self.band.board.sensors.change(coil_temperature_c=None)

    def replay_arm(self) -> None:
        if self.band.arm_message:
            assert self.band.resend_arm().status is not StatusCode.OK

    def replay_start(self) -> None:
        """A recorded command of an earlier counter is worth nothing."""
        if self.band.writer is not None:
            sealed = self.band.writer.seal(int(Operation.START))
            self.band.send_sealed(Operation.START, sealed)
            assert self.band.send_sealed(Operation.START, sealed).status is not StatusCode.OK

    def second_arm(self) -> None:
        if self.band.state is not DeviceState.IDLE:
            assert self.band.ask_to_arm_only().status is StatusCode.WRONG_STATE

    def turn_the_clock(self) -> None:
        """A phone of wrong clock fetches a token of wrong time."""
        self.band.set_time(offset_ms=self.random.choice([-1, 1]) * 24 * HOUR_MS)

    def wait_hours(self) -> None:
        self.band.skip(self.random.choice([1, 3, 4, 5, 12]) * HOUR_MS)

    def wait_for_the_lock(self) -> None:
        """Wait exactly until the instant at which the lock says that it opens."""
        if self.band.state is not DeviceState.IDLE:
            return
        status = self.band.firmware.status()
        ends = [reason.ends_proven_ms for reason in status.reasons if reason.ends_proven_ms]
        if ends:
            wait_ms = max(ends) - status.proven_ms
            self.band.skip(-(-wait_ms // STEP_MS) * STEP_MS)
        self.treat()
