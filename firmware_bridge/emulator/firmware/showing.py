"""What the device says of itself: its small display, its status, one sample of telemetry."""

from __future__ import annotations

from typing import Protocol

from firmware_bridge.emulator.firmware.journal import Journal
from firmware_bridge.emulator.firmware.outside import Display
from firmware_bridge.emulator.firmware.ownership import Ownership
from firmware_bridge.emulator.firmware.ports import Parts
from firmware_bridge.emulator.firmware.timekeeping import Timekeeping
from firmware_bridge.emulator.firmware.treatment import Treatment
from shared.dose import make_up
from shared.dose.lock import Question, Verdict
from shared.dose.prescription import Prescription
from shared.wire.status import DeviceState, ReasonWire, Status, Telemetry

_OPEN = (DeviceState.STIMULATING, DeviceState.PAUSED, DeviceState.REPOSITIONING)


class Device(Protocol):
    """What is asked of the core here."""

    @property
    def state(self) -> DeviceState:
        """The device's state."""

    @property
    def pairing_open(self) -> bool:
        """True while pairing is open."""

    @property
    def requests_taken(self) -> int:
        """How many requests this boot has taken that a lost answer would leave in doubt."""

    def lock(self, question: Question, prescription: Prescription | None = None) -> Verdict:
        """Ask the dose lock."""


class Showing:
    """Reads the rooms of the core and says what stands there; changes nothing."""

    def __init__(
        self,
        device: Device,
        parts: Parts,
        journal: Journal,
        time: Timekeeping,
        ownership: Ownership,
        treatment: Treatment,
    ) -> None:
        self._device, self._parts, self._journal = device, parts, journal
        self._time, self._ownership, self._treatment = time, ownership, treatment

    def display(self, number: int | None, *, waits: bool) -> Display:
        """Return what the band shows; ``number`` is to be compared, ``waits`` for a press."""
        if number is not None:
            return Display(f"{number // 1000:03d} {number % 1000:03d}", "blue")
        if waits:
            return Display("Press to agree", "blue")
        quiet = self._device.state in (DeviceState.IDLE, DeviceState.UNPROVISIONED)
        if self._device.pairing_open and quiet:
            return Display("Pairing open", "blue")
        return self._state_display()

    def _state_display(self) -> Display:
        owner, course, state = self._ownership.owner, self._treatment.course, self._device.state
        initials = "" if owner is None else f"{owner.initials}  "
        if state is DeviceState.STIMULATING and course is not None:
            return Display(f"{initials}{min(course.train, course.plan.trains)}", "green")
        if self._treatment.window_open:
            return Display(f"{initials}Press to start", "green")
        words = {
            DeviceState.UNPROVISIONED: ("Hold to pair", "white"),
            DeviceState.IDLE: (f"{initials}Resting", "white"),
            DeviceState.ARMED: (f"{initials}Ready", "green"),
            DeviceState.STIMULATING: (f"{initials}Measuring", "green"),
            DeviceState.PAUSED: (f"{initials}Paused", "amber"),
            DeviceState.REPOSITIONING: (f"{initials}Move the band", "amber"),
            DeviceState.CLOSING: (f"{initials}Ending", "white"),
            DeviceState.PRACTICE: (f"{initials}Practice", "white"),
            DeviceState.SELF_TESTING: ("Checking itself", "white"),
            DeviceState.FAULT: ("Service", "red"),
            DeviceState.UPDATING: ("Updating", "blue"),
        }
        return Display(*words[state])

    def status(self) -> Status:
        """Return one look at the device."""
        reading, treatment = self._parts.sensors.read(), self._treatment
        course, session = treatment.course, self._journal.state.session
        armed, now_ms = treatment.armed, self._time.uptime_ms
        return Status(
            state=self._device.state,
            proven_ms=self._time.proven_ms,
            reasons=self._reasons(),
            head_number=self._journal.count,
            battery_percent=reading.battery_percent,
            coil_temperature_c=reading.coil_temperature_c,
            contact=reading.contact,
            position_ok=reading.position_ok,
            clock_trusted=self._time.wall_ms() is not None,
            session_id=None if armed is None else armed.session_id,
            train=None if course is None else min(course.train, course.plan.trains),
            trains=None if course is None else course.plan.trains,
            charged_pulses=None if session is None else session.charged_pulses,
            planned_pulses=None if session is None else session.planned_pulses,
            left_ms=None if course is None else course.left_us(now_ms * 1000) // 1000,
            pause_cause=None if treatment.pause_cause is None else int(treatment.pause_cause),
            start_window_open=treatment.window_open,
            still_here_due_ms=self._still_here_due_ms(now_ms),
            serial=self._journal.state.serial,
            prescription_hash=self._ownership.prescription_hash,
            clearance_ends_s=self._clearance_ends_s(),
            clearance_issued_s=self._clearance_issued_s(),
            clock_ms=self._time.wall_ms(),
            close_cause=None if treatment.last_close is None else int(treatment.last_close),
            firing=self._firing(),
            pauses=treatment.pauses,
            motion_mg=reading.motion_mg,
            session_kind=None if armed is None else int(armed.kind),
            part=None if course is None else course.part,
            percent_mso=self._percent_mso(),
            make_up_until_proven_ms=self._make_up_until_ms(),
            boot_count=self._time.boot_count,
            requests_taken=self._device.requests_taken,
        )

    def telemetry(self) -> Telemetry:
        """Return one sample for the session's log."""
        reading, session = self._parts.sensors.read(), self._journal.state.session
        return Telemetry(
            self._time.uptime_ms,
            reading.coil_temperature_c,
            reading.battery_percent,
            reading.contact,
            reading.position_ok,
            0 if session is None else session.charged_pulses,
        )

    def _reasons(self) -> tuple[ReasonWire, ...]:
        armed, question = self._treatment.armed, Question.OPEN
        if armed is not None:
            question = Question.RESUME if self._treatment.state in _OPEN else armed.question
        prescription = None if armed is None else armed.prescription
        verdict = self._device.lock(question, prescription)
        return tuple(ReasonWire(int(r.code), r.ends_proven_ms) for r in verdict.reasons)

    def _still_here_due_ms(self, now_ms: int) -> int | None:
        due_ms = self._treatment.watch.answer_by_ms
        if self._treatment.armed is None or due_ms is None:
            return None
        return max(0, due_ms - now_ms)

    def _clearance_ends_s(self) -> int | None:
        clearance, prescription = self._journal.state.clearance, self._ownership.prescription
        if clearance is None or prescription is None:
            return None
        return clearance.ends(prescription.clearance_limit_s)

    def _clearance_issued_s(self) -> int | None:
        clearance = self._journal.state.clearance
        return None if clearance is None else clearance.issued_s

    def _percent_mso(self) -> int | None:
        armed, course = self._treatment.armed, self._treatment.course
        return None if armed is None or course is None else armed.percent_mso(course.part)

    def _make_up_until_ms(self) -> int | None:
        """Until when the rest of the last session may be made up; None when it may not (R9)."""
        last, prescription = self._journal.state.last_session, self._ownership.prescription
        if last is None or prescription is None or self._treatment.armed is not None:
            return None
        if prescription.make_up_within_s is None or last.completed:
            return None
        if not self._device.lock(Question.MAKE_UP).permitted:
            return None
        return make_up.ends_ms(prescription, last)

    def _firing(self) -> bool:
        course = self._treatment.course
        return (
            self._treatment.state is DeviceState.STIMULATING
            and course is not None
            and (course.index > 0 or course.next_pulse_us <= self._time.uptime_ms * 1000)
        )
