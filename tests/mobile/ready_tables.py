"""An empty store's tables as the migrations leave them, without running these for every test.

They take half of what a test of the engine does. The first empty file of a process goes through
them; each later one gets what they made, in the same transaction. Files that aren't empty go
through the migrations as ever, and so do the tests of the store itself.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect

from mobile.store.migrations.newest import bring_up_to_date

Statements = list[tuple[str, tuple[object, ...]]]

_made: Statements = []


def ready_tables(connection: Connection) -> None:
    """In the place of `bring_up_to_date`."""
    empty = not inspect(connection).get_table_names()
    if not (empty and _made):
        bring_up_to_date(connection)
    if not empty:
        return
    for statement, values in _made:
        connection.exec_driver_sql(statement, values)
    if not _made:
        _made.extend(_statements(connection))


def _statements(connection: Connection) -> Statements:
    """What makes the tables that stand there, and the rows that the migrations put into them."""
    schema = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
    )
    found: Statements = [(str(sql), ()) for (sql,) in schema]
    for table in inspect(connection).get_table_names():
        for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"'):
            places = ", ".join("?" * len(row))
            found.append((f'INSERT INTO "{table}" VALUES ({places})', tuple(row)))
    return found
