"""A fleet of emulated bands, each with its phone, against one server: how many, how fast, and is
all of it there at the end, once?

Every band has a session, and then all phones come at the same moment: more at once than any day
brings. Fleets double in size, and it's said up to which they brought more a second; the last time
every second answer is lost on its way back, so that uploads come twice. In the end each band's own
record lies beside what the clinic verified, byte by byte.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import func, select
from starlette.testclient import TestClient

from cloud.clock import SystemClock
from cloud.ingest.app import create_app
from cloud.ledger import stretches
from cloud.ledger.models import DeliveredSession, LedgerChain
from cloud.patients.models import Patient
from cloud.patients.service import device_of
from cloud.prescriptions import drafts, service
from cloud.prescriptions.models import StoredPrescription
from scripts.bench.figures import Row, median, percentile
from scripts.bench_cloud.serving import Server, serving
from scripts.bench_scale.costs import Costs, computed_s
from scripts.bench_scale.pair import UPLOAD, Pair
from scripts.bench_scale.scale import Scale
from shared.stimulation.catalogue import catalogue
from shared.wire.operations import StatusCode
from tests.cloud.bands.real_band import RealBand
from tests.cloud.cluster import Cluster
from tests.cloud.passkey import SigningPasskey
from tests.cloud.phone import Phone
from tests.cloud.test_prescriptions import PROTOCOL, certified, take
from tests.cloud.worlds import World, make_world, somebody

DAY_MS = 86_400_000
APART_MS, BACK_MS = 2 * DAY_MS, 90 * DAY_MS
"""Sessions lie so far apart; the bands' clocks begin so long ago."""
ROUNDS, UPLOADS_AT_LEAST = 2, 8
SIZES = (1, 4, 8, 16, 32, 64, 128)
GROWS = 1.05
"""A fleet that brings less than this more than the best so far has not grown."""


@dataclass(frozen=True)
class Step:
    """What a fleet of one size did: ``computed`` are the processors' seconds of server,
    database and fleet."""

    phones: int
    items: int
    took_s: float
    request_ms: Sequence[float]
    upload_ms: Sequence[float]
    waits: int
    computed: tuple[float, float, float]

    @property
    def items_a_second(self) -> float:
        return self.items / self.took_s

    @property
    def beside(self) -> str:
        spent = " + ".join(f"{1000 * each / self.items:.2f}" for each in self.computed)
        return f"{self.waits} told to wait; ms computed an item, server + database + fleet: {spent}"


def fleet(cluster: Cluster, scale: Scale, _costs: Costs) -> Iterator[Row]:
    """Yield items a second and p95 of one phone and of growing fleets, then what is missing."""
    with ExitStack() as open_:
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory()))
        phones = scale.phones
        world = make_world(folder, cluster.migrated().app, devices=phones, vaults=phones)
        world.clock.now_ms = SystemClock().wall_ms() - BACK_MS
        past = open_.enter_context(TestClient(create_app(world.settings, world.clock)))
        passkey = certified(world)
        pairs = [
            _pair(world, past, passkey, folder / f"pair-{number}", device_id)
            for number, device_id in enumerate(world.identity.devices)
        ]
        server = open_.enter_context(serving(world.settings))
        for number, pair in enumerate(pairs):
            pair.meet(server.url, number)
        yield from asyncio.run(_grown(cluster, server, world, pairs))
        yield from _compared(world, pairs)
        world.database.close()


async def _grown(
    cluster: Cluster, server: Server, world: World, pairs: Sequence[Pair]
) -> list[Row]:
    rows: list[Row] = []
    best: Step | None = None
    for size in (size for size in SIZES if size <= len(pairs)):
        step = await _step(cluster, server, world, pairs[:size])
        rows += _rows(step)
        if best is None or step.items_a_second >= GROWS * best.items_a_second:
            best = step
    if best is not None:
        rows.append(Row("fleet, the largest that brought more than a smaller", best.phones, ""))
    rows += await _with_lost_answers(world, pairs)
    for pair in pairs:
        await pair.close()
    return rows


