"""Leases: each clinic is one worker's at a time, so that several deal the clinics among themselves.

A lease is a row of `work` beside the tasks' and lasts some seconds from when it was renewed last.
There is no list of workers: of two that meet at a clinic it is the one's whose name ranks higher
there, by a hash over both, so that a newcomer comes to its share and nobody else's clinics move.
A worker that is gone leaves its leases to end; one that can't do a clinic's work doesn't renew it.

A lease keeps workers out of each other's way. That no task is done twice is the claims' matter.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
from dataclasses import dataclass

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from cloud.worker.claims import UNLOADED, insert_new
from cloud.worker.models import Work

LEASE = "the clinic"
"""The task's name in a lease's row: no task is called so."""
LEASE_MS = 15_000
"""A worker that is gone is followed by another within so long: half of what is told as late."""
FAILED_MS = 60_000
"""A worker that failed in a clinic takes it from no other for so long."""
RENEWED_MS = 10_000
"""A lease that ends within so long is renewed with the next heartbeat."""


@dataclass(frozen=True)
class Lease:
    """Whose a clinic is, until which Unix time in milliseconds."""

    holder: str
    until_ms: int

    def lasts(self, now_ms: int) -> bool:
        """Whether it holds now; one that ends later than any is of a clock that was ahead."""
        return now_ms < self.until_ms <= now_ms + LEASE_MS


def new_name() -> str:
    """Return a name for this process's worker: its machine, its process, and a word of its own."""
    return f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(6)}"


class Share:
    """A worker's share of the clinics, as far as it knows: ``held`` are those that it has."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.held: set[str] = set()
        self._others: dict[str, Lease] = {}
        self._failed_ms: dict[str, int] = {}

    def asks(self, clinic_id: str, now_ms: int) -> bool:
        """Whether to look at a clinic: not before the lease ends that another was seen to have."""
        seen = self._others.get(clinic_id)
        return seen is None or not seen.lasts(now_ms)

    def is_for_it(self, clinic_id: str, lease: Lease | None, now_ms: int) -> bool:
        """Whether the clinic is for this worker; where it isn't, whose it is is remembered."""
        self._others.pop(clinic_id, None)
        if lease is None or lease.holder == self.name or not lease.lasts(now_ms):
            return True
        if is_gone(lease.holder, self.name):
            return True
        ranks_higher = _rank(clinic_id, self.name) > _rank(clinic_id, lease.holder)
        if ranks_higher and not self.fails(clinic_id, now_ms):
            return True
        self._others[clinic_id] = lease
        self.held.discard(clinic_id)
        return False

    def note(self, clinic_id: str, now_ms: int, *, failed: bool) -> None:
        """Note whether this worker could do a clinic's work."""
        if failed:
            self._failed_ms[clinic_id] = now_ms
        else:
            self._failed_ms.pop(clinic_id, None)

    def fails(self, clinic_id: str, now_ms: int) -> bool:
        """Whether it could not of late: then it works there as long as no other does."""
        failed_ms = self._failed_ms.get(clinic_id)
        return failed_ms is not None and abs(now_ms - failed_ms) < FAILED_MS


def hold(session: Session, clinic_id: str, name: str, seen: Lease | None, *, now_ms: int) -> bool:
    """Take or renew a clinic's lease as it was seen; False where another was faster."""
    values = {"due_ms": now_ms + LEASE_MS, "holder": name, "done_ms": now_ms}
    if seen is None:
        return insert_new(session, clinic_id, LEASE, **values)
    done = session.execute(
        update(Work)
        .where(Work.clinic_id == clinic_id, Work.task == LEASE)
        .where(Work.holder == seen.holder, Work.due_ms == seen.until_ms)
        .values(**values)
        .execution_options(**UNLOADED)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


def give_back(session: Session, clinic_id: str, name: str) -> None:
    """Let another worker have a clinic at once."""
    session.execute(
        update(Work)
        .where(Work.clinic_id == clinic_id, Work.task == LEASE, Work.holder == name)
        .values(due_ms=0)
    )


def is_gone(holder: str, name: str) -> bool:
    """Whether a holder is known to have ended: a process of this machine that is no more.

    So a worker that was killed and started anew waits for no lease of its own.
    """
    machine, _, rest = holder.partition("/")
    own_machine, _, own_rest = name.partition("/")
    if not rest or machine != own_machine:
        return False
    pid, own_pid = (each.partition("/")[0] for each in (rest, own_rest))
    if pid == own_pid:
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError, OverflowError):
        return False
    return False


def _rank(clinic_id: str, name: str) -> bytes:
    return hashlib.sha256(f"{clinic_id} {name}".encode()).digest()
