"""The worker: each second, for each clinic, under a lease for each task, it does what is due.

Safe with several workers. A task that fails is logged and tried again at the next round; it stops
neither the other tasks nor the other clinics, but the clinic's heartbeat: nobody is told that a
clinic is looked after while a part of that fails.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from cloud.clock import Clock
from cloud.db import Database
from cloud.keys import KeyRing
from cloud.logs import log
from cloud.worker.heartbeats import beat
from cloud.worker.leases import release_leases, take_lease
from cloud.worker.tasks import TASKS, Task

PERIOD_S = 1.0


class Worker:
    """Makes its rounds until it is asked to end."""

    def __init__(
        self, database: Database, clock: Clock, keys: KeyRing, tasks: Sequence[Task] = TASKS
    ) -> None:
        self._database, self._clock, self._keys, self._tasks = database, clock, keys, tasks
        self.name = secrets.token_hex(6)

    def run(self, stop: threading.Event) -> None:
        """Make a round each second of real time until ``stop`` is set."""
        while not stop.is_set():
            try:
                self.round()
            except SQLAlchemyError as problem:
                log.error("round failed", problem=type(problem).__name__)
            stop.wait(PERIOD_S)
        for clinic_id in self._database.all_clinics():
            with self._database.write(clinic_id) as session:
                release_leases(session, clinic_id, self.name)

    def round(self) -> None:
        """Look after every clinic once."""
        for clinic_id in self._database.all_clinics():
            try:
                self._look_after(clinic_id)
            except Exception as problem:
                _say("clinic failed", clinic_id, problem)

    def _look_after(self, clinic_id: str) -> None:
        held = failed = 0
        for task in self._tasks:
            try:
                held += self._do(task, clinic_id)
            except Exception as problem:
                failed += 1
                _say("task failed", clinic_id, problem, task=task.name)
        if held and not failed:
            with self._database.write(clinic_id) as session:
                beat(session, clinic_id, self.name, now_ms=self._clock.wall_ms())

    def _do(self, task: Task, clinic_id: str) -> bool:
        """Do one task of one clinic; False while another worker holds it."""
        now_ms = self._clock.wall_ms()
        with self._database.write(clinic_id) as session:
            if not take_lease(session, clinic_id, task.name, self.name, now_ms=now_ms):
                return False
            done = task.work(session, clinic_id, self._keys, now_ms)
        if done:
            log.info("task done", clinic=clinic_id, task=task.name, done=done)
        return True


def _say(what: str, clinic_id: str, problem: Exception, **about: str) -> None:
    """Log a failure by its kind and place: its sentence may hold what a patient said."""
    place = problem.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
    log.error(what, clinic=clinic_id, problem=type(problem).__name__, where=where, **about)
