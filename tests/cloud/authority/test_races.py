"""Two at once on PostgreSQL: what is good once is used once, and no administrator is lost."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from cloud.errors import NotAllowed, Refused
from cloud.people import service, staff, step_up
from cloud.people.authority import Act, Role
from cloud.people.models import StepUp
from cloud.people.tokens import split, token_hash
from tests.cloud.authority.people import visitor
from tests.cloud.worlds import START_MS, World

SUBJECT = step_up.subject_of(Act.INVITE, "/staff", [])
WAITING_S = 1
"""So long the second of two may take to come to the lock."""


def two(world: World, act: Callable[[Session, int], object]) -> list[type[Exception] | None]:
    """Begin the second act while the first has not committed; return what each was refused by."""
    ended: list[type[Exception] | None] = []

    def second() -> None:
        try:
            with world.database.write("demo") as session:
                act(session, 1)
            ended.append(None)
        except Exception as problem:
            ended.append(type(problem))

    thread = threading.Thread(target=second)
    with world.database.write("demo") as session:
        act(session, 0)
        session.flush()
        thread.start()
        thread.join(WAITING_S)
    thread.join()
    return ended


def test_a_step_up_that_both_saw_is_used_once(postgresql_world: World) -> None:
    world = postgresql_world
    chief = visitor(world, "Chief", Role.ADMINISTRATOR)
    parts = split(chief.cookie)
    assert parts
    with world.database.write("demo") as session:
        step_up.grant(session, chief.cookie, SUBJECT, now_ms=START_MS)
    with world.database.write("demo") as late:
        seen = late.get_one(StepUp, ("demo", token_hash(parts[1]), SUBJECT))
        with world.database.write("demo") as session:
            step_up.use(session, chief.cookie, Act.INVITE, SUBJECT, now_ms=START_MS)
        with pytest.raises(NotAllowed):
            step_up.use(late, chief.cookie, Act.INVITE, SUBJECT, now_ms=START_MS)
        assert seen.until_ms > START_MS


def test_an_invitation_that_both_saw_is_used_once(postgresql_world: World) -> None:
    world = postgresql_world
    member = world.member()
    with world.database.write("demo") as session:
        token = service.invite(session, member, now_ms=START_MS)
    with world.database.write("demo") as late:
        seen, _ = service.invited(late, token, now_ms=START_MS)
        with world.database.write("demo") as session:
            first, _ = service.invited(session, token, now_ms=START_MS)
            service.use_invitation(session, first, now_ms=START_MS)
        with pytest.raises(Refused):
            service.use_invitation(late, seen, now_ms=START_MS)


def test_two_administrators_do_not_close_each_other(postgresql_world: World) -> None:
    world = postgresql_world
    ids = [world.member(Role.ADMINISTRATOR, name).staff_id for name in ("A", "B")]

    def close(session: Session, which: int) -> None:
        member = staff.member_of(session, "demo", ids[which])
        staff.has_left(session, member, by=ids[1 - which], now_ms=START_MS)

    assert two(world, close) == [Refused]


def test_of_two_passkeys_removed_at_once_one_stays(postgresql_world: World) -> None:
    world = postgresql_world
    member = world.member()
    with world.database.write("demo") as session:
        for credential_id in (b"0", b"1"):
            service.add_sign_in_key(session, member, credential_id, b"key", now_ms=START_MS)

    def remove(session: Session, which: int) -> None:
        service.remove_key(session, "demo", member.staff_id, str(which).encode())

    assert two(world, remove) == [Refused]
