"""How long the FHIR bundle of a patient of one and of two years takes, on SQLite.

A session each working day, three check-ins a week, something told after each session and a look a
day: more than a course asks for. The times are the least of some, as other work only adds to them.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from cloud.audit.models import AuditedPatient, AuditEvent
from cloud.care.models import CareFact, CareItem
from cloud.checkins.models import Scored
from cloud.fhir.bundle import bundle_of, chart_of
from cloud.fhir.chart import Chart
from cloud.fhir.file import line_of
from cloud.ledger.models import DeliveredSession
from scripts.bench.figures import Row
from scripts.bench_scale.costs import Costs
from scripts.bench_scale.scale import Scale
from shared.care.bodies import CareKind, CheckinAnswers, Graded, SideEffects
from shared.wire import fields
from tests.cloud.cluster import Cluster
from tests.cloud.fhir.treated import ANSWERS, chart_in, treated
from tests.cloud.worlds import World, make_world

DAY_MS = 86_400_000
DAYS_A_YEAR = 260
CHECKINS_A_WEEK, WEEKS_A_YEAR = 3, 52
TIMES, WITHIN_S = 5, 1.0


def fhir(_cluster: Cluster, _scale: Scale, _costs: Costs) -> Iterator[Row]:
    """Yield how long the bundles take, the two years' beside the promise."""
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(Path(folder))
        patient_id = treated(world)
        found = []
        for years in (1, 2):
            with world.database.write("demo") as session:
                _year(session, patient_id, years, world.clock.now_ms)
            wall_s, cpu_s = _least(lambda: _written(world, patient_id))
            found.append(wall_s)
            chart = chart_in(world, patient_id)
            count = sum(1 for _ in chart.records())
            yield Row(
                f"bundle of {years} years, gathered and written",
                wall_s,
                "s",
                at_most=WITHIN_S,
                beside=f"{count} resources, {len(_line(chart)) / 1e6:.1f} MB; {cpu_s:.2f} s of CPU",
            )
        bundle = bundle_of(chart_in(world, patient_id), now_ms=0)
        wall_s, cpu_s = _least(lambda: chart_of(bundle))
        yield Row("the same, held against the models and read back", wall_s, "s")
        yield Row("two years beside one", found[1] / found[0], "x")
        world.database.close()


def _written(world: World, patient_id: bytes) -> bytes:
    return _line(chart_in(world, patient_id))


def _line(chart: Chart) -> bytes:
    return line_of(chart, now_ms=0)


def _least(work: Callable[[], object]) -> tuple[float, float]:
    """Return the least time by the wall and by the processor."""
    wall, cpu = [], []
    for _ in range(TIMES):
        began, spent = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - spent)
    return min(wall), min(cpu)


def _year(session: Session, patient_id: bytes, year: int, now_ms: int) -> None:
    one = session.query(DeliveredSession).filter_by(patient_id=patient_id).first()
    assert one is not None
    first = year * 100_000
    for day in range(DAYS_A_YEAR):
        at_ms = now_ms + (year * DAYS_A_YEAR + day) * DAY_MS
        _session(session, one, first + day, at_ms)
        told = SideEffects(bytes(16), 1, (Graded("headache", 1),), False, "gone by the evening")
        _told(session, patient_id, f"care/{first + day}", at_ms, told)
        _look(session, patient_id, first + day, at_ms)
    for number in range(CHECKINS_A_WEEK * WEEKS_A_YEAR):
        at_ms = now_ms + (year * DAYS_A_YEAR + number) * DAY_MS
        item_id = f"checkin/{first + number}"
        _told(session, patient_id, item_id, at_ms, CheckinAnswers("phq-9", 1, ANSWERS, "en"))
        session.add(
            Scored(
                clinic_id="demo",
                patient_id=patient_id,
                item_id=item_id,
                instrument="phq-9",
                answered_ms=at_ms,
                score=7,
                self_harm=0,
            )
        )


def _session(session: Session, one: DeliveredSession, number: int, at_ms: int) -> None:
    session.add(
        DeliveredSession(
            clinic_id="demo",
            device_id=one.device_id,
            epoch=one.epoch,
            opened_number=number,
            patient_id=one.patient_id,
            course_id=one.course_id,
            prescription_hash=one.prescription_hash,
            kind=one.kind,
            day=one.day + number,
            opened_ms=at_ms,
            planned_pulses=600,
            planned_trains=20,
            charged_pulses=600,
            trains=20,
            percent_mso=57,
            closed_ms=at_ms + 200_000,
            cause=1,
        )
    )


def _told(
    session: Session,
    patient_id: bytes,
    item_id: str,
    at_ms: int,
    told: SideEffects | CheckinAnswers,
) -> None:
    session.add(
        CareItem(
            clinic_id="demo",
            patient_id=patient_id,
            item_id=item_id,
            body=b"",
            received_ms=at_ms,
            opened_ms=at_ms,
            refusal=None,
            seen_by=None,
            seen_ms=None,
        )
    )
    session.flush()
    session.add(
        CareFact(
            clinic_id="demo",
            patient_id=patient_id,
            item_id=item_id,
            kind=int(CareKind(told.KIND)),
            at_ms=at_ms,
            body=fields.pack(told),
        )
    )


def _look(session: Session, patient_id: bytes, number: int, at_ms: int) -> None:
    session.add(
        AuditEvent(
            clinic_id="demo",
            number=number,
            at_ms=at_ms,
            actor="staff/00",
            action="read a patient",
            subject=f"patient/{patient_id.hex()}",
            hash=bytes(32),
            route="GET /patients/{patient}",
            patients=patient_id,
        )
    )
    session.flush()
    session.add(AuditedPatient(clinic_id="demo", patient_id=patient_id, number=number))
