"""The band: real firmware core and parts over memory, its power, its button, its radio's other end.

Time moves by `catch_up`; a power cut in the middle of anything ends here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.firmware.outside import LinkSecurity, Refused
from firmware_bridge.emulator.firmware.ports import CoilProfile, Identity
from firmware_bridge.emulator.parts.board import Board, Kept, build_board_in_memory
from firmware_bridge.emulator.parts.errors import PowerCut
from firmware_bridge.emulator.parts.pulse_log import Pulse as FiredPulse
from firmware_bridge.emulator.parts.randomness import seeded
from shared.wire import operations
from shared.wire.errors import WireError
from shared.wire.operations import Authority
from shared.wire.status import DeviceState
from tests.campaign.schedules.facts import (
    Asked,
    Broke,
    ClockBroke,
    Felt,
    Linked,
    Part,
    Power,
    Pressed,
    Pulse,
    World,
)
from tests.campaign.schedules.timeline import Timeline

T = TypeVar("T")

LINK = LinkSecurity(True, True, True, "phone")
KEYED = (
    DeviceState.ARMED,
    DeviceState.STIMULATING,
    DeviceState.PAUSED,
    DeviceState.REPOSITIONING,
)
"""States in which the device has a session's key; in any other it refuses sealed commands before
its table is asked."""

LOG = "log"
_STEPS_US = {
    DeviceState.STIMULATING: 500_000,
    DeviceState.CLOSING: 100_000,
    DeviceState.ARMED: 1_000_000,
    DeviceState.REPOSITIONING: 1_000_000,
    DeviceState.SELF_TESTING: 500_000,
    DeviceState.PAUSED: 5_000_000,
}
"""How far time goes on at once: within a step the core works in order, to the microsecond; before
anything comes from outside it has caught up."""

_NONE: Callable[[], None] = lambda: None  # noqa: E731


class Tapped(list[FiredPulse]):
    """The coil's log in memory; each pulse is told as it is fired."""

    def __init__(self, pulses: list[FiredPulse], fired: Callable[[FiredPulse], None]) -> None:
        super().__init__(pulses)
        self._fired = fired

    def append(self, pulse: FiredPulse) -> None:
        super().append(pulse)
        self._fired(pulse)


