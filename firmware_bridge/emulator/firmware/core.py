"""The device as its shell sees it: boot, time, button, link, requests, status.

Everything that decides lives in the rooms beside this file; here they are put together.
"""

from __future__ import annotations

from collections.abc import Callable

from firmware_bridge.emulator.firmware.commands import Commands
from firmware_bridge.emulator.firmware.journal import Journal
from firmware_bridge.emulator.firmware.modes import Modes
from firmware_bridge.emulator.firmware.outside import Display, LinkSecurity, Refused
from firmware_bridge.emulator.firmware.ownership import Ownership
from firmware_bridge.emulator.firmware.ports import (
    PartFailure,
    Parts,
    RunningImage,
    SensorReading,
)
from firmware_bridge.emulator.firmware.showing import Showing
from firmware_bridge.emulator.firmware.states import Event, Happening, StateError, StateMachine
from firmware_bridge.emulator.firmware.surroundings import Surroundings
from firmware_bridge.emulator.firmware.timekeeping import Timekeeping
from firmware_bridge.emulator.firmware.treatment import Treatment
from firmware_bridge.emulator.firmware.trial import FactoryImage, Trial
from shared.dose.ledger import LedgerState
from shared.dose.lock import Case, Condition, Question, Times, Verdict, decide
from shared.dose.prescription import Prescription
from shared.trust.statements import ID_BYTES
from shared.wire import records
from shared.wire.records import CloseCause
from shared.wire.status import DeviceState, Status, Telemetry

FIRMWARE_VERSION = "1.0.0-demo"
PAIRING_HOLD_MS = 3_000
PAIRING_OPEN_MS = 120_000
BUTTON_AGREES_MS = 60_000
LOCATE_MS = 10_000
SENSOR_C_MAX = 120
"""A coil sensor that says more is broken (own figure)."""


