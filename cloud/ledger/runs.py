"""The shared fold over a run of slices at once: the same state, without one for each record.

A session is a long run of slices, each reserved and then closed. `follow` leads over a run as
`shared.dose.ledger.follow` leads over its records one by one; whatever is out of the ordinary it
leaves to that. Tests hold the two to the same states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cloud.ledger.moving import State
from cloud.ledger.slices import RESERVED, Slice
from shared.dose.ledger_state import Course
from shared.dose.totals import BUCKET_MS, CEILING_WEEK_MS, SLICE_MS, Amount, Bucket, Windows
from shared.wire.records import SessionKind, SliceReservedBody


@dataclass(frozen=True)
class Run:
    """What a run came to: the fields of the state that it changes, and what a watch over each
    record must know.

    ``added`` is the most that it added to any window, ``charged_at_most`` what the session had come
    to at its highest, and ``percent_mso`` the output of its last reservation.
    """

    changes: Mapping[str, Any]
    added: Amount
    charged_at_most: int
    percent_mso: int | None


def follow(state: State, slices: Sequence[Slice], last_hash: bytes) -> Run | None:
    """Return what the run came to, ``last_hash`` being the chain's behind it; None where one of
    its records must be looked at by itself."""
    session = state.session
    if session is None or not slices:
        return None
    is_charged = session.kind is not SessionKind.TITRATION
    meters = [_Meter(state.ceilings)] + ([_Meter(state.windows)] if is_charged else [])
    number, now_ms, base_ms = state.number, state.proven_ms, state.boot_base_ms
    boot_count, counter = state.boot_count, state.counter
    last_pulse_ms = state.last_pulse_ms
    open_pulses = None if session.reserved is None else session.reserved.pulses
    reserved: Slice | None = None
    charged, counted, trains = 0, session.counted, session.trains_begun
    sessions = added = highest = 0
    for one in slices:
        number += 1
        at_ms = base_ms + one.uptime_ms
        if one.number != number or one.boot_count != boot_count or at_ms < now_ms:
            return None
        now_ms = at_ms
        if one.type == RESERVED:
            if open_pulses is not None or one.fifth != counter:
                return None
            reserved, open_pulses, trains, counter = one, one.third, one.train, one.fifth + 1
            first = is_charged and not counted
            counted = counted or first
            sessions += first
            for meter in meters:
                meter.charge(now_ms, open_pulses, first)
            last_pulse_ms = now_ms
            charged += open_pulses
            added += open_pulses
        else:
            if open_pulses is None:
                return None
            released = open_pulses - max(one.third, one.fourth)
            for meter in meters:
                meter.release(released, one.fifth)
            last_pulse_ms = max(last_pulse_ms or 0, one.fifth)
            charged -= released
            added -= min(released, 0)
            open_pulses = None
        highest = max(highest, charged)
    changes = {
        "number": number,
        "hash": last_hash,
        "proven_ms": now_ms,
        "counter": counter,
        "total_pulses": state.total_pulses + charged,
        "last_pulse_ms": last_pulse_ms,
        "wait_number": number,
        "ceilings": meters[0].windows(),
        "session": replace(
            session,
            charged_pulses=session.charged_pulses + charged,
            trains_begun=trains,
            counted=counted,
            reserved=_reservation(session.reserved, reserved, open_pulses),
        ),
    }
    if is_charged:
        changes["windows"] = meters[1].windows()
        changes["last_session_pulse_ms"] = last_pulse_ms
        changes["current_course"] = _charged(state.current_course, charged, sessions)
    percent_mso = None if reserved is None else reserved.fourth
    return Run(changes, Amount(added, sessions), session.charged_pulses + highest, percent_mso)


def _charged(course: Course | None, pulses: int, sessions: int) -> Course | None:
    if course is None:
        return None
    before = course.charged
    return replace(course, charged=Amount(before.pulses + pulses, before.sessions + sessions))


def _reservation(
    before: SliceReservedBody | None, newest: Slice | None, open_pulses: int | None
) -> SliceReservedBody | None:
    if open_pulses is None:
        return None
    if newest is None:
        return before
    return SliceReservedBody(newest.train, newest.slice, newest.third, newest.fourth, newest.fifth)


class _Meter:
    """Windows that are charged many times and made into new ones once (`Windows.charge`)."""

    __slots__ = ("_aged_ms", "_first_ms", "_last_ms", "_older", "_pulses", "_sessions")

    def __init__(self, windows: Windows) -> None:
        self._aged_ms: int | None = None
        self._older: list[Bucket] = list(windows.buckets[:-1])
        newest = windows.buckets[-1] if windows.buckets else None
        self._first_ms: int | None = None
        self._last_ms = self._pulses = self._sessions = 0
        if newest is not None:
            self._first_ms, self._last_ms = newest.first_ms, newest.last_ms
            self._pulses, self._sessions = newest.pulses, newest.sessions

    def charge(self, at_ms: int, pulses: int, sessions: int) -> None:
        first_ms, self._aged_ms = self._first_ms, at_ms
        lasts = first_ms is not None and self._last_ms + CEILING_WEEK_MS > at_ms
        if first_ms is not None and lasts and at_ms - first_ms < BUCKET_MS - SLICE_MS:
            self._pulses += pulses
            self._sessions += sessions
        else:
            if first_ms is not None:
                self._older.append(self._newest(first_ms))
            self._first_ms, self._pulses, self._sessions = at_ms, pulses, sessions
            if not lasts:
                self._last_ms = at_ms
        self._last_ms = max(self._last_ms, at_ms)

    def release(self, pulses: int, last_ms: int) -> None:
        if self._first_ms is None:
            return
        self._pulses = max(0, self._pulses - pulses)
        self._last_ms = max(self._last_ms, last_ms)

    def windows(self) -> Windows:
        buckets = (
            self._older if self._first_ms is None else [*self._older, self._newest(self._first_ms)]
        )
        if self._aged_ms is not None:
            until_ms = self._aged_ms - CEILING_WEEK_MS
            buckets = [each for each in buckets if each.last_ms > until_ms]
        return Windows(tuple(buckets))

    def _newest(self, first_ms: int) -> Bucket:
        return Bucket(first_ms, self._last_ms, self._pulses, self._sessions)
