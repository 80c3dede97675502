"""The session's log: telemetry and events, kept line by line, at the end sealed to the vault key.

Only the clinic's vault opens it: not ingest, not a queue, not a backup, and not this phone again.
"""

from __future__ import annotations

from mobile.engine.enrolment import Enrolment
from mobile.engine.sharing import allows
from mobile.presenters.consent_sections import DETAILS
from mobile.store import Store, StoreFull
from mobile.store.outbox import OutboxItem
from shared.trust import sealing
from shared.trust.keys import PublicKey
from shared.wire import fields
from shared.wire.items import UpKind, session_log_context, session_log_id
from shared.wire.session_log import VERSION, LogLine, SessionLogBody
from shared.wire.status import Telemetry

_LINES_AT_ONCE = 10
_LINES_IN_MEMORY = 1_000


class LogBook:
    """The log of one session while it goes on."""

    def __init__(self, store: Store, session_id: bytes) -> None:
        self._store = store
        self._session_id = session_id
        self._waiting: list[bytes] = []
        self.is_whole = True

    def sample(self, sample: Telemetry, wall_ms: int) -> None:
        """Note what the band measured."""
        self._waiting.append(fields.pack(LogLine(wall_ms, sample=sample)))
        if len(self._waiting) >= _LINES_AT_ONCE:
            self.keep()

    def event(self, name: str, wall_ms: int) -> None:
        """Note what happened, and keep everything so far."""
        self._waiting.append(fields.pack(LogLine(wall_ms, event=name)))
        self.keep()

    def keep(self) -> None:
        """Write what waits into the store; on a full phone it waits on, the oldest falling out.

        The log is for the clinic's eyes later; the session doesn't end for want of it.
        """
        try:
            self._store.session_log.append(self._session_id, self._waiting)
        except StoreFull:
            self.is_whole = False
            self._waiting = self._waiting[-_LINES_IN_MEMORY:]
        else:
            self._waiting = []


def seal_logs(store: Store, enrolment: Enrolment, *, now_ms: int, but: bytes | None = None) -> int:
    """Seal every log but that of the session under way into the outbox; return how many.

    A log that the person doesn't share goes instead.
    """
    finished = [session for session in store.session_log.sessions() if session != but]
    if not allows(store, DETAILS):
        for session_id in finished:
            store.session_log.erase(session_id)
        return 0
    for session_id in finished:
        body = _sealed(store, enrolment, session_id)
        item = OutboxItem(session_log_id(session_id), UpKind.SESSION_LOG, body)
        with store.transaction():
            store.outbox.queue([item], now_ms=now_ms)
            store.session_log.erase(session_id)
    return len(finished)


def _sealed(store: Store, enrolment: Enrolment, session_id: bytes) -> bytes:
    lines = tuple(fields.unpack(LogLine, line) for line in store.session_log.read(session_id))
    return sealing.seal(
        fields.pack(SessionLogBody(VERSION, session_id, lines)),
        to=PublicKey(enrolment.vault_key),
        context=session_log_context(enrolment.patient_id),
    )
