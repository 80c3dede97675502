"""The device as its shell sees it: boot, time, button, link, requests, status.

Everything that decides lives in the rooms beside this file; here they are put together.
"""

from __future__ import annotations

from collections.abc import Callable

from firmware_bridge.emulator.firmware.commands import Commands
from firmware_bridge.emulator.firmware.journal import Journal
from firmware_bridge.emulator.firmware.ledger_room import has_room
from firmware_bridge.emulator.firmware.outside import Display, LinkSecurity, Refused
from firmware_bridge.emulator.firmware.ownership import Owner, Ownership
from firmware_bridge.emulator.firmware.ports import PartFailure, Parts
from firmware_bridge.emulator.firmware.timekeeping import Timekeeping
from firmware_bridge.emulator.firmware.treatment import Treatment
from shared.dose.lock import Case, Condition, Question, Times, Verdict, decide
from shared.wire import records
from shared.wire.records import CloseCause
from shared.wire.status import DeviceState, ReasonWire, Status, Telemetry

FIRMWARE_VERSION = "1.0.0-demo"
PAIRING_HOLD_MS = 3_000
PAIRING_OPEN_MS = 120_000
BUTTON_AGREES_MS = 60_000


class Firmware:
    """One device. The shell calls; nothing here waits, sleeps or reads a clock of its own."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.firmware_version = FIRMWARE_VERSION
        self.on_status: Callable[[], None] = lambda: None
        self._time = Timekeeping(parts.flash, parts.clock)
        self._journal = Journal(parts.flash, parts.counter, self._time)
        self._ownership = Ownership(parts.flash, parts.identity)
        self._treatment = self._new_treatment()
        self._commands = self._new_commands()
        self._pairing_until_ms = 0
        self._pressed_ms: int | None = None
        self._number: int | None = None
        self._waiting_owner: tuple[Owner, int] | None = None
        self._self_test_passed = False

    # Power and time

    def boot(self) -> None:
        """Begin as after power-on: recover the record, close what a power cut left open."""
        try:
            self._boot()
        except PartFailure:
            self.part_failed()

    def _boot(self) -> None:
        self._ownership.load_owner()
        owner = self._ownership.owner
        if owner is None:
            self._journal.recover_unowned()
        else:
            self._journal.recover(self._parts.identity.device_id, owner.epoch)
            if self._journal.count == 0:
                self._ownership.owner = None
        state = self._journal.state
        unbroken = self._time.boot(at_least_ms=state.proven_ms, boots=state.boot_count)
        self._ownership.load_named(
            app=(state.control_key_id, state.enrolment_number),
            prescription_hash=state.prescription_hash,
        )
        self._self_test_passed = self._parts.coil.fired_since_load() == 0
        if self._ownership.owner is not None and not self._journal.sealed:
            self._record_boot(unbroken=unbroken)

    def _record_boot(self, *, unbroken: bool) -> None:
        count_ms = self._parts.clock.read().count_ms
        self._journal.write(
            records.BootBody(count_ms, unbroken, self._time.proven_ms, self.firmware_version)
        )
        session = self._journal.state.session
        if session is not None:
            body = records.SessionClosedBody(
                session.session_id, CloseCause.REBOOT, False, session.charged_pulses
            )
            self._journal.write(body)

    def advance(self, elapsed_ms: int) -> None:
        """Do everything that is due up to ``elapsed_ms`` since boot, in order."""
        try:
            self._treatment.advance(elapsed_ms)
            self._time.advance(elapsed_ms)
        except PartFailure:
            self.part_failed()
        if self._waiting_owner is not None and elapsed_ms >= self._waiting_owner[1]:
            self._waiting_owner = None
            self.on_status()
        self._open_pairing_when_held()

    def part_failed(self) -> None:
        """Stop and stay stopped: a part did not do its job."""
        self._journal.fault = self._journal.fault or "part_failed"
        self._treatment.abandon()

    # The person at the band

    def button(self, pressed: bool) -> None:
        """Take a press or a release; a press acts at once, a hold of 3 s opens pairing."""
        if not pressed:
            self._open_pairing_when_held()
            self._pressed_ms = None
            return
        self._pressed_ms = self._time.uptime_ms
        try:
            self._press()
        except Refused:
            self.on_status()
        except PartFailure:
            self.part_failed()

    def _press(self) -> None:
        if self._waiting_owner is not None:
            self._become_owned(self._waiting_owner[0])
        else:
            self._treatment.press()

    def _open_pairing_when_held(self) -> None:
        quiet = self.state in (DeviceState.IDLE, DeviceState.UNPROVISIONED)
        if self._pressed_ms is None or not quiet:
            return
        if self._time.uptime_ms - self._pressed_ms >= PAIRING_HOLD_MS:
            self._pairing_until_ms = self._time.uptime_ms + PAIRING_OPEN_MS
            self._pressed_ms = None
            self.on_status()

    @property
    def pairing_open(self) -> bool:
        """True in the two minutes after the button was held."""
        return self._time.uptime_ms < self._pairing_until_ms

    def show_number(self, number: int | None) -> None:
        """Show the number to compare while pairing; None takes it away."""
        self._number = number
        self.on_status()

    @property
    def display(self) -> Display:
        """What the band shows."""
        if self._number is not None:
            return Display(f"{self._number // 1000:03d} {self._number % 1000:03d}", "blue")
        if self._waiting_owner is not None:
            return Display("Press to agree", "blue")
        if self.pairing_open and self.state in (DeviceState.IDLE, DeviceState.UNPROVISIONED):
            return Display("Pairing open", "blue")
        return self._state_display()

    def _state_display(self) -> Display:
        owner, course = self._ownership.owner, self._treatment.course
        initials = "" if owner is None else f"{owner.initials}  "
        if self.state is DeviceState.STIMULATING and course is not None:
            return Display(f"{initials}{min(course.train, course.plan.trains)}", "green")
        if self._treatment.window_open:
            return Display(f"{initials}Press to start", "green")
        words = {
            DeviceState.UNPROVISIONED: ("Hold to pair", "white"),
            DeviceState.IDLE: (f"{initials}Resting", "white"),
            DeviceState.ARMED: (f"{initials}Ready", "green"),
            DeviceState.PAUSED: (f"{initials}Paused", "amber"),
            DeviceState.FAULT: ("Service", "red"),
        }
        return Display(*words[self.state])

    # The link

    def connected(self, link: LinkSecurity) -> None:
        """A link begins; the session's key outlives links, request ids do not."""
        self._commands.forget_link()

    def disconnected(self) -> None:
        """The link ended: pulses go on until the beat is missed, then pause by themselves."""

    def control(self, request: bytes, link: LinkSecurity) -> bytes:
        """Return the answer to one control-point request."""
        before = self._journal.count
        answer = self._commands.answer(request, link)
        if self._journal.count != before:
            self.on_status()
        return answer

    def record_range(self) -> tuple[int, int]:
        """Return the numbers of the first and the last record; (1, 0) when there is none."""
        return 1, self._journal.count

    def record(self, number: int) -> bytes:
        """Return the bytes of a record."""
        return self._journal.record(number)

    # Ownership

    def await_owner(self, transfer: bytes, certificate: bytes, assignment: bytes) -> None:
        """Judge a new owner and wait a minute for the button to agree (R23)."""
        epoch = self._parts.randomness.bytes(16)
        owner = self._ownership.judge_new_owner(transfer, certificate, assignment, epoch)
        self._waiting_owner = (owner, self._time.uptime_ms + BUTTON_AGREES_MS)
        self.on_status()

    def _become_owned(self, owner: Owner) -> None:
        self._waiting_owner = None
        self._journal.begin(self._parts.identity.device_id, owner.epoch)
        self._ownership.keep_owner(owner)
        self._journal.write(
            records.ProvisionedBody(owner.transfer_hash, owner.assignment_hash, owner.patient_id)
        )
        self._journal.advance_counter()
        reading = self._parts.clock.read()
        self._journal.write(
            records.BootBody(
                reading.count_ms, reading.unbroken, self._time.proven_ms, self.firmware_version
            )
        )
        self.on_status()

    # The lock

    def lock(self, question: Question) -> Verdict:
        """Ask the dose lock with everything as it stands now."""
        return decide(
            Case(
                prescription=self._ownership.prescription,
                device_id=self._parts.identity.device_id,
                ledger=self._journal.state,
                times=Times(self._time.proven_ms, self._time.wall_ms()),
                condition=self._condition(),
                question=question,
            )
        )

    def _condition(self) -> Condition:
        reading = self._parts.sensors.read()
        return Condition(
            coil_temperature_c=reading.coil_temperature_c,
            contact=reading.contact,
            position_ok=reading.position_ok,
            battery_percent=reading.battery_percent,
            self_test_passed=self._self_test_passed,
            ledger_has_room=has_room(self._journal.count),
            faulty=self._journal.fault is not None,
        )

    # What it says of itself

    @property
    def state(self) -> DeviceState:
        """The device's state."""
        if self._journal.fault is not None:
            return DeviceState.FAULT
        if self._ownership.owner is None:
            return DeviceState.UNPROVISIONED
        return self._treatment.state

    @property
    def fault(self) -> str | None:
        """Code of the fault that keeps the device from firing."""
        return self._journal.fault

    def status(self) -> Status:
        """Return one look at the device."""
        reading, treatment = self._parts.sensors.read(), self._treatment
        course, session = treatment.course, self._journal.state.session
        prescription, armed = self._ownership.prescription, treatment.armed
        clearance, watch = self._journal.state.clearance, treatment.watch
        now_ms = self._time.uptime_ms
        return Status(
            state=self.state,
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
            still_here_due_ms=(
                None
                if armed is None or watch.answer_by_ms is None
                else max(0, watch.answer_by_ms - now_ms)
            ),
            serial=self._journal.state.serial,
            prescription_hash=self._ownership.prescription_hash,
            clearance_ends_s=(
                None
                if clearance is None or prescription is None
                else clearance.issued_s + prescription.clearance_limit_s
            ),
            clock_ms=self._time.wall_ms(),
            close_cause=None if treatment.last_close is None else int(treatment.last_close),
            firing=self._firing(),
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
        question = Question.OPEN
        if self._treatment.state in (DeviceState.STIMULATING, DeviceState.PAUSED):
            question = Question.RESUME
        verdict = self.lock(question)
        return tuple(ReasonWire(int(r.code), r.ends_proven_ms) for r in verdict.reasons)

    def _firing(self) -> bool:
        course = self._treatment.course
        return (
            self._treatment.state is DeviceState.STIMULATING
            and course is not None
            and (course.index > 0 or course.next_pulse_us <= self._time.uptime_ms * 1000)
        )

    # Building

    def _new_treatment(self) -> Treatment:
        return Treatment(
            self._parts.coil,
            self._parts.sensors,
            self._journal,
            self._time,
            lock=self.lock,
            changed=lambda: self.on_status(),
        )

    def _new_commands(self) -> Commands:
        return Commands(
            self, self._parts, self._time, self._journal, self._ownership, self._treatment
        )
