"""`/health` among many clinics: a heartbeat that is known and young is not read again.

For all that nobody is told later that nobody watches.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from cloud.worker.health import YOUNG_MS, Health, Heard, look
from cloud.worker.heartbeats import ABSENT_MS, beat
from tests.cloud.worlds import World, add_clinic, make_identity

WELL = Health(database="answers", worker="watching")
NOBODY = Health(database="answers", worker="absent")


@pytest.fixture
def three(world: World, tmp_path: Path) -> World:
    """Three clinics, each of them heard of now."""
    for name in ("east", "west"):
        add_clinic(world, make_identity(tmp_path / name, name))
    hear(world)
    return world


def hear(world: World, *but: str) -> None:
    for clinic_id in world.database.all_clinics():
        if clinic_id not in but:
            with world.database.write(clinic_id) as session:
                beat(session, clinic_id, "worker", now_ms=world.clock.now_ms)


@contextmanager
def read_of(world: World) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.extend([statement] * ("heartbeats" in statement))

    event.listen(world.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(world.database.engine, "before_cursor_execute", note)


def test_a_young_heartbeat_is_not_read_again(three: World) -> None:
    heard = Heard()
    with read_of(three) as asked:
        assert look(three.database, three.clock, heard) == WELL
        assert len(asked) == 3
        three.clock.now_ms += YOUNG_MS - 1
        assert look(three.database, three.clock, heard) == WELL
        assert len(asked) == 3
        three.clock.now_ms += 1
        assert look(three.database, three.clock, heard) == WELL
        assert len(asked) == 6


def test_a_clinic_that_nobody_watches_any_more_is_told_to_the_millisecond(three: World) -> None:
    heard = Heard()
    three.clock.now_ms += YOUNG_MS
    hear(three, "west")
    assert look(three.database, three.clock, heard) == WELL
    three.clock.now_ms += ABSENT_MS - YOUNG_MS
    assert look(three.database, three.clock, heard) == WELL
    three.clock.now_ms += 1
    assert look(three.database, three.clock, heard) == NOBODY
    hear(three)
    assert look(three.database, three.clock, heard) == WELL


def test_a_heartbeat_that_a_clock_set_back_left_ahead_is_read_again(three: World) -> None:
    heard = Heard()
    assert look(three.database, three.clock, heard) == WELL
    three.clock.now_ms -= ABSENT_MS + 1
    assert look(three.database, three.clock, heard) == NOBODY
