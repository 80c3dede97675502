"""The list of today in a clinic of a few hundred, among few neighbours and among very many."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import LiteralString

import httpx2

from cloud.db import Database
from cloud.triage.standing import known_patients, stand, waiting
from scripts.bench.figures import Row
from scripts.bench_cloud.serving import Server
from scripts.bench_pages.clinic import Clinic, fill
from scripts.bench_pages.serving import serving
from scripts.bench_scale.clones import clone, count
from scripts.bench_scale.costs import Costs, computed_s
from scripts.bench_scale.pairs import compared, in_turns
from scripts.bench_scale.scale import Scale
from tests.cloud.cluster import Cluster, Urls
from tests.cloud.worlds import World, make_world

KEPT: dict[str, LiteralString] = {
    "delivered_sessions": "opened_number <= 5",
    "scores": "item_id IN ('0', '1')",
}
"""Of a neighbour's month of sessions and quarter of scores; the clinic that is asked has all."""
ROUNDS = 60


def triage(cluster: Cluster, scale: Scale, costs: Costs) -> Iterator[Row]:
    """Yield the list's query and page, small and large, and what a patient costs."""
    with ExitStack() as open_:
        folders = [Path(open_.enter_context(tempfile.TemporaryDirectory())) for _ in range(2)]
        places = [cluster.migrated() for _ in folders]
        worlds = [
            make_world(folder, place.app) for folder, place in zip(folders, places, strict=True)
        ]
        clinics = [fill(world, scale.patients_of_a_clinic) for world in worlds]
        for place, number in zip(places, (scale.few, scale.clinics), strict=True):
            clone(cluster, place, number, KEPT)
        names = [_named(place) for place in places]
        yield Row("database of the large one", _bytes(places[1]) / 1e9, "GB")
        costs.note("bytes_a_patient", _bytes(places[1]) / _patients(places[1]))
        yield from _query(worlds, names)
        servers = [open_.enter_context(serving(world.settings))[0] for world in worlds]
        yield from _page(cluster, servers, clinics, names, costs)
        for world in worlds:
            world.database.close()
    for place in places:
        cluster.drop(place)


def _query(worlds: list[World], names: list[str]) -> Iterator[Row]:
    def standings(database: Database, now_ms: int) -> object:
        with database.read("demo") as session:
            waits = waiting(session, "demo", now_ms=now_ms)
            return stand(session, "demo", known_patients(session, "demo"), waits)

    took = in_turns(
        {
            name: lambda world=world: standings(world.database, world.clock.now_ms)  # type: ignore[misc]
            for name, world in zip(names, worlds, strict=True)
        },
        rounds=ROUNDS,
    )
    yield from compared("triage, its queries", took, names)


def _page(
    cluster: Cluster,
    servers: list[Server],
    clinics: list[Clinic],
    names: list[str],
    costs: Costs,
) -> Iterator[Row]:
    with httpx2.Client(timeout=60) as client:

        def get(server: Server, clinic: Clinic, path: str) -> None:
            cookie = {"Cookie": f"circlet={clinic.cookie}"}
            client.get(f"{server.url}{path}", headers=cookie).raise_for_status()

        asked = {
            name: lambda server=server, clinic=clinic: get(server, clinic, "/")
            for name, server, clinic in zip(names, servers, clinics, strict=True)
        }
        yield from compared("triage, page", in_turns(asked, rounds=ROUNDS), names)
        server, clinic = servers[1], clinics[1]
        paths = {"triage": "/", "patient": f"/patients/{clinic.patient}"}
        for name, path in paths.items():
            get(server, clinic, path)
            before = computed_s(cluster), computed_s(server.pid)
            for _ in range(ROUNDS):
                get(server, clinic, path)
            after = computed_s(cluster), computed_s(server.pid)
            ms = [1000 * (b - a) / ROUNDS for a, b in zip(before, after, strict=True)]
            costs.note(f"{name}_page_database_ms", ms[0])
            costs.note(f"{name}_page_server_ms", ms[1])
            yield Row(f"{name}, page, computing in the database", ms[0], "ms")
            yield Row(f"{name}, page, computing in the server", ms[1], "ms")


def _patients(urls: Urls) -> int:
    return count(urls, "SELECT count(*) FROM patients")


def _named(urls: Urls) -> str:
    clinics = count(urls, "SELECT count(*) FROM clinics")
    return f"{_patients(urls):,} patients, {clinics:,} clinics"


def _bytes(urls: Urls) -> int:
    return count(urls, "SELECT pg_database_size(current_database())")