class Band:
    """One device in one world."""

    def __init__(
        self,
        timeline: Timeline,
        world: World,
        identity: Identity,
        kept: Kept,
        profile: CoilProfile,
        seed: int,
    ) -> None:
        self._timeline, self.world, self._identity = timeline, world, identity
        self._profile, self._seed = profile, seed
        self.kept = kept
        kept.pulses = Tapped(kept.pulses, self._fired)
        self.boots = 0
        self.on = False
        self.booted_us = 0
        self.cuts = 0
        self._around: dict[str, int | bool | None] = {}
        self.cut_in_boot: tuple[int, int] | None = None
        self.board: Board
        self.firmware: Firmware
        self.on_status: Callable[[], None] = _NONE
        self.on_power: Callable[[bool], None] = lambda _on: None
        self.watch: Callable[[DeviceState, object], None] = lambda _state, _event: None

    # Power

    def switch_on(self) -> None:
        """Boot over what was kept."""
        self.boots += 1
        self.on, self.booted_us = True, self._timeline.now_us
        self.world.facts.append(Power(self.booted_us, self.boots, True))
        self.board = build_board_in_memory(
            self.kept,
            self._identity,
            lambda: self._timeline.now_us // 1000,
            profile=self._profile,
            randomness=seeded(self._seed * 1_000 + self.boots),
            seed=self._seed,
        )
        self.board.sensors.change(**self._around)
        self.guarded(self._boot)
        self.on_power(self.on)

    def _boot(self) -> None:
        if self.cut_in_boot is not None:
            written_bytes, seed = self.cut_in_boot
            self.cut_in_boot = None
            self.board.flash.chip.cut_after(written_bytes, seed=seed)
        self.firmware = Firmware(self.board.parts)
        self.firmware.watch_events(lambda state, event: self.watch(state, event))
        self.firmware.on_status = lambda: self.on_status()
        self.firmware.boot()
        self.firmware.advance(0)

    def switch_off(self) -> None:
        """The power goes; nothing is said to the core."""
        if self.on:
            self.on = False
            self.world.facts.append(Power(self._timeline.now_us, self.boots, False))
            self.on_power(False)

    def cut_after(self, written_bytes: int, seed: int) -> None:
        """Let the power go at a byte of flash to come."""
        if self.on:
            self.board.flash.chip.cut_after(written_bytes, seed=seed)

    def _has_power(self) -> bool:
        return self.on

    def guarded(self, act: Callable[[], T]) -> T | None:
        """Run something on the device; None where the power went meanwhile."""
        try:
            return act()
        except PowerCut:
            self.cuts += 1
            self.switch_off()
            return None

    def break_clock(self) -> None:
        """The backed clock loses its supply, the device on or off."""
        self.world.facts.append(ClockBroke(self._timeline.now_us))
        if self.on:
            self.board.clock.break_supply()
        else:
            self.kept.clock.content = None

    # Time, person, link

    @property
    def step_us(self) -> int | None:
        """How finely time has to pass now; None while nothing is under way."""
        if not self.on:
            return None
        return _STEPS_US.get(self.firmware.state)

    def catch_up(self) -> None:
        """Let the firmware do everything that is due by now."""
        if self.on:
            elapsed_ms = (self._timeline.now_us - self.booted_us) // 1000
            self.guarded(lambda: self.firmware.advance(elapsed_ms))

    def press(self, held_ms: int = 0) -> None:
        """Press the button and let go."""
        if not self.on:
            return
        self.catch_up()
        at_us, boot, place = self._timeline.now_us, self.boots, len(self.world.facts)
        before = self.kept.flash.length(LOG)
        self.world.facts.append(Pressed(at_us, boot))
        self.guarded(lambda: self.firmware.button(True))
        self.world.facts[place] = Pressed(at_us, boot, (before, self.kept.flash.length(LOG)))
        if self._has_power() and not held_ms:
            self.guarded(lambda: self.firmware.button(False))

    def release(self) -> None:
        """Let go of a button that was held."""
        if self.on:
            self.catch_up()
            self.guarded(lambda: self.firmware.button(False))

    def ask(self, message: bytes, origin: str) -> bytes | None:
        """Give a whole request to the core."""
        if not self.on:
            return None
        self.catch_up()
        at_us, boot, place = self._timeline.now_us, self.boots, len(self.world.facts)
        before = self.kept.flash.length(LOG)
        self.world.facts.append(Asked(at_us, boot, origin, message, None))
        self._note_sealed(message)
        answer = self.guarded(lambda: self.firmware.control(message, LINK))
        written = (0, 0) if answer is not None else (before, self.kept.flash.length(LOG))
        self.world.facts[place] = Asked(at_us, boot, origin, message, answer, written)
        return answer

    def linked(self) -> None:
        """A phone's link became secure."""
        self.world.facts.append(Linked())
        self.guarded(lambda: self.firmware.connected(LINK))

    def part(self, value: bytes) -> bytes | None:
        """Give a part of a blob to the core; return its word for it."""
        if not self.on:
            return None
        self.world.facts.append(Part(value))
        return self.firmware.blob_part(value, LINK)

    def _note_sealed(self, message: bytes) -> None:
        """Tell of a sealed command that meets a state without a session's key."""
        state = self.firmware.state
        if state in KEYED:
            return
        try:
            operation = operations.decode_request(message).operation
        except WireError:
            return
        if operations.TABLE[operation].authority is Authority.SESSION_MAC:
            self.watch(state, operation)

    def break_part(self, name: str, act: Callable[[Board], None], *, fatal: bool = False) -> None:
        """Let a part of the hardware fail; ``fatal`` says that the device has to see it at once."""
        self.catch_up()
        if self.on:
            self.world.may_be_faulty = True
            self.world.facts.append(Broke(self._timeline.now_us, self.boots, name, fatal))
            act(self.board)
            self.catch_up()

    def begin_update(self) -> bool:
        """Try to have another firmware written; return whether the device takes it."""
        self.catch_up()
        with suppress(Refused):
            self.guarded(self.firmware.begin_update)
        return self.state is DeviceState.UPDATING

    def end_update(self) -> None:
        """The other firmware is given up."""
        if self.state is DeviceState.UPDATING:
            self.guarded(self.firmware.end_update)

    def feel(self, name: str, value: int | bool | None) -> None:
        """Change what there is to measure."""
        self.catch_up()
        self._around[name] = value
        self.world.facts.append(Felt(self._timeline.now_us, name, int(value or 0)))
        if self.on:
            self.board.sensors.change(**{name: value})

    @property
    def state(self) -> DeviceState | None:
        """The device's state; None without power."""
        return self.firmware.state if self.on else None

    @property
    def clinic_id(self) -> bytes | None:
        """Whose the device is, or was last; None without power."""
        tenure = self.firmware._ownership.tenure if self.on else None
        return None if tenure is None else tenure.clinic_id

    def log_area(self) -> bytes:
        """The log's cells as they lie."""
        return self.kept.flash.read(LOG)

    def _fired(self, pulse: FiredPulse) -> None:
        self.world.pulses.append(
            Pulse(
                self.booted_us + pulse.at_us,
                pulse.percent_mso,
                self.boots,
                self.kept.flash.length(LOG),
                self.board.counter.read(),
                len(self.world.facts),
            )
        )
