"""Feeds a recording to today's firmware, step by step, and stops at the first thing that differs.

The steps come at their recorded instants, random numbers from the recording's seed; requests are
put together from the recorded ATT values. Not for what goes on in a radio: nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware_bridge.emulator.boots import Boot, Cause
from firmware_bridge.emulator.export import BY_HAND
from firmware_bridge.emulator.face.core import FirmwareCore
from firmware_bridge.emulator.face.ear import Channel
from firmware_bridge.emulator.firmware.outside import LinkSecurity
from firmware_bridge.emulator.life import Bootloader
from firmware_bridge.emulator.recording import folder as kept
from firmware_bridge.emulator.recording.core import new_records, outcome, raised
from firmware_bridge.emulator.recording.differing import call_words, record_words
from firmware_bridge.emulator.recording.stage import ReplayedBand
from firmware_bridge.emulator.recording.steps import Kind, Step
from firmware_bridge.emulator.snapshot import archive, loading
from shared.wire import batches
from shared.wire.errors import WireError
from shared.wire.framing import Reassembler


@dataclass(frozen=True)
class Difference:
    """The first thing that isn't as it was."""

    step: int
    """Line of the journal."""
    wall_ms: int
    words: str


@dataclass(frozen=True)
class Replayed:
    """What came of a replay."""

    steps: int
    requests: int
    records: int
    signatures: int
    """How many recorded signatures hold over what is signed today."""
    difference: Difference | None
    ignored: tuple[str, ...]


class _Differs(Exception):
    """Something isn't as it was."""


class _UpdateBegins(Exception):
    """From here on another firmware ran, whose bytes a recording doesn't hold."""


def replay(folder: Path, state: Path, bootloader: Bootloader) -> Replayed:
    """Replay over an empty folder `state`; RecordingBroken says what can't be read."""
    manifest = kept.read_manifest(folder)
    loading.load_same(archive.read(folder / kept.SNAPSHOT), state)
    return Replay(ReplayedBand(manifest, state), bootloader).run(kept.read_journal(folder))


