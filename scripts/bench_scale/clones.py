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
AT_ONCE = 250
"""Clinics in one file: some hundred megabytes (own choice)."""


def clone(
    cluster: Cluster, urls: Urls, clinics: int, only: Mapping[str, LiteralString] | None = None
) -> None:
    """Give the database so many clinics like its first, itself among them.

    ``only`` says of a table which rows a clone has, as a condition: a table that is not named has
    all of them.
    """
    file = cluster.folder / "rows"
    place = urls.superuser.replace("+psycopg", "")
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        for first in range(1, clinics, AT_ONCE):
            last = min(first + AT_ONCE, clinics) - 1
            for table in METADATA.sorted_tables:
                _copy(
                    connection,
                    table.name,
                    (first, last),
                    (only or {}).get(table.name, "true"),
                    file,
                )
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def _copy(
    connection: psycopg.Connection,
    table: str,
    numbers: tuple[int, int],
    condition: LiteralString,
    file: Path,
) -> None:
    columns = [column.name for column in METADATA.tables[table].columns]
    its_own = sql.SQL("'clinic-' || made.clone")
    given = sql.SQL(", ").join(its_own if name == KEY else sql.Identifier(name) for name in columns)
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


def count(urls: Urls, question: str) -> int:
    """Ask for one number, of all clinics."""
    with psycopg.connect(urls.superuser.replace("+psycopg", "")) as connection:
        found = connection.execute(question.encode()).fetchone()
    return int(found[0] or 0) if found else 0
