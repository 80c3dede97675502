"""No line of the audit log is changed or removed: the database itself refuses."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.cloud.audit.test_verifier import act, sign_head
from tests.cloud.worlds import World

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("table", ["audit_events", "audited_patients", "audit_heads"])
@pytest.mark.parametrize("command", ["UPDATE {} SET number = number + 1", "DELETE FROM {}"])
def test_processes_cannot_change_or_remove_what_was_written(
    world: World, table: str, command: str
) -> None:
    act(world, 2)
    assert sign_head(world)
    with (
        pytest.raises(DBAPIError, match=r"stays as it is|permission denied"),
        world.database.write("demo") as session,
    ):
        session.execute(text(command.format(table)))
    with world.database.read("demo") as session:
        assert session.scalar(text(f"SELECT count(*) FROM {table}"))
