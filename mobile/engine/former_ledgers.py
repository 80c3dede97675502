"""What other bands recorded before the present one, for the same person: their ledgers stay on this
phone, and their sessions are shown and handed out with the present band's.

Nothing is decided by them: what counts on the present band, it says itself (R24).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mobile.store import Store
from shared.dose import ledger
from shared.dose.ledger import ClosedSession
from shared.dose.ledger_part import behind, take_part
from shared.trust.statements import HASH_BYTES
from shared.wire import records

if TYPE_CHECKING:
    from mobile.engine.context import Context


@dataclass(frozen=True)
class Given:
    """A session that was closed, and the band that it was closed on."""

    device_id: bytes
    session: ClosedSession


class FormerLedgers:
    """The ledgers beside the present one, of one person. Each is read once."""

    def __init__(self, store: Store, patient_id: bytes) -> None:
        self._store, self._patient_id = store, patient_id
        self._present: bytes | None = None
        self._given: tuple[Given, ...] | None = None

    def given(self, present: bytes | None) -> tuple[Given, ...]:
        """Return the sessions of every epoch but the present one, the oldest band's first."""
        if self._given is None or present != self._present:
            self._given, self._present = self._read(present), present
        return self._given

    def _read(self, present: bytes | None) -> tuple[Given, ...]:
        found = []
        for epoch, first, _last in self._store.records.extents():
            device_id = self._store.outbox.device_of(epoch)
            if epoch == present or device_id is None:
                continue
            read = self._store.records.read(epoch, first)
            sessions = _sessions(read, device_id, epoch, self._patient_id)
            found.append([Given(device_id, each) for each in sessions])
        return tuple(each for one in sorted(found, key=_ended_ms) for each in one)


def every_session(context: Context) -> tuple[Given, ...]:
    """Return all sessions of this person that the phone knows of, the present band's last."""
    if context.ledger is None or context.former is None:
        return ()
    device_id = context.require_enrolment().device_id
    present = (Given(device_id, each) for each in context.ledger.sessions.values())
    return (*context.former.given(context.ledger.epoch), *present)


def _sessions(
    read: Iterable[bytes], device_id: bytes, epoch: bytes, patient_id: bytes
) -> Iterable[ClosedSession]:
    """Fold what is kept of a ledger, of which parts may be missing; only this person's."""
    state, found = ledger.genesis(device_id, epoch), {}
    for data in read:
        number = records.decode_record(data).number
        if number != state.number + 1:
            state = behind(number - 1, bytes(HASH_BYTES))
        state = take_part(state, data)
        last = state.last_session
        if last is not None and state.patient_id == patient_id:
            found[last.session_id] = last
    return found.values()


def _ended_ms(given: list[Given]) -> int:
    return max((each.session.closed_wall_ms or 0 for each in given), default=0)
