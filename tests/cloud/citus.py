"""A real Citus, where CIRCLET_CITUS_URL names one: worlds on tables spread by `distribute`.

The URL is a superuser's, into a database of the coordinator that has the extension and its nodes.
Databases of ours are made beside it on every node; each node lets the roles of docs/operations.md
come from the others without a password. One that was used is emptied and used again, as spreading
the tables takes longer than most tests.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import URL, create_engine, make_url, text

from cloud.distribution.applying import apply, plan
from cloud.distribution.standing import Node
from cloud.migrations.run import migrate
from cloud.models import METADATA
from tests.cloud.cluster import APP, OWNER, Urls

VARIABLE = "CIRCLET_CITUS_URL"
_NODES = "SELECT nodename, nodeport FROM pg_dist_node WHERE noderole = 'primary' ORDER BY groupid"
_ALONE = "SET citus.enable_create_role_propagation TO off"


def citus_url() -> str | None:
    """Return where a real cluster is, if the environment names one."""
    return os.environ.get(VARIABLE) or None


class Citus:
    """Databases on request, of the newest tables, spread over the cluster's nodes."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._numbers = itertools.count(1)
        self._made: list[str] = []
        self._free: list[Urls] = []
        nodes = [Node(host, port) for host, port in self._rows(self._url, _NODES)]
        self._coordinator, self._workers = nodes[0], nodes[1:]
        for place in self._places():
            for role in (OWNER, APP):
                there = self._rows(place, f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'")
                if not there:
                    self._say(place, _ALONE, f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS")

    def migrated(self) -> Urls:
        """Return a database with the newest tables, all empty."""
        return self._free.pop() if self._free else self._create()

    def drop(self, urls: Urls) -> None:
        """Empty a database, for the next one who asks."""
        names = ", ".join(METADATA.tables)
        self._say(make_url(urls.superuser), f"TRUNCATE {names}")
        self._free.append(urls)

    def remove(self) -> None:
        """Leave nothing behind on any node."""
        for place, name in itertools.product(self._places(), self._made):
            self._say(place, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _create(self) -> Urls:
        name = f"circlet_{os.getpid()}_{next(self._numbers)}"
        self._made.append(name)
        for place in self._places():
            self._say(place, f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE template0")
        for place in list(self._places())[1:]:
            self._say(place.set(database=name), "CREATE EXTENSION citus")
        here = self._url.set(database=name)
        owner, app = (_shown(here.set(username=role, password=None)) for role in (OWNER, APP))
        migrate(owner)
        engine = create_engine(here)
        try:
            apply(engine, plan(engine, self._coordinator, self._workers), lambda _step: None)
        finally:
            engine.dispose()
        return Urls(owner, app, _shown(here))

    def _places(self) -> Iterator[URL]:
        """Yield the superuser's way to each node, the coordinator's first."""
        yield self._url
        for node in self._workers:
            yield self._url.set(host=node.host, port=node.port, query={})

    def _rows(self, place: URL, question: str) -> Sequence[tuple[Any, ...]]:
        engine = create_engine(place)
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(question))]
        finally:
            engine.dispose()

    def _say(self, place: URL, *commands: str) -> None:
        engine = create_engine(place, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                for command in commands:
                    connection.execute(text(command))
        finally:
            engine.dispose()


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=False)
