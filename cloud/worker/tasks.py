"""What the worker does for a clinic: one line for each task, with the keys that it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cloud.alerts import escalating, standing
from cloud.audit.heads import sign_daily
from cloud.care import opening as care
from cloud.checkins import service as checkins
from cloud.fhir.bulk import service as bulk
from cloud.holds import confirming
from cloud.holds.service import sign_asked
from cloud.keys import KeyRing
from cloud.oncall import drills
from cloud.patients import erasing
from cloud.releases import watch as releases
from cloud.times import Times
from cloud.vault import watch
from cloud.worker.forgetting import forget

MINUTE_MS = 60_000


@dataclass(frozen=True)
class Means:
    """What tasks work with: the worker's keys, the clinic's time zone, and how many days what has
    ended is kept."""

    keys: KeyRing
    times: Times
    kept_days: int = 7


@dataclass(frozen=True)
class Task:
    """Something that is done for each clinic in a transaction of its own, every so often.

    ``work`` gets the session, the clinic's id, the worker's means and the Unix time in
    milliseconds; it returns how much it did. What it raises ends its own transaction alone.
    """

    name: str
    keys: tuple[str, ...]
    work: Callable[[Session, str, Means, int], int]
    every_ms: int = 0


def _sign_holds(session: Session, clinic_id: str, means: Means, now_ms: int) -> int:
    key = means.keys["hold"]
    confirmed = confirming.sign_asked(session, clinic_id, key, now_ms=now_ms)
    return confirmed + sign_asked(session, clinic_id, key, now_ms=now_ms)


def _open_checkins(session: Session, clinic_id: str, means: Means, now_ms: int) -> int:
    return checkins.open_new(session, clinic_id, means.keys["care"], now_ms=now_ms)


def _open_care(session: Session, clinic_id: str, means: Means, now_ms: int) -> int:
    return care.open_new(session, clinic_id, means.keys["care"], now_ms=now_ms)


def _look(session: Session, clinic_id: str, means: Means, now_ms: int) -> int:
    standing.look(session, clinic_id, means.times, now_ms=now_ms)
    return 0


def _drill(session: Session, clinic_id: str, means: Means, now_ms: int) -> int:
    return drills.run(session, clinic_id, means.times, now_ms=now_ms)


def _escalate(session: Session, clinic_id: str, means: Means, now_ms: int) -> int:
    return escalating.plan(session, clinic_id, means.times, now_ms=now_ms)


def _finish_erasures(session: Session, clinic_id: str, _means: Means, now_ms: int) -> int:
    return erasing.finish(session, clinic_id, now_ms=now_ms)


def _sign_audit_head(session: Session, clinic_id: str, means: Means, now_ms: int) -> int:
    return int(sign_daily(session, clinic_id, means.keys["audit"], now_ms=now_ms))


def _forget(session: Session, clinic_id: str, means: Means, now_ms: int) -> int:
    return forget(session, clinic_id, kept_days=means.kept_days, now_ms=now_ms)


def _plan_exports(session: Session, clinic_id: str, _means: Means, now_ms: int) -> int:
    return bulk.plan(session, clinic_id, now_ms=now_ms)


def _forget_exports(session: Session, clinic_id: str, _means: Means, now_ms: int) -> int:
    return bulk.forget(session, clinic_id, now_ms=now_ms)


def _look_at_releases(session: Session, clinic_id: str, _means: Means, now_ms: int) -> int:
    return releases.look(session, clinic_id, now_ms=now_ms)


def _look_at_keys(session: Session, clinic_id: str, _means: Means, now_ms: int) -> int:
    return watch.look(session, clinic_id, now_ms=now_ms)


TASKS = (
    Task("erasures", (), _finish_erasures, MINUTE_MS),
    Task("holds", ("hold",), _sign_holds),
    Task("check-ins", ("care",), _open_checkins),
    Task("care", ("care",), _open_care),
    Task("standing", (), _look, MINUTE_MS),
    Task("drills", (), _drill, MINUTE_MS),
    Task("escalation", (), _escalate),
    Task("audit head", ("audit",), _sign_audit_head, MINUTE_MS),
    Task("patients' keys", (), _look_at_keys, watch.EVERY_MS),
    Task("releases", (), _look_at_releases, MINUTE_MS),
    Task("bulk exports", (), _plan_exports),
    Task("ended exports and tokens", (), _forget_exports, MINUTE_MS),
    Task("ended sign-ins and codes", (), _forget, MINUTE_MS),
)
KEYS = tuple(dict.fromkeys(name for task in TASKS for name in task.keys))
"""The keys that the worker loads, and no others."""
