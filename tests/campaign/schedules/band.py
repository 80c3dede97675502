"""The band: real firmware core and parts over memory, its power, its button, its radio's other end.

Time moves by `catch_up`; a power cut in the middle of anything ends here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.firmware.outside import LinkSecurity
from firmware_bridge.emulator.firmware.ports import CoilProfile, Identity
from firmware_bridge.emulator.parts.board import Board, Kept, build_board_in_memory
from firmware_bridge.emulator.parts.errors import PowerCut
from firmware_bridge.emulator.parts.pulse_log import Pulse as FiredPulse
from firmware_bridge.emulator.parts.randomness import seeded
from shared.wire.status import DeviceState
from tests.campaign.schedules.facts import Asked, ClockBroke, Felt, Power, Pressed, Pulse, World
from tests.campaign.schedules.timeline import Timeline

T = TypeVar("T")

LINK = LinkSecurity(True, True, True, "phone")
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
        self.world.facts.append(Pressed(self._timeline.now_us, self.boots))
        self.guarded(lambda: self.firmware.button(True))
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
        self.world.facts.append(Asked(at_us, boot, origin, message, None))
        answer = self.guarded(lambda: self.firmware.control(message, LINK))
        written = 0 if answer is not None else self.kept.flash.length(LOG)
        self.world.facts[place] = Asked(at_us, boot, origin, message, answer, written)
        return answer

    def feel(self, name: str, value: int | bool | None) -> None:
        """Change what there is to measure."""
        if self.on:
            self.catch_up()
        if self.on:
            self.world.facts.append(Felt(self._timeline.now_us, name, int(value or 0)))
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
