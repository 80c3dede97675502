"""Tells an open page that it's still heard, and by a mark whether what it shows has changed.

A stream of server-sent events (HTML, section 9.2) carries a time and a mark, and nothing of any
patient: the page then asks for its list anew, through its own gate. A stream ends by itself after
a while and the browser opens the next one, so that who may no longer read isn't told for long.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, bindparam, func, null, select, union_all
from sqlalchemy.orm import Session

from cloud.alerts.models import Alert
from cloud.checkins.models import Scored
from cloud.db import Database
from cloud.holds.models import Hold
from cloud.ledger.models import LedgerChain
from cloud.patients.models import Patient
from cloud.phones.models import Phone
from cloud.prescriptions.models import StoredPrescription
from cloud.proof.models import Flaw
from cloud.times import Times
from cloud.triage.models import Assignment, Contact, Snooze

BEAT_S = 2.0
"""An open page hears so often, and says that it's stale after three beats (own choice)."""
BEATS = 15
"""So many and the stream ends: half a minute for which who lost the right is still told that
something changed (own choice)."""
RETRY_MS = 500
MARK_HEX = 16
TIMES_MOST = 4
_COUNTED = (
    (Alert, (Alert.raised_ms, Alert.closed_ms, Alert.repeated_ms, Alert.handed_ms)),
    (Flaw, (Flaw.found_ms, Flaw.ended_ms)),
    (Hold, (Hold.asked_ms, Hold.on_phone_ms, Hold.in_force_ms, Hold.ended_ms)),
    (StoredPrescription, (StoredPrescription.signed_ms, StoredPrescription.in_force_ms)),
    (Phone, (Phone.enrolled_ms,)),
    (Patient, (Patient.created_ms, Patient.erased_ms)),
    (LedgerChain, (LedgerChain.verified_ms, LedgerChain.verified_to)),
    (Scored, ()),
    (Contact, (Contact.called_ms,)),
    (Snooze, (Snooze.put_off_ms, Snooze.ended_ms)),
    (Assignment, (Assignment.assigned_ms,)),
)
"""What a list is made of: a row more or less, or a newer time of one, is another mark."""


def _asked() -> CompoundSelect[Any]:
    one_each = []
    for table, times in _COUNTED:
        columns: list[ColumnElement[Any]] = [func.count(), *(func.max(each) for each in times)]
        columns += [null()] * (TIMES_MOST - len(times))
        one_each.append(select(*columns).where(table.clinic_id == bindparam("clinic_id")))
    return union_all(*one_each)


_ASKED = _asked()


def mark_of(session: Session, clinic_id: str) -> str:
    """Return a word that changes with what the clinic's lists are made of."""
    found = session.execute(_ASKED, {"clinic_id": clinic_id}).all()
    return hashlib.sha256(repr([tuple(each) for each in found]).encode()).hexdigest()[:MARK_HEX]


class Marks:
    """The newest mark of each clinic, read at most once a beat however many pages are open."""

    def __init__(self, database: Database, uptime_s: Callable[[], float] = time.monotonic) -> None:
        self._database, self._uptime_s = database, uptime_s
        self._lock = threading.Lock()
        self._read: dict[str, tuple[float, str]] = {}

    def mark(self, clinic_id: str) -> str:
        """Return the clinic's mark, at most half a beat old."""
        now_s = self._uptime_s()
        with self._lock:
            read_s, mark = self._read.get(clinic_id, (None, ""))
            if read_s is not None and now_s - read_s < BEAT_S / 2:
                return mark
        with self._database.read(clinic_id) as session:
            mark = mark_of(session, clinic_id)
        with self._lock:
            self._read[clinic_id] = now_s, mark
        return mark


def beat(mark: str, times: Times, now_ms: int) -> bytes:
    """Return one event: the time as the page says it, and the mark."""
    told = json.dumps({"now": times.clock(now_ms), "mark": mark})
    return f"retry: {RETRY_MS}\nevent: beat\ndata: {told}\n\n".encode()


async def beats(
    one: Callable[[], bytes],
    count: int = BEATS,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[bytes]:
    """Yield so many beats, one each BEAT_S; each is made in a thread, as it reads the database."""
    for number in range(count):
        if number:
            await sleep(BEAT_S)
        yield await asyncio.to_thread(one)
