"""A patient's page and timeline after one year and after five, in one clinic."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.checkins.models import Scored
from cloud.clock import SystemClock
from cloud.dose.models import DoseDay
from cloud.ledger.models import DeliveredSession, LedgerChain
from cloud.times import Times
from scripts.bench.figures import Row
from scripts.bench_pages.clinic import DAY_MS, HOUR_MS, PULSES, SCORES, SESSIONS, fill
from scripts.bench_pages.serving import serving
from scripts.bench_scale.costs import Costs
from scripts.bench_scale.pairs import compared, in_turns
from scripts.bench_scale.scale import Scale
from tests.cloud.cluster import Cluster
from tests.cloud.worlds import make_world

YEARS = (1, 5)
A_WEEK, PATIENTS, ROUNDS = 5, 20, 60


def timeline(cluster: Cluster, _scale: Scale, _costs: Costs) -> Iterator[Row]:
    """Yield p95 of a patient's page and of the timeline by itself, one year beside five."""
    place = cluster.migrated()
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(Path(folder), place.app)
        clinic = fill(world, PATIENTS)
        now_ms = SystemClock().wall_ms()
        with world.database.write("demo") as session:
            chains = session.scalars(
                select(LedgerChain).where(
                    LedgerChain.clinic_id == "demo", LedgerChain.head_number == 0
                )
            ).all()
            patients = {}
            for years, chain in zip(YEARS, chains, strict=False):
                _live(session, chain, years, Times(world.settings.time_zone), now_ms)
                patients[f"{years} years"] = chain.patient_id.hex()
        world.database.close()
        names = list(patients)
        cookie = {"Cookie": f"circlet={clinic.cookie}"}
        with serving(world.settings) as (pages, _bare), httpx2.Client(headers=cookie) as client:
            for what, path in (("patient's page", ""), ("timeline", "/timeline")):

                def get(patient: str, path: str = path) -> None:
                    address = f"{pages.url}/patients/{patient}{path}"
                    client.get(address, timeout=60).raise_for_status()

                asked = {
                    name: lambda patient=patient: get(patient) for name, patient in patients.items()
                }
                yield from compared(what, in_turns(asked, rounds=ROUNDS), names)
    cluster.drop(place)


def _live(session: Session, chain: LedgerChain, years: int, times: Times, now_ms: int) -> None:
    """Give the patient what so many years leave behind: sessions, days, a score each week."""
    named = {"clinic_id": "demo", "patient_id": chain.patient_id}
    last = years * 365
    for back in range(SESSIONS + 1, last):
        opened_ms = now_ms - back * DAY_MS
        day = times.day(opened_ms).toordinal()
        if back % 7 >= A_WEEK:
            continue
        session.add(
            DeliveredSession(
                **named,
                device_id=chain.device_id,
                epoch=chain.epoch,
                opened_number=10_000 - back,
                course_id=bytes(16),
                prescription_hash=bytes(32),
                kind=1,
                day=day,
                opened_ms=opened_ms,
                planned_pulses=PULSES,
                planned_trains=20,
                charged_pulses=PULSES,
                trains=20,
                percent_mso=60,
                closed_ms=opened_ms + HOUR_MS // 6,
                cause=1,
            )
        )
        session.add(
            DoseDay(
                **named,
                course_id=bytes(16),
                day=day,
                charged=PULSES,
                planned=PULSES,
                sessions=1,
            )
        )
    for week in range(SCORES, last // 7):
        session.add(
            Scored(
                **named,
                item_id=str(week),
                instrument="phq-9",
                answered_ms=now_ms - week * 7 * DAY_MS,
                score=week % 27,
                self_harm=0,
            )
        )
