"""`/ready`: whether this process may be sent work, and in words what is missing.

Apart from `/health`, which says whether anybody watches: a process is ready without a worker. For a
reverse proxy and whoever deploys; it tells no secret, no path and nothing of patients. It asks the
database for every clinic and key: so what was found is told again for some seconds.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from cloud.audit.models import AuditEvent
from cloud.clinics.models import Clinic, StoredCertificate
from cloud.clock import Clock, ClockError
from cloud.db import Database
from cloud.keys import KeyRing
from cloud.migrations.run import config_for
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import Certificate

EARLIEST_MS = 1_735_689_600_000
"""2025: a clock before this was never set."""
BACK_MS_MAX = 5 * 60_000
"""A clock may be behind the newest line of the audit log by this much (own choice)."""
OK = "ok"
BEHIND_S = 10 * 60.0
"""After so long a clock that is behind is taken for right: the one before was ahead (own choice).
Without this no process would be sent work, and without work nothing newer would be written."""
TOLD_AGAIN_S = 2.0
"""An answer holds this long (own choice)."""
AGAIN_SHARE = 10
"""That all holds is told again for so many times as long as the looking took, which among thousands
of clinics is seconds: it may take a tenth of the time (own choice)."""
router = APIRouter()


class Readiness(BaseModel):
    """What holds: ``ok``, or a sentence for whoever runs the machine."""

    database: str = OK
    tables: str = OK
    keys: str = OK
    clock: str = OK

    @property
    def is_ready(self) -> bool:
        """Whether everything holds."""
        return self == Readiness()


class Behind:
    """How long the clock has been behind what was written; ``now_s`` never goes back."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._since_s: float | None = None

    def counts(self, *, is_behind: bool) -> bool:
        """Whether it is behind, and not for so long already that it is taken for right."""
        if not is_behind:
            self._since_s = None
            return False
        if self._since_s is None:
            self._since_s = self._now_s()
        return self._now_s() - self._since_s < BEHIND_S


class Lookout:
    """Looks at most once in `TOLD_AGAIN_S`, and while all holds a tenth of the time, however many
    ask; ``now_s`` never goes back."""

    def __init__(self, look: Callable[[], Readiness], now_s: Callable[[], float]) -> None:
        self._look, self._now_s = look, now_s
        self._lock = threading.Lock()
        self._found, self._until_s = Readiness(), float("-inf")

    def found(self) -> Readiness:
        """Return what holds, or held just now."""
        with self._lock:
            began_s = self._now_s()
            if began_s >= self._until_s:
                self._found = self._look()
                ended_s = self._now_s()
                long_s = AGAIN_SHARE * (ended_s - began_s) if self._found.is_ready else 0.0
                self._until_s = ended_s + max(TOLD_AGAIN_S, long_s)
            return self._found


@router.get(
    "/ready",
    response_class=JSONResponse,
    responses={200: {"model": Readiness}, 503: {"model": Readiness}},
)
def ready(request: Request) -> Response:
    """Say what holds."""
    state = request.app.state
    lookout: Lookout | None = getattr(state, "lookout", None)
    if lookout is None:
        behind = Behind(time.monotonic)
        lookout = state.lookout = Lookout(
            lambda: look(state.database, state.clock, state.keys, behind), time.monotonic
        )
    found = lookout.found()
    return JSONResponse(found.model_dump(), status_code=200 if found.is_ready else 503)


def look(
    database: Database, clock: Clock, keys: KeyRing, behind: Behind | None = None
) -> Readiness:
    """Return what holds; what can't be asked without the database is left as it is."""
    found = Readiness()
    now_ms: int | None = None
    try:
        now_ms = clock.wall_ms()
    except ClockError as problem:
        found.clock = str(problem)
    try:
        found.tables = _tables(database)
        if found.tables == OK:
            found.keys = _keys(database, keys, now_ms)
            if now_ms is not None:
                found.clock = _clock(database, now_ms, behind or Behind(time.monotonic))
    except SQLAlchemyError:
        found.database = "does not answer"
    return found


def _tables(database: Database) -> str:
    with database.engine.connect() as connection:
        here = MigrationContext.configure(connection).get_current_revision()
    if here == newest_revision():
        return OK
    return f"are at {here or 'nothing'}, this program works with {newest_revision()}: migrate"


@functools.cache
def newest_revision() -> str | None:
    """Return the revision of the tables that this program works with."""
    return ScriptDirectory.from_config(config_for()).get_current_head()


def _keys(database: Database, keys: KeyRing, now_ms: int | None) -> str:
    """Each key that this process holds is certified by a clinic here, and still is."""
    clinics = database.all_clinics()
    if not clinics:
        return "no clinic is here yet: create-clinic"
    for name in keys.names:
        key = keys[name].public_key
        ends = [end for each in clinics for end in _ends_s(database, each, key)]
        if not ends:
            return f"no clinic here has certified this {name} key"
        if now_ms is not None and max(ends) * 1000 < now_ms:
            return f"the certificate of the {name} key has ended"
    return OK


def _ends_s(database: Database, clinic_id: str, key: PublicKey) -> list[int]:
    with database.read(clinic_id) as session:
        stored = session.get(StoredCertificate, (clinic_id, key.key_id))
        if stored is None:
            return []
        root = PublicKey(session.get_one(Clinic, clinic_id).root_key)
        try:
            said = sign1.verify(Certificate, stored.envelope, audience=clinic_id.encode(), key=root)
        except TrustError:
            return []
        return [said.not_after_s]


def _clock(database: Database, now_ms: int, behind: Behind) -> str:
    if now_ms < EARLIEST_MS:
        return "was never set"
    newest_ms = max((_newest_ms(database, each) for each in database.all_clinics()), default=0)
    if behind.counts(is_behind=now_ms < newest_ms - BACK_MS_MAX):
        return f"is {(newest_ms - now_ms) // 1000} s behind what was written before"
    return OK


def _newest_ms(database: Database, clinic_id: str) -> int:
    with database.read(clinic_id) as session:
        found = session.scalar(
            select(AuditEvent.at_ms)
            .where(AuditEvent.clinic_id == clinic_id)
            .order_by(AuditEvent.number.desc())
            .limit(1)
        )
    return found or 0
