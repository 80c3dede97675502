"""A failing input made small: pieces cut out and bytes made zero while the same check breaks."""

from __future__ import annotations

from collections.abc import Callable

from tests.fuzz.parser import Parser
from tests.fuzz.running import Broken, check

MOST_TRIES = 3_000


def shrink(parser: Parser, data: bytes, kind: str) -> bytes:
    """Return a smaller input that breaks the check ``kind`` too; signed input seldom shrinks."""
    tries = 0

    def fails(candidate: bytes) -> bool:
        nonlocal tries
        tries += 1
        return tries <= MOST_TRIES and _kind(parser, candidate) == kind

    return _zeroed(_cut(data, fails), fails) if data and fails(data) else data


def _kind(parser: Parser, data: bytes) -> str | None:
    try:
        check(parser, data)
    except Broken as broken:
        return broken.kind
    return None


def _cut(data: bytes, fails: Callable[[bytes], bool]) -> bytes:
    size = max(1, len(data) // 2)
    while True:
        start, shorter = 0, False
        while start < len(data):
            candidate = data[:start] + data[start + size :]
            if fails(candidate):
                data, shorter = candidate, True
            else:
                start += size
        if size == 1 and not shorter:
            return data
        size = max(1, size // 2)


def _zeroed(data: bytes, fails: Callable[[bytes], bool]) -> bytes:
    for place in range(len(data)):
        candidate = data[:place] + b"\x00" + data[place + 1 :]
        if data[place] and fails(candidate):
            data = candidate
    return data
