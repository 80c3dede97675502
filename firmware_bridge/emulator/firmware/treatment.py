"""One armed or running session: reserve, fire on time, stop at once (R1 to R4, R10 to R13).

It fires only after the lock said yes at start or resume, and only pulses that stand reserved in
flash and are loaded into the coil's own countdown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from firmware_bridge.emulator.firmware.course_of_pulses import CourseOfPulses
from firmware_bridge.emulator.firmware.journal import Journal
from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ports import Coil, PartFailure, Sensors
from firmware_bridge.emulator.firmware.supervision import Supervision
from firmware_bridge.emulator.firmware.timekeeping import Timekeeping
from shared.dose.lock import Question, Verdict
from shared.dose.prescription import Prescription
from shared.stimulation.limits import absolute_limits
from shared.trust.session_key import CommandReader
from shared.wire import records
from shared.wire.operations import StatusCode
from shared.wire.records import CloseCause, PauseCause
from shared.wire.status import DeviceState

ARMED_MS = 120_000
START_WINDOW_MS = 30_000
PAUSE_LIMIT_MS = 600_000
CONTACT_GRACE_MS = 300
LOOK_EVERY_MS = 50
"""How often the sensors are looked at while stimulating, however long a step of time is (R3)."""

_FOREVER = 2**62


@dataclass
class Armed:
    """What an accepted arm request fixed for the session."""

    session_id: bytes
    prescription: Prescription
    prescription_hash: bytes
    arm_hash: bytes
    commands: CommandReader


class Treatment:
    """State, deadlines and pulses of the present session; idle when there is none."""

    def __init__(
        self,
        coil: Coil,
        sensors: Sensors,
        journal: Journal,
        time: Timekeeping,
        *,
        lock: Callable[[Question], Verdict],
        changed: Callable[[], None],
    ) -> None:
        self._coil, self._sensors, self._journal, self._time = coil, sensors, journal, time
        self._lock, self._changed = lock, changed
        self.state = DeviceState.IDLE
        self.armed: Armed | None = None
        self.course: CourseOfPulses | None = None
        self.watch = Supervision(0, 0)
        self.pause_cause: PauseCause | None = None
        self.last_close: CloseCause | None = None
        self._limit_ms = _FOREVER
        self._window_until_ms = 0
        self._fired_in_slice = 0
        self._reserved_left = 0
        self._contact_lost_ms: int | None = None
        self._looked_ms = 0
        coil.interlock(closed=True)

    # What the person and the phone do

    def arm(self, armed: Armed) -> None:
        """Arm for at most 120 s (R10); the lock was asked by the caller."""
        prescription = armed.prescription
        self.armed = armed
        self.watch = Supervision(prescription.beat_limit_ms, prescription.still_here_s * 1000)
        self.watch.begin(self._now_ms)
        self._limit_ms = self._now_ms + ARMED_MS
        self._window_until_ms = 0
        self._enter(DeviceState.ARMED)

    def open_window(self) -> None:
        """Open the half minute in which the band's button starts."""
        self._require(DeviceState.ARMED)
        self._window_until_ms = self._now_ms + START_WINDOW_MS
        self._changed()

    @property
    def window_open(self) -> bool:
        """True while a press of the button starts or goes on."""
        return self._now_ms < self._window_until_ms

    def start(self) -> None:
        """Open the session and fire, after the whole lock said yes again (R10)."""
        self._require(DeviceState.ARMED)
        armed = self._require_armed()
        self._ask(Question.OPEN)
        prescription = armed.prescription
        self._journal.write(
            records.SessionOpenedBody(
                armed.session_id,
                armed.prescription_hash,
                prescription.pulses_per_session,
                prescription.trains_per_session,
                armed.arm_hash,
            )
        )
        self.course = CourseOfPulses(prescription.parts[0].plan)
        self.course.begin(self._now_ms * 1000, self._earliest_us(prescription))
        self._run()

    def press(self) -> bool:
        """Take a press of the band's button; return True when it meant something here."""
        if self.state is DeviceState.STIMULATING:
            self.pause(PauseCause.BUTTON)
        elif self.state is DeviceState.ARMED and self.window_open:
            self.start()
        elif self.state is DeviceState.PAUSED and self.window_open:
            self._go_on()
        else:
            return False
        return True

    def stop(self) -> None:
        """STOP: no further pulse; never refused (R3)."""
        if self.state is DeviceState.ARMED:
            self._leave()
        elif self.state is DeviceState.STIMULATING:
            self.pause(PauseCause.STOP)
        elif self.state is DeviceState.PAUSED:
            self.pause_cause = PauseCause.STOP
            self._window_until_ms = 0
            self._changed()

    def pause(self, cause: PauseCause) -> None:
        """End pulses now, inside a train too, for at most ten minutes (R3, R12)."""
        if self.state is not DeviceState.STIMULATING:
            return
        self._coil.interlock(closed=True)
        self._close_slice()
        if self.state is not DeviceState.STIMULATING:
            return
        self._journal.write(records.SessionPausedBody(cause))
        self.pause_cause = cause
        self._limit_ms = self._now_ms + PAUSE_LIMIT_MS
        self._window_until_ms = 0
        self._enter(DeviceState.PAUSED)

    def resume(self) -> None:
        """Go on after a pause; after STOP the band's button must agree (R12)."""
        self._require(DeviceState.PAUSED)
        if self.pause_cause in (PauseCause.STOP, PauseCause.BUTTON):
            self._window_until_ms = self._now_ms + START_WINDOW_MS
            self._changed()
            return
        self._go_on()

    def close(self, cause: CloseCause) -> None:
        """End the session for good; what it came to stands in its last record."""
        if self.state is DeviceState.ARMED:
            self._leave()
            return
        if self.state not in (DeviceState.STIMULATING, DeviceState.PAUSED):
            return
        self._coil.interlock(closed=True)
        self._close_slice()
        session, armed = self._journal.state.session, self.armed
        if armed is None:  # the count differed, and that fault has closed the session
            return
        if session is not None:
            whole = session.charged_pulses >= session.planned_pulses
            completed = whole and cause is CloseCause.COMPLETED
            self._journal.write(
                records.SessionClosedBody(
                    armed.session_id, cause, completed, session.charged_pulses
                )
            )
        self.last_close = cause
        self._leave()

    def abandon(self) -> None:
        """Let go of everything without a word to the record: a part has failed."""
        self._coil.interlock(closed=True)
        self._coil.load(0)
        self._reserved_left = 0
        self._leave()

    # What time does

    def advance(self, uptime_ms: int) -> None:
        """Do what is due up to ``uptime_ms``, pulses and deadlines in their order."""
        while self.state is not DeviceState.IDLE:
            due_us = self._next_us()
            if due_us > uptime_ms * 1000:
                break
            self._time.advance(due_us // 1000)
            self._do_next(due_us)
        self._time.advance(uptime_ms)
        self._look()

    def _next_us(self) -> int:
        deadlines = [self._limit_ms]
        if self.state in (DeviceState.ARMED, DeviceState.STIMULATING):
            deadlines.append(self.watch.beat_by_ms)
        if self.state is DeviceState.STIMULATING:
            deadlines += [self.watch.next_ms(), self._looked_ms + LOOK_EVERY_MS]
        due_us = min(deadlines) * 1000
        if self.state is DeviceState.STIMULATING and self.course is not None:
            due_us = min(due_us, self.course.next_pulse_us)
        return due_us

    def _do_next(self, due_us: int) -> None:
        now_ms = due_us // 1000
        stimulating = self.state is DeviceState.STIMULATING
        if now_ms >= self._limit_ms:
            self.close(CloseCause.PAUSE_LIMIT)
        elif stimulating and now_ms >= self._looked_ms + LOOK_EVERY_MS:
            self._look()
        elif self.state is DeviceState.ARMED and now_ms >= self.watch.beat_by_ms:
            self._leave()
        elif stimulating and now_ms >= self.watch.beat_by_ms:
            self.pause(PauseCause.BEAT_MISSED)
        elif self.watch.answer_by_ms is not None and now_ms >= self.watch.answer_by_ms:
            self.pause(PauseCause.STILL_HERE_MISSED)
        elif self.watch.answer_by_ms is None and now_ms >= self.watch.ask_at_ms:
            self.watch.ask(now_ms)
            self._changed()
        else:
            self._fire()

    def _look(self) -> None:
        """Look at the sensors: heat ends the session, lost contact or position pauses it; after a
        short break of contact the person is asked at once (R11)."""
        reading, lost_ms = self._sensors.read(), self._contact_lost_ms
        self._looked_ms = self._now_ms
        if lost_ms is None or reading.contact:
            self._contact_lost_ms = None if reading.contact else self._now_ms
        if self.state is not DeviceState.STIMULATING:
            return
        if reading.coil_temperature_c >= absolute_limits().coil_temperature_c_max:
            self.close(CloseCause.OVER_TEMPERATURE)
        elif not reading.position_ok:
            self.pause(PauseCause.POSITION)
        elif reading.contact:
            self._ask_after_break(lost_ms)
        elif lost_ms is not None and self._now_ms - lost_ms > CONTACT_GRACE_MS:
            self.pause(PauseCause.CONTACT)

    def _ask_after_break(self, lost_ms: int | None) -> None:
        if lost_ms is not None:
            self.watch.ask(self._now_ms)
            self._changed()

    # Pulses

    def _fire(self) -> None:
        course, armed = self.course, self._require_armed()
        assert course is not None
        if not self._reserved_left and not self._reserve(course, armed):
            return
        percent = armed.prescription.percent_mso()
        if not self._coil.fire(course.next_pulse_us, percent):
            self._fault("trigger_refused")
            return
        self._reserved_left -= 1
        self._fired_in_slice += 1
        train_ended = course.fired()
        if not self._reserved_left:
            self._close_slice()
        if self.state is DeviceState.STIMULATING and course.finished:
            self.close(CloseCause.COMPLETED)
        elif train_ended:
            self._changed()

    def _reserve(self, course: CourseOfPulses, armed: Armed) -> bool:
        """Put the next slice into flash, step the outside counter, load the countdown."""
        piece, prescription = course.slice(), armed.prescription
        body = records.SliceReservedBody(
            piece.train,
            piece.number,
            piece.count,
            prescription.percent_mso(),
            self._journal.outside_count(),
        )
        self._fired_in_slice = 0
        try:
            self._journal.write(body)
            self._journal.advance_counter()
        except PartFailure:
            self._fault("flash")
            return False
        self._coil.load(piece.count)
        self._reserved_left = piece.count
        if piece.first == 0:
            self._changed()
        return True

    def _close_slice(self) -> None:
        """Write what the hardware counted; a difference to what was commanded is a fault (R2)."""
        session = self._journal.state.session
        if session is None or session.reserved is None:
            return
        measured = self._coil.fired_since_load()
        self._coil.load(0)
        reserved, course = session.reserved, self.course
        last_us = 0 if course is None or course.last_pulse_us is None else course.last_pulse_us
        self._reserved_left = 0
        self._journal.write(
            records.SliceClosedBody(
                reserved.train,
                reserved.slice,
                self._fired_in_slice,
                measured,
                self._time.base_ms - (-last_us // 1000),
            )
        )
        if measured != self._fired_in_slice:
            self._fault("pulse_count")

    def _fault(self, code: str) -> None:
        self._coil.interlock(closed=True)
        self._reserved_left = 0
        self._journal.fault = code
        try:
            self._journal.write(records.FaultBody(code))
            self.close(CloseCause.FAULT)
        except PartFailure:
            self.abandon()

    # Steps between states

    def _run(self) -> None:
        self.watch.begin(self._now_ms)
        self._limit_ms = _FOREVER
        self._window_until_ms = 0
        self.pause_cause = None
        self._coil.interlock(closed=False)
        self._enter(DeviceState.STIMULATING)

    def _go_on(self) -> None:
        assert self.course is not None
        self._ask(Question.RESUME)
        self._journal.write(records.SessionResumedBody(self.course.train))
        self.course.go_on(self._now_ms * 1000)
        self._run()

    def _ask(self, question: Question) -> None:
        verdict = self._lock(question)
        if not verdict.permitted:
            codes = tuple(int(reason.code) for reason in verdict.reasons)
            raise Refused(StatusCode.LOCKED, "locked", codes)

    def _leave(self) -> None:
        self._coil.interlock(closed=True)
        self.armed = self.course = None
        self._limit_ms = _FOREVER
        self._window_until_ms = 0
        self.pause_cause = None
        self._enter(DeviceState.IDLE)

    def _enter(self, state: DeviceState) -> None:
        self.state = state
        self._changed()

    def _require(self, state: DeviceState) -> None:
        if self.state is not state:
            raise Refused(StatusCode.WRONG_STATE, f"not_{state.name.lower()}")

    def _require_armed(self) -> Armed:
        if self.armed is None:
            raise Refused(StatusCode.WRONG_STATE, "not_armed")
        return self.armed

    def _earliest_us(self, prescription: Prescription) -> int:
        """The inter-train interval also runs from the device's last pulse (R4)."""
        last_ms = self._journal.state.last_pulse_ms
        if last_ms is None:
            return 0
        return (last_ms - self._time.base_ms + prescription.parts[0].interval_ms) * 1000

    @property
    def _now_ms(self) -> int:
        return self._time.uptime_ms
