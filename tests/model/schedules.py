"""Random days of one band, with every observable event written down as it happens.

The band is the whole firmware core over parts in memory. What is written down is what an observer
of parts and link sees: records, counter, countdown, pulses, accepted commands, power. Not what the
core thinks.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.firmware.ports import Identity, Parts
from firmware_bridge.emulator.parts.board import build_board_in_memory
from shared.dose.prescription import Prescription
from shared.trust.staff_words import LiftHold, LiftLine
from shared.wire import records
from shared.wire.operations import Answer, NoncePurpose, Operation, SealedArguments, StatusCode
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.memory_band import MemoryBand
from tests.shared.clinic import DEVICE_ID, itbs

HOUR_MS = 3_600_000
MAKE_UP_WITHIN_S = 3600
PRESCRIPTION: Prescription = itbs(make_up_within_s=MAKE_UP_WITHIN_S)
_COMMANDS = {
    Operation.OPEN_START_WINDOW,
    Operation.BEAT,
    Operation.STILL_HERE,
    Operation.RESUME,
    Operation.STOP,
    Operation.ARM,
    Operation.SET_TIME,
    Operation.CLOSE,
}


@dataclass(frozen=True)
class Event:
    """What happened, when on the world's clock, and one figure that belongs to it."""

    at_ms: int
    name: str
    figure: int = 0


class _Watched:
    """A part of which some calls are told before they are made."""

    def __init__(self, part: Any, **told: Any) -> None:
        self._part, self._told = part, told

    def __getattr__(self, name: str) -> Any:
        made = getattr(self._part, name)
        tell = self._told.get(name)
        return made if tell is None else lambda *given: tell(made, *given)


