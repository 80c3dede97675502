"""An open page is taken as written down only once its line is, and no error holds a name."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cloud.audit.refreshes import EVERY_MS, Refreshes
from tests.cloud.worlds import World


def test_view_whose_line_was_not_committed_stays_due(world: World) -> None:
    refreshes = Refreshes(world.clock)
    assert refreshes.is_due("view")
    assert refreshes.is_due("view")
    refreshes.written("view")
    assert not refreshes.is_due("view")
    world.clock.now_ms += EVERY_MS
    assert refreshes.is_due("view")


@pytest.mark.both_databases
def test_errors_of_the_database_hold_nothing_that_was_given(world: World) -> None:
    with pytest.raises(SQLAlchemyError) as raised, world.database.read("demo") as session:
        session.execute(text("SELECT :name FROM no_such_table"), {"name": "Maria Sample"})
    assert "Maria" not in str(raised.value)