async def _step(cluster: Cluster, server: Server, world: World, pairs: Sequence[Pair]) -> Step:
    items, took_s, computed = 0, 0.0, (0.0, 0.0, 0.0)
    seen = {pair: len(pair.client.took_ms) for pair in pairs}
    waits = sum(pair.client.waits for pair in pairs)
    for _ in range(max(ROUNDS, UPLOADS_AT_LEAST // len(pairs))):
        _treat(world, pairs)
        sent = sum(pair.sent for pair in pairs)
        before = _computed(cluster, server)
        began = time.perf_counter()
        await asyncio.gather(*(pair.round() for pair in pairs))
        took_s += time.perf_counter() - began
        spent = zip(computed, before, _computed(cluster, server), strict=True)
        computed = tuple(so_far + b - a for so_far, a, b in spent)  # type: ignore[assignment]
        items += sum(pair.sent for pair in pairs) - sent + len(pairs)
    times = [each for pair in pairs for each in pair.client.took_ms[seen[pair] :]]
    return Step(
        len(pairs),
        items,
        took_s,
        [ms for _, ms in times],
        [ms for path, ms in times if path == UPLOAD],
        sum(pair.client.waits for pair in pairs) - waits,
        computed,
    )


def _treat(world: World, pairs: Sequence[Pair]) -> None:
    world.clock.now_ms += APART_MS
    for pair in pairs:
        pair.treat()


def _computed(cluster: Cluster, server: Server) -> tuple[float, float, float]:
    return computed_s(server.pid), computed_s(cluster), time.process_time()


def _rows(step: Step) -> Iterator[Row]:
    name = f"{step.phones} phones at once" if step.phones > 1 else "one phone"
    yield Row(f"fleet, {name}", step.items_a_second, "item/s", beside=step.beside)
    beside = f"median {median(step.request_ms):.0f} ms of {len(step.request_ms)}"
    yield Row(f"fleet, {name}, request p95", percentile(step.request_ms, 95), "ms", beside=beside)
    beside = f"median {median(step.upload_ms):.0f} ms of {len(step.upload_ms)}"
    yield Row(f"fleet, {name}, upload p95", percentile(step.upload_ms, 95), "ms", beside=beside)


async def _with_lost_answers(world: World, pairs: Sequence[Pair]) -> list[Row]:
    _treat(world, pairs)
    for pair in pairs:
        pair.client.answers_get_lost = True
    await asyncio.gather(*(pair.round() for pair in pairs))
    lost = sum(pair.client.lost_answers for pair in pairs)
    return [Row("fleet, uploads whose answer was lost and that came again", lost, "")]


def _compared(world: World, pairs: Sequence[Pair]) -> Iterator[Row]:
    """Yield how many records and sessions of the bands the clinic lacks, or has twice."""
    kept = lost = doubled = sessions = 0
    with world.database.read("demo") as session:
        for pair in pairs:
            own = {number: pair.band.record(number) for number in range(1, pair.sent + 1)}
            chain = session.scalar(
                select(LedgerChain).where(
                    LedgerChain.clinic_id == "demo",
                    LedgerChain.device_id == pair.band.device_id,
                )
            )
            found = [] if chain is None else list(stretches.records(session, chain))
            there = {each.number: each.data for each in found}
            kept += len(own)
            lost += sum(there.get(number) != data for number, data in own.items())
            doubled += len(found) - len(there)
            counted, pulses = session.execute(
                select(
                    func.count(), func.coalesce(func.sum(DeliveredSession.charged_pulses), 0)
                ).where(
                    DeliveredSession.clinic_id == "demo",
                    DeliveredSession.device_id == pair.band.device_id,
                )
            ).one()
            sessions += abs(counted - pair.sessions) + int(pulses != pair.band.fired)
    yield Row("fleet, records of the bands", kept, "", beside=f"{len(pairs)} bands")
    yield Row("fleet, records lost or changed", lost, "", at_most=0)
    yield Row("fleet, records doubled", doubled, "", at_most=0)
    yield Row("fleet, bands whose sessions or pulses differ", sessions, "", at_most=0)


def _pair(
    world: World, past: TestClient, passkey: SigningPasskey, folder: Path, device_id: bytes
) -> Pair:
    patient, code = world.enrol(f"Maria {device_id.hex()[:8]}", device_id=device_id)
    phone = Phone(world, past)
    assert phone.enrol(code).status_code == 200
    take(world, passkey.answer([_draft(world, patient).data]))
    band = RealBand(folder / "band", world, device_id, phone)
    band.set_up()
    assert band.install().status is StatusCode.OK
    return Pair(folder / "phone", band, phone)


def _draft(world: World, patient: Patient) -> StoredPrescription:
    chosen = replace(
        drafts.from_entry(catalogue().entry(PROTOCOL)),
        intensity_percent=100,
        threshold_percent=50,
        measured_s=world.clock.now_ms // 1000,
    )
    with world.database.write("demo") as session:
        device = device_of(session, "demo", patient.patient_id)
        recipient = service.recipient_of(session, patient, device)
        by = somebody(session)
        return service.save_draft(session, recipient, chosen, by, now_ms=world.clock.now_ms)
