"""What the worker does for a clinic: one line for each task, with the keys that it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, true
from sqlalchemy.orm import Session

from cloud.alerts import escalating, standing
from cloud.alerts.service import all_open
from cloud.audit.heads import sign_daily, signed_of_late
from cloud.care import opening as care
from cloud.care.models import CareItem
from cloud.care.one_by_one import waiting
from cloud.checkins import service as checkins
from cloud.checkins.models import Checkin
from cloud.fhir.bulk import service as bulk
from cloud.holds import confirming
from cloud.holds import service as holds
from cloud.keys import KeyRing
from cloud.oncall import drills
from cloud.patients import erasing
from cloud.releases import watch as releases
from cloud.times import Times
from cloud.vault import watch
from cloud.worker.forgetting import anything, forget

MINUTE_MS = 60_000


@dataclass(frozen=True)
class Means:
    """What tasks work with: the worker's keys, the clinic's time zone, and how many days what has
    ended is kept."""

    keys: KeyRing
    times: Times
    kept_days: int = 7


Waits = Callable[[ColumnElement[str], ColumnElement[int], Means], ColumnElement[bool]]
"""Of a clinic's id and the Unix time in milliseconds, as values that the statement is given."""


@dataclass(frozen=True)
class Task:
    """Something that is done for each clinic in a transaction of its own, every so often.

    ``work`` gets the session, the clinic's id, the worker's means and the Unix time in
    milliseconds; it returns how much it did. What it raises ends its own transaction alone.
    ``waits`` says from the tables whether there would be anything to do, so that a task that is due
    needs no transaction where there isn't; without it there always may be.
    """

    name: str
    keys: tuple[str, ...]
    work: Callable[[Session, str, Means, int], int]
    every_ms: int = 0
    waits: Waits | None = None


def _sign_holds(session: Session, clinic_id: str, means: Means, now_ms: int) -> int:
    key = means.keys["hold"]
    confirmed = confirming.sign_asked(session, clinic_id, key, now_ms=now_ms)
    return confirmed + holds.sign_asked(session, clinic_id, key, now_ms=now_ms)


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


def _holds_wait(
    clinic_id: ColumnElement[str], _now_ms: ColumnElement[int], _means: Means
) -> ColumnElement[bool]:
    both = (holds.to_sign(clinic_id), confirming.to_sign(clinic_id))
    return or_(*(each.exists() for each in both))


def _checkins_wait(
    clinic_id: ColumnElement[str], now_ms: ColumnElement[int], _means: Means
) -> ColumnElement[bool]:
    return waiting(Checkin, clinic_id, now_ms).exists()


def _care_waits(
    clinic_id: ColumnElement[str], now_ms: ColumnElement[int], _means: Means
) -> ColumnElement[bool]:
    return waiting(CareItem, clinic_id, now_ms).exists()


def _alerts_wait(
    clinic_id: ColumnElement[str], _now_ms: ColumnElement[int], _means: Means
) -> ColumnElement[bool]:
    return all_open(clinic_id).exists()


def _audit_waits(
    clinic_id: ColumnElement[str], now_ms: ColumnElement[int], _means: Means
) -> ColumnElement[bool]:
    return func.coalesce(~signed_of_late(clinic_id, now_ms), true())


def _releases_wait(
    clinic_id: ColumnElement[str], _now_ms: ColumnElement[int], _means: Means
) -> ColumnElement[bool]:
    return releases.all_offered(clinic_id).exists()


def _exports_wait(
    clinic_id: ColumnElement[str], _now_ms: ColumnElement[int], _means: Means
) -> ColumnElement[bool]:
    return bulk.to_plan(clinic_id).exists()


def _exports_end(
    clinic_id: ColumnElement[str], now_ms: ColumnElement[int], _means: Means
) -> ColumnElement[bool]:
    return bulk.ended(clinic_id, now_ms)


def _sign_ins_end(
    clinic_id: ColumnElement[str], now_ms: ColumnElement[int], means: Means
) -> ColumnElement[bool]:
    return anything(clinic_id, kept_days=means.kept_days, now_ms=now_ms)


TASKS = (
    Task("erasures", (), _finish_erasures, MINUTE_MS),
    Task("holds", ("hold",), _sign_holds, waits=_holds_wait),
    Task("check-ins", ("care",), _open_checkins, waits=_checkins_wait),
    Task("care", ("care",), _open_care, waits=_care_waits),
    Task("standing", (), _look, MINUTE_MS),
    Task("drills", (), _drill, MINUTE_MS),
    Task("escalation", (), _escalate, waits=_alerts_wait),
    Task("audit head", ("audit",), _sign_audit_head, MINUTE_MS, _audit_waits),
    Task("patients' keys", (), _look_at_keys, watch.EVERY_MS),
    Task("releases", (), _look_at_releases, MINUTE_MS, _releases_wait),
    Task("bulk exports", (), _plan_exports, waits=_exports_wait),
    Task("ended exports and tokens", (), _forget_exports, MINUTE_MS, _exports_end),
    Task("ended sign-ins and codes", (), _forget, MINUTE_MS, _sign_ins_end),
)
KEYS = tuple(dict.fromkeys(name for task in TASKS for name in task.keys))
"""The keys that the worker loads, and no others."""
