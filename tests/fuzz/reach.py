"""How deep the inputs get: which lines of the parsers' modules ran, which refusals were given."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

from shared.dose import prescription
from shared.trust import certificates, challenge, keys, passkey, sealing, sign1
from shared.wire import canonical, fields, framing, items, operations, racp, records, ticks
from tests.fuzz.parser import Parser
from tests.fuzz.running import Tally, run

MODULES: tuple[ModuleType, ...] = (
    *(canonical, fields, framing, items, operations, racp, records, ticks),
    *(certificates, challenge, keys, passkey, sealing, sign1, prescription),
)


def show(parsers: Sequence[Parser], seed: int, count: int) -> None:
    """Print, by module, how many lines of its functions ran, and which didn't."""
    ran, tallies = _traced(parsers, seed, count)
    for module in MODULES:
        path = str(module.__file__)
        lines = set(_lines(path))
        missed = sorted(lines - ran[path])
        reached = len(lines) - len(missed)
        print(f"{module.__name__:<26} {reached:>4} of {len(lines):<4} not: {_spans(missed)}")
    refusals = {sentence for tally in tallies for sentence in tally.sentences}
    print(f"{len(refusals)} different refusals, numbers left out")


def _traced(parsers: Sequence[Parser], seed: int, count: int) -> tuple[dict[str, set[int]], Any]:
    ran: dict[str, set[int]] = {str(module.__file__): set() for module in MODULES}

    def called(frame: FrameType, event: str, argument: object) -> Any:
        lines = ran.get(frame.f_code.co_filename)
        if lines is None:
            return None

        def line(frame: FrameType, event: str, argument: object) -> Any:
            lines.add(frame.f_lineno)
            return line

        return line

    sys.settrace(called)
    try:
        tallies: list[Tally] = [run(parser, seed, count) for parser in parsers]
    finally:
        sys.settrace(None)
    return ran, tallies


def _lines(path: str) -> Iterator[int]:
    """Yield the lines of a module's functions; what runs at import isn't counted."""
    module = compile(Path(path).read_text(encoding="utf-8"), path, "exec")
    for code in _codes(module):
        if code.co_flags & 2:  # a function's code, not a module's or a class's
            yield from (
                line for _, _, line in code.co_lines() if line and line != code.co_firstlineno
            )


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _spans(lines: Sequence[int]) -> str:
    return ", ".join(map(str, lines)) or "none"
