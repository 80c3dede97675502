"""Databases as they were at a revision: the way there is gone once, and each test has a copy."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cloud.migrations.run import migrate
from tests.cloud.cluster import Cluster, Urls


class SqlitePast:
    """On SQLite: a file of each revision that was asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def at(self, revision: str, folder: Path) -> Iterator[str]:
        """A new database without rows, at a revision."""
        copy = folder / "past.sqlite"
        shutil.copy(self._file(revision), copy)
        yield _url(copy)

    def _file(self, revision: str) -> Path:
        wanted = self._folder / f"{revision}.sqlite"
        if not wanted.exists():
            older = [each for each in sorted(self._folder.glob("*.sqlite")) if each < wanted]
            if older:
                shutil.copy(older[-1], wanted)
            migrate(_url(wanted), revision)
        return wanted


class PostgresqlPast:
    """On PostgreSQL: a database of each revision that was asked for."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._known: dict[str, Urls] = {}

    @contextmanager
    def at(self, revision: str, _folder: Path) -> Iterator[str]:
        """A new database without rows, at a revision, as who owns its tables comes to it."""
        copy = self._cluster.copy_of(self._database(revision))
        yield copy.owner
        self._cluster.drop(copy)

    def _database(self, revision: str) -> Urls:
        if revision not in self._known:
            older = max((each for each in self._known if each < revision), default=None)
            made = self._cluster.copy_of(self._known[older]) if older else self._cluster.empty()
            migrate(made.owner, revision)
            self._known[revision] = made
        return self._known[revision]


def _url(file: Path) -> str:
    return f"sqlite+pysqlite:///{file}"
