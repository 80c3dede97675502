"""The worker: each second, for each clinic, under a lease, it does what is due.

Holds the hold key and the care key; safe with several workers.
"""

from __future__ import annotations

import secrets
import threading

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cloud.care import opening as care
from cloud.checkins import service as checkins
from cloud.clinics.models import Clinic
from cloud.clock import Clock
from cloud.db import Database
from cloud.holds.service import sign_asked
from cloud.keys import KeyRing
from cloud.logs import log
from cloud.worker.heartbeats import beat
from cloud.worker.leases import release_leases, take_lease

KEYS = ("hold", "care")
PERIOD_S = 1.0
TASK = "rounds"


class Worker:
    """Makes its rounds until it is asked to end."""

    def __init__(self, database: Database, clock: Clock, keys: KeyRing) -> None:
        self._database, self._clock, self._keys = database, clock, keys
        self.name = secrets.token_hex(6)

    def run(self, stop: threading.Event) -> None:
        """Make a round each second of real time until ``stop`` is set."""
        while not stop.is_set():
            try:
                self.round()
            except SQLAlchemyError as problem:
                log.error("round failed", problem=type(problem).__name__)
            stop.wait(PERIOD_S)
        with self._database.write() as session:
            release_leases(session, self.name)

    def round(self) -> None:
        """Look after every clinic once."""
        with self._database.read() as session:
            clinics = session.scalars(select(Clinic.clinic_id)).all()
        for clinic_id in clinics:
            with self._database.write() as session:
                self._look_after(session, clinic_id)

    def _look_after(self, session: Session, clinic_id: str) -> None:
        now_ms = self._clock.wall_ms()
        if not take_lease(session, clinic_id, TASK, self.name, now_ms=now_ms):
            return
        beat(session, clinic_id, self.name, now_ms=now_ms)
        signed = sign_asked(session, clinic_id, self._keys["hold"], now_ms=now_ms)
        opened = sum(
            each.open_new(session, clinic_id, self._keys["care"], now_ms=now_ms)
            for each in (checkins, care)
        )
        if signed or opened:
            log.info("round", clinic=clinic_id, holds_signed=signed, opened=opened)
