"""The shared fold over a chain's verified records, kept for the chains that were busy last."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from sqlalchemy.orm import Session

from cloud.ledger import stretches
from cloud.ledger.models import LedgerChain
from shared.dose import ledger
from shared.dose.ledger import LedgerState

CACHED_STATES = 256


class Folds:
    """The state after a chain's verified part, by the chain's hash there.

    A state that isn't kept is followed from the one that was asked for last of the same chain, so
    that a page after an upload reads what came with it and not all that came in years.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, LedgerState] = OrderedDict()
        self._asked: OrderedDict[tuple[bytes, bytes], bytes] = OrderedDict()
        self._lock = Lock()

    def state(self, session: Session, chain: LedgerChain, number: int, hash_: bytes) -> LedgerState:
        """Return the state after record ``number`` (0: the genesis), where the chain's hash is
        ``hash_``."""
        begin = ledger.genesis(chain.device_id, chain.epoch)
        if number == 0:
            return begin
        kept, before = self._kept_of(chain, hash_)
        if kept is not None:
            return kept
        if before is not None and before.number < number:
            found = _followed(session, chain, before, number)
            if found.hash == hash_:
                return found
        return _followed(session, chain, begin, number)

    def keep(self, state: LedgerState) -> None:
        """Remember a state by its hash."""
        with self._lock:
            self._kept[state.hash] = state
            while len(self._kept) > CACHED_STATES:
                self._kept.popitem(last=False)

    def _kept_of(
        self, chain: LedgerChain, hash_: bytes
    ) -> tuple[LedgerState | None, LedgerState | None]:
        """Return the state at this hash, and the one that was asked for last of this chain."""
        name = chain.device_id, chain.epoch
        with self._lock:
            before = self._kept.get(self._asked.pop(name, b""))
            self._asked[name] = hash_
            while len(self._asked) > CACHED_STATES:
                self._asked.popitem(last=False)
            return self._kept.get(hash_), before


def _followed(session: Session, chain: LedgerChain, state: LedgerState, to: int) -> LedgerState:
    for one in stretches.records(session, chain, first=state.number + 1, last=to):
        state = ledger.take(state, one.data)
    return state
