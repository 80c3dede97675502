"""A phone whose store takes nothing more: the disk is full, or it can only be read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy import text

from mobile.store import Store, StoreFull
from mobile.store.outbox import OutboxItem
from shared.wire.items import CheckinBody, UpKind
from tests.mobile.engine.world import World
from tests.shared.clinic import PATIENT_ID


def fill(world: World) -> None:
    """Fill the disk to the last row that a check-in would take."""
    store = world.life.context.store
    allow(world, pages=0)
    _until_full(
        lambda number: store.checkins.add(
            CheckinBody("filler", 1, PATIENT_ID, number, (0,) * 9, "en")
        )
    )


def fill_outbox(world: World) -> None:
    """Fill the disk to the last row that the clinic could be told; nothing is sent meanwhile."""
    store = world.life.context.store
    world.server.is_down = True
    allow(world, pages=0)
    for size in (1_000, 100, 1):
        _until_full(partial(_queue, store, size))


def _queue(store: Store, size: int, number: int) -> None:
    item = OutboxItem(f"filler/{size}/{number}", UpKind.CARE, bytes(size))
    store.outbox.queue([item], now_ms=1)


def _until_full(write: Callable[[int], object]) -> None:
    for number in range(1, 1_000):
        try:
            write(number)
        except StoreFull:
            return
    raise AssertionError("the disk does not fill")


def allow(world: World, *, pages: int) -> None:
    """Let the store grow by so many pages from now on."""
    with world.life.context.store.transaction() as session:
        used = session.scalar(text("PRAGMA page_count"))
        session.execute(text(f"PRAGMA max_page_count={used + pages}"))


def refuse_writes(world: World) -> None:
    """Let what a person tells be read and not written, for this run of the app."""
    with world.life.context.store.transaction() as session:
        for table in ("settings", "outbox", "consents"):
            for change in ("INSERT", "UPDATE"):
                name = f"refuse_{table}_{change}"
                begin = f"CREATE TEMP TRIGGER {name} BEFORE {change} ON main.{table}"
                session.execute(text(f"{begin} BEGIN SELECT RAISE(ABORT, 'refused'); END"))