class Firmware:
    """One device. The shell calls; nothing here waits, sleeps or reads a clock of its own."""

    def __init__(self, parts: Parts, image: RunningImage | None = None) -> None:
        self._parts = parts
        image = image or FactoryImage(FIRMWARE_VERSION)
        self.firmware_version = image.version
        self.on_status: Callable[[], None] = lambda: None
        self.on_forget_bonds: Callable[[], None] = lambda: None
        self._time = Timekeeping(parts.flash, parts.clock)
        self._journal = Journal(parts.flash, parts.counter, self._time)
        self._ownership = Ownership(parts.flash, parts.identity, lambda: self._journal.state)
        self._machine = StateMachine(lambda: self.state)
        self._surroundings = Surroundings(parts.sensors, parts.profile.motion_limit_mg)
        self._modes = self._new_modes()
        self._trial = Trial(image, self._journal, examine=self._examine)
        self._treatment = self._new_treatment()
        self._commands = self._new_commands()
        self._pairing_until_ms = 0
        self._pressed_ms: int | None = None
        self._number: int | None = None
        self._agreeing: tuple[Callable[[], None], int] | None = None
        self._located_until_ms = 0
        self._self_test_passed = False
        self._showing = Showing(
            self, parts, self._journal, self._time, self._ownership, self._treatment
        )

    # Power and time

    def boot(self) -> None:
        """Begin as after power-on: recover the record, close what a power cut left open."""
        try:
            self._boot()
        except PartFailure:
            self.part_failed()

    def _boot(self) -> None:
        self._ownership.load()
        epoch, journal = self._ownership.epoch, self._journal
        if epoch is None:
            journal.recover_unowned()
        else:
            journal.recover(self._parts.identity.device_id, epoch)
        self._ownership.settle(journal.count, may_wipe=not journal.sealed)
        state = journal.state
        unbroken = self._time.boot(at_least_ms=state.proven_ms, boots=state.boot_count)
        self._examine()
        self._refuse_demonstration()
        if journal.count and not journal.sealed:
            self._record_boot(unbroken=unbroken)
            self._trial.begin()
            self._commands.begin()

    def _refuse_demonstration(self) -> None:
        """A released device works for no demonstration's roots, also those it had before (R25)."""
        owner = self._ownership.owner
        if owner is not None and owner.demo and self._parts.fuse.released:
            self._journal.fault = self._journal.fault or "demo_owner"

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
            self._modes.advance(elapsed_ms)
            self._trial.advance(elapsed_ms)
            self._look_for_stray_pulses()
            self._commands.time_passed()
        except (PartFailure, StateError):
            self.part_failed()
        if self._agreeing is not None and elapsed_ms >= self._agreeing[1]:
            self._agreeing = None
            self.on_status()
        self._open_pairing_when_held()

    def _look_for_stray_pulses(self) -> None:
        """A pulse measured where none may be is a fault (R2, R30)."""
        if self._journal.fault is not None or self._parts.coil.fired_since_load() == 0:
            return
        if self._journal.state.session is None and self._machine.take(Happening.STRAY_PULSE):
            self._journal.fault = "stray_pulse"
            self._journal.write(records.FaultBody("stray_pulse"))
            self._treatment.abandon()

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
            if self._machine.take(Happening.BUTTON):
                self._press()
        except Refused:
            self.on_status()
        except (PartFailure, StateError):
            self.part_failed()

    def _press(self) -> None:
        agreeing, self._agreeing = self._agreeing, None
        if agreeing is not None and self.state in (DeviceState.IDLE, DeviceState.UNPROVISIONED):
            agreeing[0]()
            self.on_status()
            return
        self._modes.end_practice()
        self._treatment.press()

    def _open_pairing_when_held(self) -> None:
        pressed_ms = self._pressed_ms
        if pressed_ms is None or self._time.uptime_ms - pressed_ms < PAIRING_HOLD_MS:
            return
        if self._machine.take(Happening.BUTTON_HELD):
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
        quiet = self.state in (DeviceState.IDLE, DeviceState.UNPROVISIONED)
        if quiet and self._time.uptime_ms < self._located_until_ms:
            return Display("Here", "white")
        return self._showing.display(self._number, waits=self._agreeing is not None)

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

    def blob_part(self, value: bytes, link: LinkSecurity) -> bytes | None:
        """Take one part of a blob; return the word for its stream, where there is one. A part over
        a weak link is let go."""
        return self._commands.blob_part(value) if link.is_enough else None

    @property
    def requests_taken(self) -> int:
        """How many requests this boot has taken that a lost answer would leave in doubt."""
        return self._commands.requests_taken

    def record_range(self) -> tuple[int, int]:
        """Return the numbers of the first and the last record; (1, 0) when there is none."""
        return self._journal.first, self._journal.count

    def record(self, number: int) -> bytes:
        """Return the bytes of a record."""
        return self._journal.record(number)

    def hash_at(self, number: int) -> bytes:
        """Return the chain's hash at a record that is kept, or at the one before the first."""
        return self._journal.hash_at(number)

    # Ownership

    def await_button(self, agreed: Callable[[], None]) -> None:
        """Wait a minute for the button to agree to what was judged (R23, R25)."""
        self._agreeing = (agreed, self._time.uptime_ms + BUTTON_AGREES_MS)
        self.on_status()

    def forget_bonds(self) -> None:
        """Let go of every phone that ever bonded: the shell keeps the bonds."""
        self.on_forget_bonds()

    def locate(self) -> None:
        """Show and sound where the device is, for ten seconds."""
        self._parts.buzzer.sound(LOCATE_MS)
        self._located_until_ms = self._time.uptime_ms + LOCATE_MS
        self.on_status()

    @property
    def ledger(self) -> LedgerState:
        """What the record adds up to."""
        return self._journal.state

    # The lock

    def lock(self, question: Question, prescription: Prescription | None = None) -> Verdict:
        """Ask the dose lock with everything as it stands now, of the prescription in force unless
        another is named."""
        return decide(
            Case(
                prescription=prescription or self._ownership.prescription,
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
            self_test_passed=self._self_test_passed and _is_plausible(reading),
            ledger_has_room=self._journal.has_room,
            faulty=self._journal.fault is not None,
            moving=self._surroundings.is_moving(reading),
            coil=self._parts.profile.coil,
        )

    # What it says of itself

    @property
    def state(self) -> DeviceState:
        """The device's state."""
        if self._journal.fault is not None:
            return DeviceState.FAULT
        if self._modes.state is not None:
            return self._modes.state
        if self._ownership.owner is None:
            return DeviceState.UNPROVISIONED
        return self._treatment.state

    @property
    def fault(self) -> str | None:
        """Code of the fault that keeps the device from firing."""
        return self._journal.fault

    def status(self) -> Status:
        """Return one look at the device."""
        return self._showing.status()

    def telemetry(self) -> Telemetry:
        """Return one sample for the session's log."""
        return self._showing.telemetry()

    def watch_events(self, on_event: Callable[[DeviceState, Event], None]) -> None:
        """Have every event told, with the state that it met: for coverage, not for decisions."""
        self._machine.on_event = on_event

    def begin_update(self) -> None:
        """Take another firmware (R30); raise Refused unless nothing is under way."""
        self._modes.begin_update()

    def end_update(self) -> None:
        """The other firmware is in its slot, or was given up."""
        self._modes.end_update()

    def note_firmware(self, version: str, *, confirmed: bool) -> None:
        """Put on the record which firmware runs, and whether it is more than a trial (R15)."""
        self._modes.note_firmware(version, confirmed=confirmed)

    def _examine(self) -> bool:
        """The device's own check: nothing fired that nobody reserved, and every sensor answers."""
        reading = self._parts.sensors.read()
        silent = self._parts.coil.fired_since_load() == 0
        self._self_test_passed = silent and _is_plausible(reading)
        return self._self_test_passed

    # Building

    def _new_modes(self) -> Modes:
        return Modes(
            self._parts.coil,
            self._journal,
            self._time,
            self._machine,
            examine=self._examine,
            changed=lambda: self.on_status(),
        )

    def _new_treatment(self) -> Treatment:
        return Treatment(
            self._parts.coil,
            self._surroundings,
            self._journal,
            self._time,
            self._machine,
            lock=self.lock,
            new_hold_id=lambda: self._parts.randomness.bytes(ID_BYTES),
            changed=lambda: self.on_status(),
        )

    def _new_commands(self) -> Commands:
        return Commands(
            self,
            self._parts,
            self._time,
            self._journal,
            self._ownership,
            self._treatment,
            self._machine,
            self._modes,
        )


def _is_plausible(reading: SensorReading) -> bool:
    """A thermometer that reads what it can't is broken: waiting for it to cool would never end."""
    return 0 <= reading.coil_temperature_c <= SENSOR_C_MAX
