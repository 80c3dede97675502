"""One armed or running session: fire on time, stop at once (R3, R4, R9 to R14).

It fires only after the lock said yes at start or resume, and only pulses that stand reserved in
flash and are loaded into the coil's own countdown.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from firmware_bridge.emulator.firmware.armed import Armed
from firmware_bridge.emulator.firmware.course_of_pulses import CourseOfPulses
from firmware_bridge.emulator.firmware.deadlines import Deadlines
from firmware_bridge.emulator.firmware.firing import Firing, FiringFault, closing_record
from firmware_bridge.emulator.firmware.journal import Journal
from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ports import Coil, PartFailure
from firmware_bridge.emulator.firmware.states import Happening, StateMachine
from firmware_bridge.emulator.firmware.supervision import Supervision
from firmware_bridge.emulator.firmware.surroundings import Seen, Surroundings
from firmware_bridge.emulator.firmware.timekeeping import Timekeeping
from firmware_bridge.emulator.firmware.titration import TITRATION_LIMIT_MS, fire_one, measured
from shared.dose.lock import Question, Verdict
from shared.dose.prescription import Prescription
from shared.trust.statements import HoldKind, HoldSource
from shared.wire import records
from shared.wire.operations import StatusCode
from shared.wire.records import CloseCause, PauseCause
from shared.wire.status import DeviceState

ARMED_MS = 120_000
PAUSE_LIMIT_MS = 600_000
DISCHARGE_MS = 200
"""The capacitor is empty this long after the last pulse (own figure): the state ``closing``."""

_OPEN = (DeviceState.STIMULATING, DeviceState.PAUSED, DeviceState.REPOSITIONING)
_BY_HAND = (PauseCause.STOP, PauseCause.BUTTON)


class Treatment:
    """State, deadlines and pulses of the present session; idle when there is none."""

    def __init__(
        self,
        coil: Coil,
        surroundings: Surroundings,
        journal: Journal,
        time: Timekeeping,
        machine: StateMachine,
        *,
        lock: Callable[[Question, Prescription], Verdict],
        new_hold_id: Callable[[], bytes],
        changed: Callable[[], None],
    ) -> None:
        self._coil, self._around, self._journal, self._time = coil, surroundings, journal, time
        self._machine, self._lock, self._changed = machine, lock, changed
        self._new_hold_id = new_hold_id
        self._firing = Firing(coil, journal, time)
        self.state = DeviceState.IDLE
        self.armed: Armed | None = None
        self.course: CourseOfPulses | None = None
        self.watch = Supervision(0, 0)
        self.pause_cause: PauseCause | None = None
        self.last_close: CloseCause | None = None
        self.pauses = 0
        self._deadlines = Deadlines()
        coil.interlock(closed=True)

    # What the person and the phone do

    def arm(self, armed: Armed) -> None:
        """Arm for at most 120 s (R10); the lock was asked by the caller."""
        prescription = armed.prescription
        self.armed, self.pauses = armed, 0
        self.watch = Supervision(prescription.beat_limit_ms, prescription.still_here_s * 1000)
        self.watch.begin(self._now_ms)
        self._deadlines.enter(self._now_ms + ARMED_MS)
        self._enter(DeviceState.ARMED)

    def open_window(self) -> None:
        """Open the half minute in which the band's button starts."""
        self._deadlines.open_window(self._now_ms)
        self._changed()

    @property
    def window_open(self) -> bool:
        """True while a press of the button starts or goes on."""
        return self._now_ms < self._deadlines.window_ms

    def start(self) -> None:
        """Open the session and fire, after the whole lock said yes again (R10)."""
        armed, past = self._require_armed(), self._journal.state
        self._ask(armed.question)
        armed.completed_sessions = past.course_completed
        self._journal.write(
            records.SessionOpenedBody(
                armed.session_id,
                armed.prescription_hash,
                armed.planned_pulses(past),
                armed.prescription.trains_per_session,
                armed.arm_hash,
                armed.kind,
            )
        )
        if armed.is_titration:
            self._deadlines.session_ms = self._now_ms + TITRATION_LIMIT_MS
        else:
            self.course = CourseOfPulses(armed.prescription.plan, armed.first_train(past))
            self.course.begin(self._now_ms * 1000, self._earliest_us(self.course))
        self._run()

    def press(self) -> None:
        """Take a press of the band's button: in its window it starts or goes on, else it pauses."""
        if self.state in (DeviceState.STIMULATING, DeviceState.REPOSITIONING):
            self.pause(PauseCause.BUTTON)
        elif self.state is DeviceState.ARMED and self.window_open:
            self.start()
        elif self.state is DeviceState.PAUSED and self.window_open:
            self._go_on()

    def stop(self) -> None:
        """STOP: no further pulse; never refused (R3)."""
        if self.state is DeviceState.ARMED:
            self._leave()
        elif self.state is DeviceState.PAUSED:
            self.pause_cause = PauseCause.STOP
            self._deadlines.window_ms = 0
            self._changed()
        else:
            self.pause(PauseCause.STOP)

    def pause(self, cause: PauseCause) -> None:
        """End pulses now, inside a train too, for at most ten minutes (R3, R12)."""
        if self.state not in (DeviceState.STIMULATING, DeviceState.REPOSITIONING):
            return
        self._coil.interlock(closed=True)
        if not self._slice_closed():
            return
        self._journal.write(records.SessionPausedBody(cause))
        self.pause_cause = cause
        self._deadlines.enter(self._now_ms + PAUSE_LIMIT_MS)
        self._enter(DeviceState.PAUSED)

    def resume(self) -> None:
        """Go on after a pause; after STOP the band's button must agree (R12)."""
        if self.pause_cause in _BY_HAND:
            self.open_window()
            return
        self._go_on()

    def repositioned(self) -> None:
        """The band sits at the next site, says the person; the lock is asked anew (R12)."""
        course = self.course
        assert course is not None
        course.part_begins = False
        try:
            self._go_on()
        finally:
            course.part_begins = self.state is DeviceState.REPOSITIONING

    def soften(self, percent_mso: int) -> None:
        """Lower the output for the rest of the session; it never rises again (R13)."""
        armed = self._require_armed()
        armed.softened_percent_mso = min(armed.softened_percent_mso, percent_mso)
        self._changed()

    def titrate(self, percent_mso: int) -> None:
        """Fire one pulse of a titration (R14)."""
        if not self._require_armed().is_titration:
            raise Refused(StatusCode.WRONG_STATE, "not_titrating")
        try:
            fire_one(self._firing, self._journal, self._time, percent_mso)
        except FiringFault as fault:
            self._fault(fault.code)
        self._changed()

    def adopt(self, prescription: Prescription, prescription_hash: bytes) -> None:
        """Go by a prescription that only lowers what is in force (R17): at once, and if the lock
        then says no, not at all. One whose session is another ends this one."""
        armed = self.armed
        if armed is None or armed.is_titration:
            return
        if self.state is DeviceState.ARMED or prescription.plan != armed.prescription.plan:
            self.close(CloseCause.PRESCRIPTION_ENDED)
            return
        armed.prescription, armed.prescription_hash = prescription, prescription_hash
        self.watch.tighten(prescription.beat_limit_ms, prescription.still_here_s * 1000)
        if not self._lock(Question.RESUME, prescription).permitted:
            self.close(CloseCause.LOCKED_ON_RESUME)

    def close(self, cause: CloseCause) -> None:
        """End the session for good; what it came to stands in its last record."""
        if self.state is DeviceState.ARMED:
            self._leave()
        if self.state not in _OPEN:
            return
        self._coil.interlock(closed=True)
        if not self._slice_closed():
            return
        self._write_close(cause)
        self.last_close = cause
        self._forget_session()
        self._deadlines.enter(self._now_ms + DISCHARGE_MS)
        self._enter(DeviceState.CLOSING)

    def abandon(self) -> None:
        """Let go of everything without a word to the record: a part has failed."""
        self._coil.interlock(closed=True)
        self._coil.load(0)
        self._forget_session()
        self.state = DeviceState.IDLE
        self._changed()

    # What time does

    def advance(self, uptime_ms: int) -> None:
        """Do what is due up to ``uptime_ms``, pulses and deadlines in their order."""
        while self.armed is not None or self.state is DeviceState.CLOSING:
            due_us = self._next_us()
            if due_us > uptime_ms * 1000:
                break
            self._time.advance(due_us // 1000)
            self._do_next(due_us)
        self._time.advance(uptime_ms)
        self._look()

    def _next_us(self) -> int:
        deadlines = [self._deadlines.next_ms]
        if self.state in (DeviceState.ARMED, DeviceState.STIMULATING, DeviceState.REPOSITIONING):
            deadlines.append(self.watch.beat_by_ms)
        if self.state is DeviceState.STIMULATING:
            deadlines += [self.watch.next_ms(), self._around.next_look_ms]
        due_us = min(deadlines) * 1000
        if self.state is DeviceState.STIMULATING and self.course is not None:
            due_us = min(due_us, self.course.next_pulse_us)
        return due_us

    def _do_next(self, due_us: int) -> None:
        now_ms, watch = due_us // 1000, self.watch
        if now_ms >= self._deadlines.next_ms:
            self._reach_limit(now_ms)
        elif self.state is DeviceState.STIMULATING and now_ms >= self._around.next_look_ms:
            self._look()
        elif now_ms >= watch.beat_by_ms:
            self._miss(Happening.BEAT_MISSED, PauseCause.BEAT_MISSED)
        elif watch.answer_by_ms is not None and now_ms >= watch.answer_by_ms:
            self._miss(Happening.STILL_HERE_MISSED, PauseCause.STILL_HERE_MISSED)
        elif watch.answer_by_ms is None and now_ms >= watch.ask_at_ms:
            self._machine.take(Happening.STILL_HERE_DUE)
            watch.ask(now_ms)
            self._changed()
        else:
            self._fire()

    def _reach_limit(self, now_ms: int) -> None:
        if self.state is DeviceState.CLOSING:
            self._machine.take(Happening.DISCHARGED)
            self._leave()
        elif self.state is DeviceState.ARMED:
            self._machine.take(Happening.ARMED_LIMIT)
            self._leave()
        elif now_ms >= self._deadlines.session_ms:
            self._machine.take(Happening.TIME_LIMIT)
            self.close(CloseCause.TIME_LIMIT)
        else:
            self._machine.take(Happening.PAUSE_LIMIT)
            self.close(CloseCause.PAUSE_LIMIT)

    def _miss(self, happening: Happening, cause: PauseCause) -> None:
        self._machine.take(happening)
        if self.state is DeviceState.ARMED:
            self._leave()
        else:
            self.pause(cause)

    def _look(self) -> None:
        """Heat and motion end the session, lost contact or position pauses it; after a short break
        of contact the person is asked at once (R11)."""
        seen = self._around.look(self._now_ms)
        if seen is Seen.TOO_HOT and self.armed is not None:
            self._machine.take(Happening.TOO_HOT)
            self.close(CloseCause.OVER_TEMPERATURE)
        if self.state is not DeviceState.STIMULATING:
            return
        if seen is Seen.MOVED:
            self._machine.take(Happening.MOVED)
            self._hold_for_motion()
        elif seen is Seen.SLIPPED:
            self._miss(Happening.POSITION_LOST, PauseCause.POSITION)
        elif seen is Seen.CONTACT_LOST:
            self._miss(Happening.CONTACT_LOST, PauseCause.CONTACT)
        elif seen is Seen.CONTACT_BACK:
            self.watch.ask(self._now_ms)
            self._changed()

    def _hold_for_motion(self) -> None:
        """A head that moves so is no treatment: end it, and let a person look first (R11). The hold
        stands on the record before the end: no power cut leaves it out."""
        self._coil.interlock(closed=True)
        hold_id = self._new_hold_id()
        self._journal.write(
            records.HoldPlacedBody(hold_id, HoldKind.SAFETY, HoldSource.DEVICE, "motion", 0)
        )
        self.close(CloseCause.MOTION)

    # Pulses

    def _fire(self) -> None:
        course, armed = self.course, self._require_armed()
        assert course is not None
        percent, begins = armed.percent_mso(course.part), course.index == 0
        try:
            if not self._firing.left:
                self._firing.reserve(course.slice(), percent)
            self._firing.fire(course.next_pulse_us, percent)
        except FiringFault as fault:
            self._fault(fault.code)
            return
        if course.fired():
            self._end_train(course)
        elif begins:
            self._changed()

    def _end_train(self, course: CourseOfPulses) -> None:
        if course.finished:
            self._machine.take(Happening.PULSES_DONE)
            self.close(CloseCause.COMPLETED)
        elif course.part_begins:
            self._machine.take(Happening.PART_DONE)
            self._reposition()
        else:
            self._changed()

    def _reposition(self) -> None:
        """Between two parts the band is moved, the trigger interlocked (R12)."""
        self._coil.interlock(closed=True)
        self.watch.begin(self._now_ms)
        self._deadlines.enter(self._now_ms + PAUSE_LIMIT_MS)
        self.pause_cause = None
        self._enter(DeviceState.REPOSITIONING)

    def _slice_closed(self) -> bool:
        """Close the slice that is open; False when that showed a fault."""
        try:
            self._firing.close()
        except FiringFault as fault:
            self._fault(fault.code)
            return False
        return True

    def _fault(self, code: str) -> None:
        self._machine.take(Happening.FAULT_FOUND)
        self._coil.interlock(closed=True)
        self._journal.fault = code
        try:
            self._journal.write(records.FaultBody(code))
            with contextlib.suppress(FiringFault):
                self._firing.close()
            self._write_close(CloseCause.FAULT)
        except PartFailure:
            self.abandon()
            return
        self.last_close = CloseCause.FAULT
        self._leave()

    def _write_close(self, cause: CloseCause) -> None:
        session, armed = self._journal.state.session, self._require_armed()
        assert session is not None
        if armed.is_titration:
            self._journal.write(measured(armed, session, self._firing))
        self._journal.write(closing_record(session, cause))

    # Steps between states

    def _run(self) -> None:
        self.watch.begin(self._now_ms)
        self._deadlines.enter()
        self.pause_cause = None
        self._coil.interlock(closed=False)
        self._enter(DeviceState.STIMULATING)

    def _go_on(self) -> None:
        """Go on with what is left; where the next part has not been placed yet, with that."""
        course = self.course
        if course is not None and course.part_begins:
            self._reposition()
            return
        self._ask(Question.RESUME)
        self._journal.write(records.SessionResumedBody(1 if course is None else course.train))
        if course is not None:
            course.go_on(self._now_ms * 1000)
        self._run()

    def _ask(self, question: Question) -> None:
        verdict = self._lock(question, self._require_armed().prescription)
        if not verdict.permitted:
            codes = tuple(int(reason.code) for reason in verdict.reasons)
            raise Refused(StatusCode.LOCKED, "locked", codes)

    def _leave(self) -> None:
        self._coil.interlock(closed=True)
        self._forget_session()
        self._enter(DeviceState.IDLE)

    def _forget_session(self) -> None:
        self.armed = self.course = None
        self._deadlines.forget()
        self.pause_cause = None

    def _enter(self, state: DeviceState) -> None:
        self.state = state
        self.pauses += state in (DeviceState.PAUSED, DeviceState.REPOSITIONING)
        self._machine.changed()
        self._changed()

    def _require_armed(self) -> Armed:
        if self.armed is None:
            raise Refused(StatusCode.WRONG_STATE, "not_armed")
        return self.armed

    def _earliest_us(self, course: CourseOfPulses) -> int:
        """The inter-train interval also runs from the device's last pulse (R4)."""
        last_ms = self._journal.state.last_pulse_ms
        if last_ms is None:
            return 0
        return (last_ms - self._time.base_ms) * 1000 + course.part_plan.interval_us

    @property
    def _now_ms(self) -> int:
        return self._time.uptime_ms
