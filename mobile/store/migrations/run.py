"""Brings the tables to the newest step, inside the transaction that the caller has begun.

So a kill, a full disk or a mistake in the midst of it leaves the file as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script.base import Script
from alembic.script.revision import RevisionMap
from sqlalchemy import Connection

from mobile.store.errors import StoreTooNew
from mobile.store.migrations.newest import NEWEST
from mobile.store.migrations.steps import STEPS

_REVISIONS = [step.revision for step in STEPS]


def migrate(connection: Connection, to: str = NEWEST) -> None:
    """Run every step that the file hasn't had, up to ``to``.

    Raise StoreTooNew for a file that a newer app has written.
    """
    context = MigrationContext.configure(connection, opts={"fn": _upgrades(to)})
    for revision in context.get_current_heads():
        if revision not in _REVISIONS:
            raise StoreTooNew(revision)
    with Operations.context(context):
        context.run_migrations()


def _upgrades(to: str) -> Callable[..., Iterator[Any]]:
    """What Alembic asks for the steps to run, given the one that the file stands at."""

    def steps(heads: tuple[str, ...], _context: MigrationContext) -> Iterator[Any]:
        known = RevisionMap(lambda: [Script(step, step.revision, "") for step in STEPS])
        done = _REVISIONS.index(heads[0]) + 1 if heads else 0
        for revision in _REVISIONS[done : _REVISIONS.index(to) + 1]:
            script = known.get_revision(revision)
            assert isinstance(script, Script)
            yield MigrationStep.upgrade_from_script(known, script)

    return steps