class WatchedBand(MemoryBand):
    """A band that writes down what an observer sees."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.booting = False
        self.arm_nonces: list[bytes] = []
        super().__init__()

    def told(self, name: str, figure: int = 0, at_ms: int | None = None) -> None:
        """Write one event down."""
        self.events.append(Event(self.now_ms if at_ms is None else at_ms, name, figure))

    def power_cut(self) -> None:
        """Cut the power, and write it down."""
        self.told("CUT")
        super().power_cut()

    def power_on(self, before_boot: Callable[[Firmware], None] = lambda _: None) -> None:
        """Boot the core over parts that are watched."""
        self.booting = True
        identity = Identity(DEVICE_ID, self.device_key, b"", self.clinic.manufacturer.public_key)
        self._booted_ms = self.now_ms
        self.board = build_board_in_memory(self.kept, identity, lambda: self.now_ms)
        self.firmware = Firmware(self._watched(self.board.parts))
        before_boot(self.firmware)
        self.told("BOOT", int(self.board.clock.read().unbroken))
        self.firmware.boot()
        self.booting = False
        self.firmware.advance(0)

    def _watched(self, parts: Parts) -> Parts:
        return replace(
            parts,
            flash=_Watched(parts.flash, append=self._appended),
            counter=_Watched(parts.counter, advance=self._advanced),
            coil=_Watched(parts.coil, load=self._loaded, fire=self._fired),
        )

    def _appended(self, write: Any, data: bytes) -> None:
        write(data)
        record = records.decode_record(data)
        at_ms = self._booted_ms + record.uptime_ms
        body, name = record.body, f"RECORD_{record.type.name}"
        match body:
            case records.SliceReservedBody():
                self.told(name, body.pulses, at_ms)
            case records.SliceClosedBody():
                self.told(name, max(body.commanded, body.measured), at_ms)
            case records.SessionClosedBody():
                self.told(name, int(body.cause), at_ms)
            case _:
                self.told(name, 0, at_ms)

    def _advanced(self, advance: Any) -> int:
        count: int = advance()
        if not self.booting:
            self.told("COUNTER", count, self.events[-1].at_ms)
        return count

    def _loaded(self, load: Any, pulses: int) -> None:
        load(pulses)
        if pulses:
            self.told("LOAD", pulses, self.events[-1].at_ms)

    def _fired(self, fire: Any, at_us: int, percent_mso: int) -> bool:
        fired: bool = fire(at_us, percent_mso)
        if fired:
            self.told("PULSE", 1, self._booted_ms + at_us // 1000)
        return fired

    def nonce(self, purpose: NoncePurpose) -> bytes:
        """Ask for a nonce; those to arm are counted."""
        nonce = super().nonce(purpose)
        if purpose is NoncePurpose.ARM:
            self.arm_nonces.append(nonce)
            self.told("NONCE", len(self.arm_nonces))
        return nonce

    def ask(self, operation: Operation, arguments: Any = None, **ways: Any) -> Answer:
        """Send a request; one that is granted is written down before what came of it."""
        before = len(self.events)
        answer = super().ask(operation, arguments, **ways)
        if operation in _COMMANDS and answer.status is StatusCode.OK:
            figure = self._figure(operation, arguments)
            self.events.insert(before, Event(self.now_ms, f"ASKED_{operation.name}", figure))
        return answer

    def _figure(self, operation: Operation, arguments: Any) -> int:
        if isinstance(arguments, SealedArguments):
            return arguments.counter
        if operation is Operation.ARM:
            return 1 + next(
                index for index, n in enumerate(self.arm_nonces) if n in arguments.statement
            )
        return 0

    def press(self) -> None:
        """Press the button, and write it down before what comes of it."""
        self.told("PRESS")
        super().press()


class Days:
    """One band and one person with bad luck, by chance but always the same for one seed."""

    ACTIONS = (
        ("treat", 10),
        ("let_run", 10),
        ("go_on", 8),
        ("make_up", 3),
        ("lose_link", 2),
        ("stop", 3),
        ("press", 3),
        ("pause", 3),
        ("close", 2),
        ("reboot", 2),
        ("lose_contact", 2),
        ("replay_arm", 2),
        ("replay_command", 2),
        ("hold", 1),
        ("wait", 6),
    )

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.band = WatchedBand()
        self.band.ready(PRESCRIPTION)
        self.band.events.clear()
        self.band.told("BOOT", 1)
        self.sessions = self.holds = 0

    def live(self, actions: int) -> list[Event]:
        """Do so many things and return what was seen."""
        names, weights = zip(*self.ACTIONS, strict=True)
        for name in self.random.choices(names, weights, k=actions):
            getattr(self, name)()
            self.band.run(100)
        return self.band.events

    def treat(self) -> None:
        self._begin(make_up=False)

    def make_up(self) -> None:
        self._begin(make_up=True)

    def _begin(self, *, make_up: bool) -> None:
        band = self.band
        if band.state is not DeviceState.IDLE:
            return
        band.set_time()
        band.clear(hold=self.holds)
        band.answer_gates()
        self.sessions += 1
        answer = band.arm(
            self.sessions.to_bytes(16, "big"), **({"make_up": True} if make_up else {})
        )
        if answer.status is not StatusCode.OK:
            return
        band.sealed(Operation.OPEN_START_WINDOW)
        band.press()
        self.let_run()

    def go_on(self) -> None:
        band = self.band
        if band.is_in(DeviceState.PAUSED):
            band.run(self.random.choice([100, 7_000]), beat=True)
            resumed = band.sealed(Operation.RESUME).status is StatusCode.OK
            if resumed and band.is_in(DeviceState.PAUSED) and self.random.random() < 0.8:
                band.press()
        self.let_run()

    def let_run(self) -> None:
        longest_ms = self.random.choice([3_000, 30_000, 240_000])
        end_ms = self.band.now_ms + self.random.randrange(1, longest_ms, 50)
        while self.band.now_ms < end_ms and self.band.state is not DeviceState.IDLE:
            self.band.run(1_000, beat=True)

    def lose_link(self) -> None:
        self.band.run(self.random.choice([2_000, 5_000, 130_000]))

    def stop(self) -> None:
        self.band.must(Operation.STOP)

    def press(self) -> None:
        self.band.press()

    def pause(self) -> None:
        self.band.ask(Operation.PAUSE)

    def close(self) -> None:
        self.band.ask(Operation.CLOSE)

    def reboot(self) -> None:
        if self.random.random() < 0.4:
            self.band.board.clock.break_supply()
        self.band.reboot(off_ms=self.random.choice([0, 1_000, HOUR_MS, 5 * HOUR_MS]))

    def lose_contact(self) -> None:
        self.band.board.sensors.change(contact=False)
        self.band.run(1_000, beat=True)
        self.band.board.sensors.change(contact=True)

    def replay_arm(self) -> None:
        if self.band.arm_message:
            self.band.resend_arm()

    def replay_command(self) -> None:
        if self.band.writer is not None:
            sealed = self.band.writer.seal(int(Operation.RESUME))
            self.band.send_sealed(Operation.RESUME, sealed)
            self.band.send_sealed(Operation.RESUME, sealed)

    def hold(self) -> None:
        self.holds += 1
        self.band.place_hold(self.holds, self.holds.to_bytes(16, "big"))
        self.treat()
        lines = tuple(
            LiftLine(hold.hold_id, hold.record_hash) for hold in self.band.firmware.ledger.holds
        )
        self.band.staff_says(Operation.LIFT_HOLD, LiftHold(DEVICE_ID, lines))

    def wait(self) -> None:
        if self.band.state is DeviceState.IDLE:
            self.band.skip(self.random.choice([60_000, HOUR_MS, 4 * HOUR_MS, 20 * HOUR_MS]))
