"""The worker: each second, for each clinic of its share, it claims what is due and does it.

Safe with several workers, which deal the clinics among themselves (`cloud.worker.leases`). A task
that fails is logged and tried again at the next round; it stops neither the other tasks nor the
other clinics, but the clinic's heartbeat: nobody is told that a clinic is looked after while a part
of that fails or stays undone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from cloud.clock import Clock
from cloud.db import Database
from cloud.logs import log
from cloud.operations.metrics import ROUND_SECONDS, WORKER_CLINICS
from cloud.operations.metrics import TASKS as TASKS_DONE
from cloud.worker.claims import claim, pass_by
from cloud.worker.due import Due, Looker
from cloud.worker.heartbeats import BEAT_MS, beat
from cloud.worker.leases import RENEWED_MS, Lease, Share, give_back, hold, new_name
from cloud.worker.months import Months
from cloud.worker.tasks import TASKS, Means, Task

PERIOD_S = 1.0
LATE_MS = 30_000
"""A task that is overdue by more than this stops the heartbeat (own choice)."""
GIVING_BACK_S = 3.0
"""How long a worker that ends gives its clinics back; what is left ends by itself."""


class Worker:
    """Makes its rounds until it is asked to end.

    ``delivers`` says whether the courier lives; ``tells`` has it send a clinic's messages.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        means: Means,
        tasks: Sequence[Task] = TASKS,
        delivers: Callable[[], bool] = lambda: True,
        tells: Callable[[str], None] = lambda _: None,
        name: str | None = None,
    ) -> None:
        self._database, self._clock, self._means = database, clock, means
        self._tasks, self._delivers, self._tells = tasks, delivers, tells
        self._months = Months(database.engine)
        self._looker = Looker(tasks, means)
        self._beaten_ms: dict[str, int] = {}
        self._longest_ms = max((task.every_ms for task in tasks), default=0)
        self.name = name or new_name()
        self._share = Share(self.name)

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
        """Look after every clinic of its share once; between two tasks it ends where ``stop`` is
        set."""
        stop = stop or threading.Event()
        with ROUND_SECONDS.time():
            for clinic_id in self._database.all_clinics():
                try:
                    if self._share.asks(clinic_id, self._clock.wall_ms()):
                        self._look_after(clinic_id, stop)
                except Exception as problem:
                    say("clinic failed", clinic_id, problem)
        WORKER_CLINICS.set(len(self._share.held))

    def give_back(self) -> None:
        """Let another worker have this one's clinics at once; it makes no more rounds."""
        until_s = time.monotonic() + GIVING_BACK_S
        while self._share.held and time.monotonic() < until_s:
            clinic_id = self._share.held.pop()
            with self._database.write(clinic_id) as session:
                give_back(session, clinic_id, self.name)

    def _look_after(self, clinic_id: str, stop: threading.Event) -> None:
        now_ms = self._clock.wall_ms()
        due = self._look(clinic_id)
        if not self._share.is_for_it(clinic_id, due.lease, now_ms):
            return
        if self._has(due.lease, now_ms):
            self._share.held.add(clinic_id)
        elif not self._share.fails(clinic_id, now_ms):
            with self._database.write(clinic_id) as session:
                if not hold(session, clinic_id, self.name, due.lease, now_ms=now_ms):
                    return
            self._share.held.add(clinic_id)
        if due.messages:
            self._tells(clinic_id)
        due, failed = self._work(clinic_id, due, stop)
        failed = failed or not self._delivers()
        self._share.note(clinic_id, now_ms, failed=failed)
        if not failed and not stop.is_set():
            self._tell(clinic_id, due)

    def _look(self, clinic_id: str) -> Due:
        with self._database.read(clinic_id) as session:
            return self._looker.look(session, clinic_id, now_ms=self._clock.wall_ms())

    def _has(self, lease: Lease | None, now_ms: int) -> bool:
        return lease is not None and lease.holder == self.name and lease.lasts(now_ms)

    def _work(self, clinic_id: str, due: Due, stop: threading.Event) -> tuple[Due, bool]:
        """Do what is due, each task once, and what comes of it in the same round: an alert that is
        raised is told at once. Return the last look, and whether something failed."""
        failed = False
        tried: set[str] = set()
        while todo := [each for each in due.tasks if each.name not in tried]:
            for task in todo:
                if stop.is_set():
                    return due, failed
                tried.add(task.name)
                try:
                    self._do(task, clinic_id)
                except Exception as problem:
                    failed = True
                    TASKS_DONE.labels(task.name, "failed").inc()
                    say("task failed", clinic_id, problem, task=task.name)
            due = self._look(clinic_id)
            if due.messages:
                self._tells(clinic_id)
        return due, failed

    def _tell(self, clinic_id: str, due: Due) -> None:
        """Write down that the clinic is looked after, every few seconds: lease and heartbeat."""
        now_ms = self._clock.wall_ms()
        beaten_ms = self._beaten_ms.get(clinic_id)
        beats = beaten_ms is None or abs(now_ms - beaten_ms) >= BEAT_MS
        idle = {task.name: task.every_ms for task in due.idle if task.every_ms}
        if not beats and not idle:
            return
        with self._database.write(clinic_id) as session:
            pass_by(session, clinic_id, idle, self.name, now_ms=now_ms)
            if not beats:
                return
            lease = due.lease
            if lease and self._has(lease, now_ms) and lease.until_ms <= now_ms + RENEWED_MS:
                hold(session, clinic_id, self.name, lease, now_ms=now_ms)
            busy = (each.name for each in self._tasks if each not in due.idle)
            oldest_ms = min((due.done_ms.get(name, 0) for name in busy), default=now_ms)
            if oldest_ms >= now_ms - self._longest_ms - LATE_MS:
                beat(session, clinic_id, self.name, now_ms=now_ms)
                self._beaten_ms[clinic_id] = now_ms

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
