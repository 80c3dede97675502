"""The phone's store in plain lists, for the many schedules; the few run over the real tables.

The same services with the same promises: a transaction holds whole or not at all, an image is all
that outlives a kill. Not for anything about SQL or ciphers: those have tests of their own.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from mobile.store.downstream import DownItem
from mobile.store.outbox import OutboxItem
from shared.wire.items import DownKind


@dataclass
class Kept:
    """Everything that the store keeps."""

    settings: dict[str, bytes] = field(default_factory=dict)
    records: dict[bytes, dict[int, bytes]] = field(default_factory=dict)
    outbox: dict[str, OutboxItem | None] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    down: dict[int, DownItem] = field(default_factory=dict)
    applied: dict[int, str | None] = field(default_factory=dict)
    log: dict[bytes, list[bytes]] = field(default_factory=dict)

    def copy(self) -> Kept:
        """Return the same, to be kept apart."""
        made = copy.copy(self)
        for name, value in vars(self).items():
            setattr(made, name, dict(value))
        made.records = {epoch: dict(lines) for epoch, lines in self.records.items()}
        made.log = {session: list(lines) for session, lines in self.log.items()}
        return made


class PlainStore:
    """In the place of `mobile.store.Store`."""

    def __init__(self, kept: Kept | None) -> None:
        self.kept = Kept() if kept is None else kept.copy()
        self.settings = _Settings(self)
        self.records = _Records(self)
        self.outbox = _Outbox(self)
        self.downstream = _Downstream(self)
        self.session_log = _SessionLog(self)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside holds whole or not at all."""
        before = self.kept.copy()
        try:
            yield
        except BaseException:
            self.kept = before
            raise


class _Table:
    def __init__(self, store: PlainStore) -> None:
        self._store = store

    @property
    def _kept(self) -> Kept:
        return self._store.kept


class _Settings(_Table):
    def get(self, name: str) -> bytes | None:
        return self._kept.settings.get(name)

    def put(self, name: str, value: bytes) -> None:
        self._kept.settings[name] = value


class _Records(_Table):
    def last_number(self, epoch: bytes) -> int:
        return max(self._kept.records.get(epoch, {}), default=0)

    def append(
        self, epoch: bytes, first: int, records: Sequence[bytes], *, begins: bool = False
    ) -> None:
        last = self.last_number(epoch)
        follows = first == last + 1 or (begins and first > last)
        assert follows, "a record that doesn't follow"
        self._kept.records.setdefault(epoch, {}).update(enumerate(records, start=first))

    def read(self, epoch: bytes, first: int = 1) -> tuple[bytes, ...]:
        kept = self._kept.records.get(epoch, {})
        return tuple(kept[number] for number in sorted(kept) if number >= first)


class _Outbox(_Table):
    def queue(self, items: Sequence[OutboxItem], *, now_ms: int) -> int:
        fresh = [item for item in items if item.id not in self._kept.outbox]
        self._kept.outbox.update({item.id: item for item in fresh})
        return len(fresh)

    def waiting(self) -> int:
        return sum(item is not None for item in self._kept.outbox.values())

    def next_items(self, count: int) -> tuple[OutboxItem, ...]:
        return tuple(item for item in self._kept.outbox.values() if item is not None)[:count]

    def acknowledge(self, item_id: str, *, now_ms: int, refusal: str | None = None) -> None:
        if self._kept.outbox.get(item_id) is not None:
            self._kept.outbox[item_id] = None
            if refusal is not None:
                self._kept.refusals[item_id] = refusal


class _Downstream(_Table):
    def cursor(self) -> int:
        return max(self._kept.down, default=0)

    def keep(self, items: Sequence[DownItem]) -> None:
        for item in items:
            self._kept.down.setdefault(item.cursor, item)

    def unapplied(self) -> tuple[DownItem, ...]:
        return tuple(i for at, i in sorted(self._kept.down.items()) if at not in self._kept.applied)

    def all_of(self, kind: DownKind) -> tuple[DownItem, ...]:
        return tuple(item for _, item in sorted(self._kept.down.items()) if item.kind is kind)

    def apply(self, cursor: int, *, now_ms: int, refusal: str | None = None) -> None:
        self._kept.applied[cursor] = refusal


class _SessionLog(_Table):
    def append(self, session_id: bytes, lines: Sequence[bytes]) -> None:
        self._kept.log.setdefault(session_id, []).extend(lines)

    def read(self, session_id: bytes) -> tuple[bytes, ...]:
        return tuple(self._kept.log.get(session_id, ()))
