"""A line as it's drawn from left to right, where some of it reads from the right.

Unicode's bidirectional algorithm (UAX 9) for one line: the rules W1 to W7, N1, N2, I1, I2, L1, L2
and L4. Of its marks it knows the isolates, which keep a name or a telephone number in one piece;
it has no overrides and no rule for pairs of brackets (N0), which no text of ours needs.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"
"""Around words of another direction; their own first letter says which."""

_RIGHT_TO_LEFT = {"R", "AL"}
_NEUTRAL = {"B", "S", "WS", "ON", "BN"}
_MIRRORED = dict(zip("()[]{}<>«»", ")(][}{><»«", strict=True))


@dataclass
class _Piece:
    """A character, or an isolate as a whole, already in the order it's drawn in."""

    text: str
    kind: str
    level: int = 0


def reads_from_the_right(text: str) -> bool:
    """Return whether any of it is of a script, or in figures, drawn by the rules of this module."""
    if text.isascii():
        return False
    return any(unicodedata.bidirectional(each) in (*_RIGHT_TO_LEFT, "AN") for each in text)


def begins_from_the_right(text: str) -> bool:
    """Return whether the first letter is of a script that is read from the right."""
    kinds = (unicodedata.bidirectional(each) for each in text)
    return next((kind in _RIGHT_TO_LEFT for kind in kinds if kind in (*_RIGHT_TO_LEFT, "L")), False)


def is_all_from_the_left(text: str) -> bool:
    """Return whether its own letters, beside what is kept in one piece, read from the left."""
    depth, kinds = 0, set()
    for letter in text:
        depth += {ISOLATE: 1, END_OF_ISOLATE: -1}.get(letter, 0)
        if not depth:
            kinds.add(unicodedata.bidirectional(letter))
    return "L" in kinds and not kinds & {*_RIGHT_TO_LEFT, "AN"}


def in_drawn_order(line: str, *, from_the_right: bool) -> str:
    """Return the line's characters from left to right; the direction is the paragraph's."""
    return "".join(_drawn(iter(line), base=1 if from_the_right else 0))


def _drawn(letters: Iterator[str], *, base: int) -> list[str]:
    pieces = _pieces(letters)
    _resolve_weak(pieces, base)
    _resolve_neutral(pieces, base)
    _set_levels(pieces, base)
    return [_mirrored(piece) for piece in _reordered(pieces)]


def _pieces(letters: Iterator[str]) -> list[_Piece]:
    """Letters, and isolates as a whole; the end of one that began on another line is nothing."""
    pieces = []
    for letter in letters:
        if letter == ISOLATE:
            pieces.append(_Piece(_isolated(letters), "ON"))
        elif letter != END_OF_ISOLATE:
            pieces.append(_Piece(letter, unicodedata.bidirectional(letter) or "ON"))
    return pieces


def _isolated(letters: Iterator[str]) -> str:
    inside, depth = [], 1
    for letter in letters:
        depth += {ISOLATE: 1, END_OF_ISOLATE: -1}.get(letter, 0)
        if not depth:
            break
        inside.append(letter)
    return "".join(_drawn(iter(inside), base=int(begins_from_the_right("".join(inside)))))


def _resolve_weak(pieces: list[_Piece], base: int) -> None:
    """W1 to W7: what figures and the marks beside them are."""
    start = "R" if base else "L"
    before = start
    for piece in pieces:  # W1
        piece.kind = before if piece.kind == "NSM" else piece.kind
        before = piece.kind
    _by_last_strong(pieces, start, {("AL", "EN"): "AN"})  # W2
    for piece in pieces:  # W3
        piece.kind = "R" if piece.kind == "AL" else piece.kind
    for left, piece, right in zip(pieces, pieces[1:], pieces[2:], strict=False):  # W4
        if left.kind == right.kind and (piece.kind, left.kind) in _BETWEEN_FIGURES:
            piece.kind = left.kind
    for kind, run in _runs(pieces, lambda piece: piece.kind):  # W5
        neighbours = {pieces[at].kind for at in (run.start - 1, run.stop) if 0 <= at < len(pieces)}
        if kind == "ET" and "EN" in neighbours:
            _mark(pieces, run, "EN")
    for piece in pieces:  # W6
        piece.kind = "ON" if piece.kind in ("ES", "ET", "CS") else piece.kind
    _by_last_strong(pieces, start, {("L", "EN"): "L"})  # W7


_BETWEEN_FIGURES = {("ES", "EN"), ("CS", "EN"), ("CS", "AN")}


def _by_last_strong(pieces: list[_Piece], start: str, changes: dict[tuple[str, str], str]) -> None:
    strong = start
    for piece in pieces:
        if piece.kind in ("L", "R", "AL"):
            strong = piece.kind
        piece.kind = changes.get((strong, piece.kind), piece.kind)


def _resolve_neutral(pieces: list[_Piece], base: int) -> None:
    """N1, N2: neutral runs go with both neighbours where these agree, else with the line."""
    around = "R" if base else "L"
    for neutral, run in _runs(pieces, lambda piece: piece.kind in _NEUTRAL):
        if not neutral:
            continue
        left = _direction(pieces[run.start - 1]) if run.start else around
        right = _direction(pieces[run.stop]) if run.stop < len(pieces) else around
        _mark(pieces, run, left if left == right else around)


def _direction(piece: _Piece) -> str:
    return "L" if piece.kind == "L" else "R"


def _set_levels(pieces: list[_Piece], base: int) -> None:
    """I1, I2, and L1: spaces at the end of the line go with the line."""
    for piece in pieces:
        if base:
            piece.level = 1 if piece.kind == "R" else 2
        else:
            piece.level = {"L": 0, "R": 1}.get(piece.kind, 2)
    for piece in reversed(pieces):
        if not piece.text.isspace():
            break
        piece.level = base


def _reordered(pieces: list[_Piece]) -> list[_Piece]:
    """L2: from the highest level down, each run of at least that level is turned round."""
    line = list(pieces)
    for level in (2, 1):
        for high, run in list(_runs(line, lambda piece, level=level: piece.level >= level)):  # type: ignore[misc]
            if high:
                line[run.start : run.stop] = line[run.start : run.stop][::-1]
    return line


def _mirrored(piece: _Piece) -> str:
    """L4: a bracket opens towards where the line goes on."""
    return _MIRRORED.get(piece.text, piece.text) if piece.level == 1 else piece.text


def _runs(pieces: list[_Piece], key: Callable[[_Piece], object]) -> Iterator[tuple[object, range]]:
    at = 0
    for value, group in groupby(pieces, key):
        length = len(list(group))
        yield value, range(at, at + length)
        at += length


def _mark(pieces: list[_Piece], run: range, kind: str) -> None:
    for at in run:
        pieces[at].kind = kind
