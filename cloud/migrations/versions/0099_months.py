"""On PostgreSQL what bands and phones bring in bulk lies by the month in which it came (ADR 43).

Partitions lie in a schema of their own, which the processes' role can't enter: it comes to a row
by the whole table alone, and so past its wall.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision: str = "0099"
down_revision: str | None = "0098"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SCHEMA = "circlet_months"


class Parted(NamedTuple):
    """A table, the key that its rows have without the month, and whom they belong to."""

    name: str
    key: str
    parent: str
    reference: str


TABLES = (
    Parted(
        "ledger_stretches",
        "clinic_id, device_id, epoch, number",
        "ledger_chains",
        "clinic_id, device_id, epoch",
    ),
    Parted("session_logs", "clinic_id, patient_id, item_id", "patients", "clinic_id, patient_id"),
)
MAKE_MONTHS = f"""
CREATE FUNCTION circlet_make_months() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '2s'
AS $$
DECLARE
    parent record;
    month timestamp;
    made integer := 0;
BEGIN
    FOR parent IN
        SELECT n.nspname, c.relname FROM pg_partitioned_table p
        JOIN pg_class c ON c.oid = p.partrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relowner = current_user::regrole ORDER BY c.relname
    LOOP
        FOR ahead IN 0..2 LOOP
            month := date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead);
            CONTINUE WHEN to_regclass(
                format('{SCHEMA}.%I', parent.relname || to_char(month, '_YYYY_MM'))
            ) IS NOT NULL;
            BEGIN
                EXECUTE format(
                    'CREATE TABLE {SCHEMA}.%I PARTITION OF %I.%I FOR VALUES FROM (%s) TO (%s)',
                    parent.relname || to_char(month, '_YYYY_MM'), parent.nspname, parent.relname,
                    (1000 * extract(epoch FROM month))::bigint,
                    (1000 * extract(epoch FROM month + interval '1 month'))::bigint
                );
                EXECUTE format(
                    'ALTER TABLE {SCHEMA}.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
                    parent.relname || to_char(month, '_YYYY_MM')
                );
                made := made + 1;
            EXCEPTION WHEN check_violation THEN
                NULL;
            END;
        END LOOP;
    END LOOP;
    RETURN made;
END
$$
"""
"""This month and the next two, of each table. A month of which rows lie in the rest already stays
there: nothing is moved while the processes work."""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    _say(f"CREATE SCHEMA {SCHEMA}")
    for table in TABLES:
        _part(table)
    _say(MAKE_MONTHS)
    _say("REVOKE ALL ON FUNCTION circlet_make_months() FROM PUBLIC")
    _say("SELECT circlet_make_months()")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    _say("DROP FUNCTION circlet_make_months()")
    for table in TABLES:
        _aside(table.name)
        _say(f"CREATE TABLE {table.name} (LIKE {table.name}_before INCLUDING DEFAULTS)")
        _fill(table, table.key)
    _say(f"DROP SCHEMA {SCHEMA}")


def _part(table: Parted) -> None:
    _aside(table.name)
    _say(
        f"CREATE TABLE {table.name} (LIKE {table.name}_before INCLUDING DEFAULTS)"
        " PARTITION BY RANGE (received_ms)"
    )
    _partition(f"{table.name}_rest", table.name, "DEFAULT")
    for name, first_ms, next_ms in _months(f"{table.name}_before"):
        _partition(
            f"{table.name}_{name}", table.name, f"FOR VALUES FROM ({first_ms}) TO ({next_ms})"
        )
    _fill(table, f"{table.key}, received_ms")


def _aside(name: str) -> None:
    _say(f"ALTER TABLE {name} RENAME TO {name}_before")
    _say(f"ALTER TABLE {name}_before RENAME CONSTRAINT pk_{name} TO pk_{name}_before")


def _fill(table: Parted, key: str) -> None:
    name, parent = table.name, table.parent
    _say(f"INSERT INTO {name} SELECT * FROM {name}_before")
    _say(f"ALTER TABLE {name} ADD CONSTRAINT pk_{name} PRIMARY KEY ({key})")
    _say(
        f"ALTER TABLE {name} ADD CONSTRAINT fk_{name}_{parent}"
        f" FOREIGN KEY ({table.reference}) REFERENCES {parent} ({table.reference})"
    )
    _say(f"DROP TABLE {name}_before")


def _partition(name: str, parent: str, which: str) -> None:
    _say(f"CREATE TABLE {SCHEMA}.{name} PARTITION OF {parent} {which}")
    _say(f"ALTER TABLE {SCHEMA}.{name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")


def _months(table: str) -> Iterator[tuple[str, int, int]]:
    """Yield the months in which rows came: how a partition is called, its first and next instant
    in milliseconds of Unix time."""
    found = op.get_bind().exec_driver_sql(
        "SELECT to_char(month, 'YYYY_MM'), (1000 * extract(epoch FROM month))::bigint,"
        " (1000 * extract(epoch FROM month + interval '1 month'))::bigint FROM"
        " (SELECT DISTINCT date_trunc('month', to_timestamp(received_ms / 1000) AT TIME ZONE 'UTC')"
        f" AS month FROM {table}) months ORDER BY month"
    )
    yield from found.all()


def _say(command: str) -> None:
    op.execute(sa.text(command))
