"""Writes a recording's journal: steps in order, each with all that came of it.

Not for what a step means; whoever calls it knows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from firmware_bridge.emulator.events import Event, Occurred
from firmware_bridge.emulator.face.ear import Channel
from firmware_bridge.emulator.recording.latch import Latch
from firmware_bridge.emulator.recording.steps import Kind, Step
from shared.trust.keys import PublicKey, Signer

DONE_BY_PARTS = frozenset({Event.RECORD, Event.TRAIN, Event.SLICE, Event.PULSE, Event.FLASH_WRITE})
"""What the parts tell in the midst of a call, the same at each replay: faults are placed by its
count."""


@dataclass
class _UnderWay:
    """What has come so far of the present step."""

    done_by_parts: int = 0
    signatures: list[str] = field(default_factory=list)
    struck: list[tuple[int, str, str, Any]] = field(default_factory=list)


class Pen:
    """One journal being written."""

    def __init__(self, output: BinaryIO, latch: Latch, wall_ms: Callable[[], int]) -> None:
        self._output = output
        self._latch = latch
        self._wall_ms = wall_ms
        self._under_way: _UnderWay | None = None

    @property
    def busy(self) -> bool:
        """Whether a step is under way: what happens now is a part of it."""
        return self._under_way is not None

    def begin(self) -> None:
        """Let time move to now, and a step begin."""
        self._latch.move(self._wall_ms())
        self._under_way = _UnderWay()

    def end(
        self, kind: Kind, given: tuple[Any, ...], result: Any, records: tuple[str, ...] = ()
    ) -> None:
        """Write the step that was under way."""
        done, self._under_way = self._under_way, None
        if done is None:
            return
        self._write(
            Step(
                kind,
                self._latch.now_ms(),
                given,
                result,
                tuple(done.signatures),
                records,
                tuple(done.struck),
            )
        )

    def occurred(self, occurred: Occurred) -> None:
        """Count what the parts do in the midst of a step."""
        if self._under_way is not None and occurred.event in DONE_BY_PARTS:
            self._under_way.done_by_parts += 1

    def fault(self, name: str, value: Any) -> None:
        """A fault becomes true."""
        self._struck(Kind.FAULT, name, value)

    def sound(self, name: str) -> None:
        """A fault is taken back."""
        self._struck(Kind.SOUND, name, None)

    def signed(self, signature: bytes) -> None:
        """The device made a signature."""
        if self._under_way is not None:
            self._under_way.signatures.append(signature.hex())

    def began(self) -> None:
        """A phone is on the line."""
        self._write(Step(Kind.LINK, self._latch.now_ms()))

    def wrote(self, channel: Channel, value: bytes) -> None:
        """The phone wrote an ATT value."""
        self._write(Step(Kind.WROTE, self._latch.now_ms(), (channel.value, value.hex())))

    def said(self, channel: Channel, message: bytes) -> None:
        """The band sends a message."""
        self._write(Step(Kind.SAID, self._latch.now_ms(), (channel.value, message.hex())))

    def _struck(self, kind: Kind, name: str, value: Any) -> None:
        if self._under_way is None:
            self._write(Step(kind, self._latch.now_ms(), (name, value)))
        else:
            self._under_way.struck.append((self._under_way.done_by_parts, kind, name, value))

    def _write(self, step: Step) -> None:
        self._output.write(step.line.encode() + b"\n")


class NotedSigner:
    """The device's signer, each of its signatures written down."""

    def __init__(self, signer: Signer, pen: Pen) -> None:
        self._signer, self._pen = signer, pen

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        return self._signer.public_key

    def sign(self, message: bytes) -> bytes:
        """Sign, and write it down."""
        signature = self._signer.sign(message)
        self._pen.signed(signature)
        return signature