class Replay:
    """One replay under way."""

    def __init__(self, band: ReplayedBand, bootloader: Bootloader) -> None:
        self._band = band
        self._bootloader = bootloader
        self._core: FirmwareCore | None = None
        self._control = Reassembler()
        self._arrived: list[bytes] = []
        self._steps = self._requests = self._records = 0
        self._ignored: dict[str, int] = {}
        self._feed: dict[Kind, Callable[[Step], None]] = {
            Kind.BOOT: self._boot,
            Kind.CALL: self._call,
            Kind.LINK: self._link,
            Kind.WROTE: self._wrote,
            Kind.SAID: self._said,
            Kind.FAULT: self._fault,
            Kind.SOUND: self._fault,
        }

    def run(self, steps: Iterable[Step]) -> Replayed:
        """Feed all of them, up to the first difference."""
        difference = None
        for step in steps:
            self._steps += 1
            try:
                self._band.latch.move(step.wall_ms)
                self._feed[step.kind](step)
            except _Differs as found:
                difference = Difference(self._steps, step.wall_ms, str(found))
                break
            except _UpdateBegins:
                self._ignore("what came after a firmware update began: its image isn't recorded")
                break
        return Replayed(
            self._steps,
            self._requests,
            self._records,
            self._band.signer.verified,
            difference,
            tuple(f"{what}: {count}" for what, count in self._ignored.items()),
        )

    def _ignore(self, what: str) -> None:
        self._ignored[what] = self._ignored.get(what, 0) + 1

    # What came

    def _boot(self, step: Step) -> None:
        number, cause, at_ms = step.given
        boot, version = Boot(number, Cause(cause), at_ms), step.result
        today: Any = None
        self._band.signer.expect(step.signatures)
        try:
            core = self._band.begin(self._bootloader, boot)
        except Exception as problem:
            today = raised(problem)
        else:
            today, self._core = core.firmware_version, core
            if isinstance(version, str):
                core.firmware_version = version
        if isinstance(today, str) and isinstance(version, str) and today != version:
            self._ignore(f"firmware version {version}, today {today}")
        elif today != version:
            raise _Differs(call_words("boot", step.given, version, today))

    def _call(self, step: Step) -> None:
        name, *given = step.given
        if name == "begin_update":
            raise _UpdateBegins
        core = self._running()
        before = core.record_range()[1]
        self._band.signer.expect(step.signatures)
        if name in MADE_OF_VALUES:
            self._require_arrived(bytes.fromhex(given[0]), given[4])
        self._band.strike_during(step.struck)
        today, records = self._outcome(core, name, given, before)
        self._compare_records(step.records, records)
        if today != step.result:
            words = call_words(name, tuple(given), step.result, today)
            signs = "; it signs something else today" if self._band.signer.others else ""
            raise _Differs(words + signs)
        if self._band.signer.left or self._band.signer.others:
            raise _Differs(f"{name} signs something else today")

    def _outcome(
        self, core: FirmwareCore, name: str, given: list[Any], before: int
    ) -> tuple[Any, tuple[str, ...]]:
        try:
            result = outcome(CALLS[name](core, given))
        except Exception as problem:
            # Whatever the firmware raises today is compared with what it raised then.
            return raised(problem), ()
        return result, new_records(core, before)

    def _compare_records(self, then: tuple[str, ...], today: tuple[str, ...]) -> None:
        for number in range(max(len(then), len(today))):
            one = then[number] if number < len(then) else None
            other = today[number] if number < len(today) else None
            if one != other:
                raise _Differs(record_words(one, other))
        self._records += len(then)

    def _fault(self, step: Step) -> None:
        name, value = step.given
        self._band.change(step.kind, name, value)

    # What passed on the link

    def _link(self, _: Step) -> None:
        self._control.reset()
        self._arrived.clear()

    def _wrote(self, step: Step) -> None:
        channel, value = Channel(step.given[0]), bytes.fromhex(step.given[1])
        if channel is Channel.BLOB_DATA:
            self._arrived.append(value)
            return
        if channel is not Channel.CONTROL_POINT:
            self._ignore(f"values written to {channel.value.replace('_', ' ')}")
            return
        try:
            request = self._control.feed(value)
        except WireError:
            return
        if request is not None:
            self._arrived.append(request)

    def _require_arrived(self, request: bytes, peer: str) -> None:
        """Every request but one by hand was made of ATT values."""
        self._requests += 1
        if peer == BY_HAND.peer:
            return
        if request not in self._arrived:
            raise _Differs("the recorded ATT values don't make this request today")
        self._arrived.remove(request)

    def _said(self, step: Step) -> None:
        """Records on their way are those that are kept; all else was compared as it was made."""
        if step.given[0] != Channel.LEDGER_DATA:
            return
        core = self._running()
        for record in batches.records_of(bytes.fromhex(step.given[1])):
            today = core.record(batches.number_of(record))
            if today != record:
                raise _Differs(record_words(record.hex(), today.hex()))

    def _running(self) -> FirmwareCore:
        if self._core is None:
            raise _Differs("nothing has booted yet")
        return self._core


def _link_of(given: list[Any]) -> LinkSecurity:
    return LinkSecurity(*given)


CALLS: dict[str, Callable[[FirmwareCore, list[Any]], Any]] = {
    "boot": lambda core, given: core.boot(),
    "advance": lambda core, given: core.advance(*given),
    "button": lambda core, given: core.button(*given),
    "connected": lambda core, given: core.connected(_link_of(given)),
    "disconnected": lambda core, given: core.disconnected(),
    "control": lambda core, given: core.control(bytes.fromhex(given[0]), _link_of(given[1:])),
    "blob_part": lambda core, given: core.blob_part(bytes.fromhex(given[0]), _link_of(given[1:])),
    "show_number": lambda core, given: core.show_number(*given),
    "end_update": lambda core, given: core.end_update(),
    "status": lambda core, given: core.status(),
    "telemetry": lambda core, given: core.telemetry(),
}
"""How each recorded call is made again."""

MADE_OF_VALUES = frozenset({"control", "blob_part"})
"""Calls whose first argument the phone wrote."""
