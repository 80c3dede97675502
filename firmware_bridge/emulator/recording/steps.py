"""The steps of a recording: each thing that reached the band or left it, as one line of JSON.

Not for files: see `journal`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a step is."""

    BOOT = "boot"
    """The firmware began: number, cause, instant since the process began."""
    CALL = "call"
    """The shell called the firmware: by which name, with what."""
    LINK = "link"
    """A phone is on the line, with nothing said yet."""
    WROTE = "wrote"
    """The phone wrote an ATT value: characteristic, value."""
    SAID = "said"
    """The band sent a message: characteristic, message."""
    FAULT = "fault"
    """A fault became true between two calls: name, value."""
    SOUND = "sound"
    """A fault was taken back between two calls: name."""


class JournalBroken(Exception):
    """A recording's journal is not one; `line` says where."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(f"line {line} of the journal {sentence}")
        self.line = line


@dataclass(frozen=True)
class Step:
    """One step, and what came of it."""

    kind: Kind
    wall_ms: int
    given: tuple[Any, ...] = ()
    result: Any = None
    signatures: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    """Ledger records that it added."""
    struck: tuple[tuple[int, str, str, Any], ...] = ()
    """Faults in its midst: after how many things that the parts did, which kind, name, value."""

    @property
    def line(self) -> str:
        """The step as JSON; what is empty at its end is left out."""
        whole = [self.kind, self.wall_ms, self.given, self.result]
        whole += [self.signatures, self.records, self.struck]
        while whole and whole[-1] in (None, ()):
            whole.pop()
        return json.dumps(whole, separators=(",", ":"))


def read_step(line: str, number: int) -> Step:
    """Read a line; JournalBroken says what it isn't."""
    try:
        whole: list[Any] = json.loads(line)
        given, result, signatures, records, struck = [*whole[2:], *_EMPTY[len(whole) - 2 :]]
        return Step(
            Kind(whole[0]),
            whole[1],
            tuple(given),
            result,
            tuple(signatures),
            tuple(records),
            tuple((nth, how, name, value) for nth, how, name, value in struck),
        )
    except (ValueError, TypeError, IndexError) as problem:
        raise JournalBroken(number, "is not a step") from problem


_EMPTY: tuple[Any, ...] = ((), None, (), (), ())
