"""Ways down that would take what can't come back: refused while there is any of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cloud.errors import SetupError


def refuse_if_rows(table: str, what: str, where: str = "1 = 1") -> None:
    """Raise SetupError where the table has such rows: without them ``what`` no longer holds."""
    if op.get_bind().scalar(sa.text(f"SELECT 1 FROM {table} WHERE {where} LIMIT 1")):
        raise SetupError(
            f"there is no way down from here: {table} has rows, and without them {what} would not"
            " hold any more"
        )
