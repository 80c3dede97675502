"""The worker: each second, for each clinic, it claims what is due and does it.

Safe with several workers. A task that fails is logged and tried again at the next round; it stops
neither the other tasks nor the other clinics, but the clinic's heartbeat: nobody is told that a
clinic is looked after while a part of that fails or stays undone.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from cloud.clock import Clock
from cloud.db import Database
from cloud.logs import log
from cloud.operations.metrics import ROUND_SECONDS
from cloud.operations.metrics import TASKS as TASKS_DONE
from cloud.worker.claims import claim, oldest_done_ms
from cloud.worker.heartbeats import beat
from cloud.worker.months import Months
from cloud.worker.tasks import TASKS, Means, Task

PERIOD_S = 1.0
LATE_MS = 30_000
"""A task that is overdue by more than this stops the heartbeat (own choice)."""


class Worker:
    """Makes its rounds until it is asked to end; ``delivers`` says whether the courier lives."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        means: Means,
        tasks: Sequence[Task] = TASKS,
        delivers: Callable[[], bool] = lambda: True,
    ) -> None:
        self._database, self._clock, self._means = database, clock, means
        self._tasks, self._delivers = tasks, delivers
        self._months = Months(database.engine)
        self.name = secrets.token_hex(6)

    def run(self, stop: threading.Event) -> None:
        """Make a round each second of real time until ``stop`` is set."""
        while not stop.is_set():
            try:
                self._months.look(self._clock.wall_ms())
                self.round(stop)
            except SQLAlchemyError as problem:
                log.error("round failed", problem=type(problem).__name__)
            stop.wait(PERIOD_S)

    def round(self, stop: threading.Event | None = None) -> None:
        """Look after every clinic once; between two tasks it ends where ``stop`` is set."""
        stop = stop or threading.Event()
        with ROUND_SECONDS.time():
            for clinic_id in self._database.all_clinics():
                try:
                    self._look_after(clinic_id, stop)
                except Exception as problem:
                    say("clinic failed", clinic_id, problem)

    def _look_after(self, clinic_id: str, stop: threading.Event) -> None:
        failed = 0
        for task in self._tasks:
            if stop.is_set():
                return
            try:
                self._do(task, clinic_id)
            except Exception as problem:
                failed += 1
                TASKS_DONE.labels(task.name, "failed").inc()
                say("task failed", clinic_id, problem, task=task.name)
        if failed or not self._delivers():
            return
        now_ms = self._clock.wall_ms()
        names = tuple(task.name for task in self._tasks)
        longest_ms = max((task.every_ms for task in self._tasks), default=0)
        with self._database.write(clinic_id) as session:
            oldest_ms = oldest_done_ms(session, clinic_id, names)
            if oldest_ms is not None and oldest_ms >= now_ms - longest_ms - LATE_MS:
                beat(session, clinic_id, self.name, now_ms=now_ms)

    def _do(self, task: Task, clinic_id: str) -> None:
        now_ms = self._clock.wall_ms()
        with self._database.write(clinic_id) as session:
            if not claim(
                session,
                clinic_id,
                task.name,
                self.name,
                every_ms=task.every_ms,
                now_ms=now_ms,
            ):
                return
            done = task.work(session, clinic_id, self._means, now_ms)
        TASKS_DONE.labels(task.name, "done").inc()
        if done:
            log.info("task done", clinic=clinic_id, task=task.name, done=done)


def say(what: str, clinic_id: str, problem: Exception, **about: str) -> None:
    """Log a failure by its kind and place: its sentence may hold what a patient said."""
    place = problem.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
    log.error(what, clinic=clinic_id, problem=type(problem).__name__, where=where, **about)
