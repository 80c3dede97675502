"""A table with one line for each thing, as spreadsheets read it (RFC 4180, UTF-8 with a mark)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from mobile.exporting.facts import OwnRecord, Scored, SessionLine
from mobile.presenters.words import Now

HEAD = ("kind", "when", "what", "value", "of", "unit", "note")
_MARK = "\N{BYTE ORDER MARK}"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(record: OwnRecord) -> bytes:
    """Return the table; times are ISO 8601 with the person's offset."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEAD)
    for line in _lines(record):
        writer.writerow([_harmless(cell) for cell in line])
    return (_MARK + text.getvalue()).encode()


def when(now: Now, wall_ms: int | None) -> str:
    """Return an instant as ISO 8601 with offset; empty where it's not known."""
    return "" if wall_ms is None else now.local(wall_ms).isoformat(timespec="seconds")


def _lines(record: OwnRecord) -> Iterator[tuple[str, ...]]:
    for session in record.sessions:
        yield _session(record.now, session)
    for checkin in record.checkins:
        yield _score(record.now, checkin)
        for item, value in checkin.answers:
            at = when(record.now, checkin.answered_ms)
            yield ("answer", at, item, str(value), "", "", checkin.instrument)


def _session(now: Now, session: SessionLine) -> tuple[str, ...]:
    note = "complete" if session.completed else f"partial: {session.cause}"
    return (
        "session",
        when(now, session.ended_ms),
        f"session {session.number}",
        str(session.charged_pulses),
        str(session.planned_pulses),
        "pulses",
        note,
    )


def _score(now: Now, checkin: Scored) -> tuple[str, ...]:
    score = "" if checkin.score is None else str(checkin.score)
    note = "; ".join(part for part in (checkin.band, checkin.label) if part)
    at = when(now, checkin.answered_ms)
    return ("check-in", at, checkin.title, score, str(checkin.maximum), "points", note)


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would calculate stands as text; a number below zero stays one."""
    if cell.startswith(_FORMULA) and not cell.lstrip("-").isdecimal():
        return f"'{cell}"
    return cell
