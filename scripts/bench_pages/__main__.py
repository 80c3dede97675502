"""Measures the pages once, prints the table, and fails where a promise is missed."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from scripts.bench.figures import Row, print_table
from scripts.bench_cloud.serving import be_quiet
from scripts.bench_pages.browsing import browsing
from scripts.bench_pages.clinic import fill
from scripts.bench_pages.serving import serving
from scripts.bench_pages.times import times
from tests.cloud.cluster import Cluster, Urls
from tests.cloud.worlds import make_world

DATABASES = ("SQLite", "PostgreSQL")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_pages", description=__doc__)
    parser.add_argument("--on", choices=DATABASES, nargs="+", default=list(DATABASES))
    options = parser.parse_args()
    be_quiet()
    hold = True
    for name in options.on:
        rows = list(_measured(name))
        print_table(rows)
        hold = hold and all(row.holds for row in rows)
    return 0 if hold else 1


def _measured(database: str) -> Iterator[Row]:
    """Yield the server's times on a database, and once what a browser sees."""
    with tempfile.TemporaryDirectory() as folder, _urls(database) as urls:
        world = make_world(Path(folder), urls.app if urls else None)
        clinic = fill(world)
        world.database.close()
        if urls is not None:
            _count(urls)
        with serving(world.settings) as (pages, bare):
            yield from times(pages, bare, clinic, database)
            if database == DATABASES[0]:
                yield from asyncio.run(browsing(pages, bare, clinic))


@contextmanager
def _urls(database: str) -> Iterator[Urls | None]:
    if database == DATABASES[0]:
        yield None
        return
    cluster = Cluster(fsync=True)
    try:
        yield cluster.migrated()
    finally:
        cluster.remove()


def _count(urls: Urls) -> None:
    """Let PostgreSQL know how much there is, as it does by itself a minute after."""
    place = urls.superuser.replace("+psycopg", "")
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


if __name__ == "__main__":
    sys.exit(main())
