"""One clinic made many, within the server: its rows by COPY into a file and, for each new clinic,
out of it again.

A clone has every row of every table under an id of its own, so that what is measured beside it has
neighbours of its own kind. Nobody opens their names: the seals are the first clinic's. Foreign keys
are not checked while rows come in: the rows are those of a clinic that was checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from cloud.distribution.classes import KEY
from cloud.models import METADATA
from tests.cloud.cluster import Cluster, Urls

FROM = "demo"
BY_MONTH = ("ledger_stretches", "session_logs")
MONTH_MS = 2_629_746_000
_MONTH = """
SELECT to_char(month, 'YYYY_MM'), (1000 * extract(epoch FROM month))::bigint,
    (1000 * extract(epoch FROM month + interval '1 month'))::bigint
FROM (SELECT date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => %(back)s))
AS made(month)
"""
AT_ONCE = 250
"""Clinics in one file: some hundred megabytes (own choice)."""


def clone(
    cluster: Cluster,
    urls: Urls,
    clinics: int,
    only: Mapping[str, LiteralString] | None = None,
    months: int = 1,
) -> None:
    """Give the database so many clinics like its first, itself among them.

    ``only`` says of a table which rows a clone has, as a condition: a table that is not named has
    all of them. What a clone was sent in bulk came in one of the last ``months``, each in its turn.
    """
    file = cluster.folder / "rows"
    place = urls.superuser.replace("+psycopg", "")
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        _make_months(connection, months)
        for first in range(1, clinics, AT_ONCE):
            last = min(first + AT_ONCE, clinics) - 1
            for table in METADATA.sorted_tables:
                _copy(
                    connection,
                    table.name,
                    (first, last),
                    (only or {}).get(table.name, "true"),
                    months,
                    file,
                )
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def _copy(
    connection: psycopg.Connection,
    table: str,
    numbers: tuple[int, int],
    condition: LiteralString,
    months: int,
    file: Path,
) -> None:
    columns = [column.name for column in METADATA.tables[table].columns]
    instead: dict[str, sql.Composable] = {KEY: sql.SQL("'clinic-' || made.clone")}
    if table in BY_MONTH:
        instead["received_ms"] = sql.SQL("received_ms - {month} * (made.clone % {months})").format(
            month=sql.Literal(MONTH_MS), months=sql.Literal(months)
        )
    given = sql.SQL(", ").join(instead.get(name, sql.Identifier(name)) for name in columns)
    out = sql.SQL(
        "COPY (SELECT {given} FROM {table}, generate_series({first}, {last}) AS made(clone)"
        " WHERE clinic_id = {whose} AND ({condition}) ORDER BY made.clone)"
        " TO {file} (FORMAT binary)"
    ).format(
        given=given,
        table=sql.Identifier(table),
        first=sql.Literal(numbers[0]),
        last=sql.Literal(numbers[1]),
        whose=sql.Literal(FROM),
        condition=sql.SQL(condition),
        file=sql.Literal(str(file)),
    )
    back = sql.SQL("COPY {table} ({columns}) FROM {file} (FORMAT binary)").format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        file=sql.Literal(str(file)),
    )
    if connection.execute(out).rowcount:
        connection.execute(back)


def _make_months(connection: psycopg.Connection, months: int) -> None:
    """Make the partitions of the months before this one, which is made with the tables."""
    for table in BY_MONTH:
        for back in range(1, months):
            found = connection.execute(_MONTH, {"back": back}).fetchone()
            assert found is not None
            named, first_ms, next_ms = found
            command = "CREATE TABLE circlet_months.{} PARTITION OF {} FOR VALUES FROM ({}) TO ({})"
            parts = (sql.Identifier(f"{table}_{named}"), sql.Identifier(table))
            bounds = (sql.Literal(first_ms), sql.Literal(next_ms))
            connection.execute(sql.SQL(command).format(*parts, *bounds))


def count(urls: Urls, question: str) -> int:
    """Ask for one number, of all clinics."""
    with psycopg.connect(urls.superuser.replace("+psycopg", "")) as connection:
        found = connection.execute(question.encode()).fetchone()
    return int(found[0] or 0) if found else 0
