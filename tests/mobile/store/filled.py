"""A store with a value in every sealed column, each of which carries a mark to look for."""

from __future__ import annotations

from mobile.store import Store
from mobile.store.downstream import DownItem
from mobile.store.models import Base
from mobile.store.notes import NoteKind
from mobile.store.outbox import OutboxItem
from mobile.store.rotation import sealed_columns
from shared.wire.items import CheckinBody, DownKind, UpKind

EPOCH = b"e" * 16
SESSION = b"s" * 16
MARK = b"marked-value"
ANSWERS = (3, 1, 3, 1, 3, 1, 3, 1, 3)
RECORDS = 7


def checkin(answered_ms: int = 1_000) -> CheckinBody:
    """A check-in whose language is the mark's first letters, and whose answers are a pattern."""
    return CheckinBody("phq9-own-words", 1, b"p" * 16, answered_ms, ANSWERS, "en")


def fill(store: Store, mark: bytes = MARK) -> None:
    """Put a marked value into every sealed column."""
    store.settings.put("enrolment", mark)
    store.settings.put("band-seen", mark)
    store.records.append(EPOCH, 1, [mark + bytes([number]) for number in range(RECORDS)])
    store.outbox.queue(
        [OutboxItem(f"record/{n}", UpKind.RECORD, mark) for n in range(1, 6)], now_ms=5
    )
    for number in (2, 3):
        store.outbox.acknowledge(f"record/{number}", now_ms=6, refusal=mark.decode())
    store.downstream.keep([DownItem(n, f"d{n}", DownKind.PRESCRIPTION, mark) for n in (1, 2, 3)])
    for cursor in (1, 2):
        store.downstream.apply(cursor, now_ms=6, refusal=mark.decode())
    store.checkins.add(checkin(1_000))
    store.checkins.add(checkin(2_000))
    store.session_log.append(SESSION, [mark, mark])
    store.notes.add(NoteKind.THOUGHT_RECORD, mark, now_ms=7)
    store.notes.keep_draft("screening", mark, now_ms=7)
    store.messages.receive("m1", mark, sent_ms=8, now_ms=9)
    store.messages.write("m2", mark, now_ms=9)
    store.reminders.put("next-session", mark)
    store.reminders.put("check-in", mark)
    store.consents.give("record", mark.decode(), now_ms=10)
    store.consents.give("research", mark.decode(), now_ms=10)


def everything(store: Store) -> dict[str, object]:
    """Return all that the services tell of, by table."""
    return {
        "settings": [store.settings.get(name) for name in ("enrolment", "band-seen")],
        "records": store.records.read(EPOCH),
        "outbox": (store.outbox.next_items(99), store.outbox.refusals()),
        "downstream": (
            store.downstream.all_of(DownKind.PRESCRIPTION),
            store.downstream.refusals(),
        ),
        "checkins": store.checkins.all(),
        "session_log": store.session_log.read(SESSION),
        "notes": [store.notes.all_of(kind) for kind in NoteKind],
        "messages": store.messages.all(),
        "reminders": store.reminders.all(),
        "consents": store.consents.history(),
    }


def sealed() -> list[tuple[str, str]]:
    """Every sealed column of the store, by table and name."""
    tables = [mapper.class_ for mapper in Base.registry.mappers]
    pairs = [(table.__tablename__, name) for table in tables for name in sealed_columns(table)]
    return sorted(pairs)
