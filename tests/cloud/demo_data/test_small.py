"""A small made-up clinic: its records are whole, its pages open, and it comes into nobody's way."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.adherence.definition import adherence
from cloud.adherence.facts import course_facts
from cloud.audit import service as audit
from cloud.care.models import CareItem
from cloud.checkins.models import Checkin, Scored
from cloud.dashboard.app import create_app
from cloud.demo_data import team
from cloud.demo_data.identity import CLINIC_ID
from cloud.demo_data.making import Order, make
from cloud.errors import SetupError
from cloud.ledger.export import chain_of, lines_of
from cloud.ledger.models import DeliveredSession, LedgerChain
from cloud.patients.models import Device
from cloud.patients.service import all_patients
from cloud.people.models import Member
from cloud.people.service import open_sign_in
from cloud.proof.service import of_clinic
from cloud.settings import Settings
from shared.trust.keys import PublicKey
from shared.wire import ledger_file
from shared.wire.ledger_file import Spelling
from tests.cloud.demo_data.worlds import TIMES, UNTIL, MadeUp, made_up
from tests.cloud.verifier.judging import judge
from tests.cloud.worlds import HandClock

PATIENTS, WEEKS = 5, 4


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeUp]:
    made = made_up(tmp_path_factory.mktemp("small") / "clinic", patients=PATIENTS, weeks=WEEKS)
    yield made
    made.database.close()


def test_every_record_is_verified_to_its_last_number(small: MadeUp) -> None:
    with small.database.read(CLINIC_ID) as session:
        chains = session.scalars(select(LedgerChain)).all()
        flaws = of_clinic(session, CLINIC_ID)
    assert len(chains) == PATIENTS
    assert all(each.verified_to == each.received_to == each.head_number for each in chains)
    assert all(each.verified_to > 40 for each in chains)
    assert [each.kind for each in flaws if each.ended_ms is None] == []
    assert {each.kind for each in flaws} <= {"gap"}


def test_the_offline_verifier_finds_every_ledger_whole(small: MadeUp, tmp_path: Path) -> None:
    maker = PublicKey(small.place.identity.public.manufacturer_key)
    pulses = 0
    with small.database.read(CLINIC_ID) as session:
        devices = session.scalars(select(Device).where(Device.patient_id.is_not(None))).all()
        for device in devices:
            path = tmp_path / f"{device.serial}.json"
            lines = lines_of(session, device, chain_of(session, device, None))
            path.write_bytes(b"".join(ledger_file.encode(line, Spelling.JSON) for line in lines))
            summary = judge(path, maker).summary
            assert summary.whole, summary.findings
            assert summary.unsigned_tail == 0
            pulses += summary.pulses
        delivered = session.scalars(select(DeliveredSession.charged_pulses)).all()
    assert pulses == sum(delivered) > 0


def test_the_audit_log_holds_and_has_ids_only(small: MadeUp) -> None:
    with small.database.read(CLINIC_ID) as session:
        assert audit.first_broken(session, CLINIC_ID) is None
        events = audit.newest(session, CLINIC_ID, limit=1000)
        names = {each.name for each in all_patients(session, CLINIC_ID)}
    said = {word for each in events for word in (each.actor, each.action, each.subject)}
    assert "stored a signature" in said
    assert not [word for word in said if any(name in word for name in names)]


def test_adherence_adds_up_and_nobody_had_more_than_was_due(small: MadeUp) -> None:
    done = 0
    today = UNTIL.toordinal()
    with small.database.read(CLINIC_ID) as session:
        for patient in all_patients(session, CLINIC_ID):
            facts = course_facts(session, CLINIC_ID, patient.patient_id, TIMES, today=today)
            assert facts is not None
            found = adherence(facts, today=today)
            assert found.due == found.done + found.partial + found.late + found.missed
            done += found.done
    assert done > PATIENTS


def test_what_phones_told_was_opened_and_scored(small: MadeUp) -> None:
    with small.database.read(CLINIC_ID) as session:
        told = [*session.scalars(select(Checkin)), *session.scalars(select(CareItem))]
        scores = session.scalars(select(Scored)).all()
    assert len(told) > PATIENTS
    assert all(each.opened_ms is not None and each.refusal is None for each in told)
    assert len(scores) >= PATIENTS


@dataclass
class Visit:
    """A visitor at the pages."""

    pages: TestClient
    patient: str


@pytest.fixture
def visit(small: MadeUp) -> Iterator[Visit]:
    now_ms = TIMES.begins(UNTIL)
    settings = Settings(
        data=small.folder, identity=small.folder / "identity", time_zone="Europe/Berlin"
    )
    with small.database.write(CLINIC_ID) as session:
        team.visitor(session, CLINIC_ID, now_ms=now_ms)
        member = session.scalars(select(Member).where(Member.name == team.VISITOR)).first()
        assert member is not None
        cookie = open_sign_in(session, member, hours=10, now_ms=now_ms)
        patient = all_patients(session, CLINIC_ID)[0].patient_id.hex()
    with TestClient(create_app(settings, HandClock(now_ms)), follow_redirects=False) as pages:
        pages.cookies.set("circlet", cookie)
        yield Visit(pages, patient)


def test_a_visitor_reads_the_list_and_a_patient_and_is_told_that_nobody_is_real(
    visit: Visit,
) -> None:
    for path in ("/", f"/patients/{visit.patient}"):
        page = visit.pages.get(path)
        assert page.status_code == 200
        assert "Made-up data." in page.text
    assert visit.pages.get("/").text.count("Patient 00") >= PATIENTS


def test_it_comes_into_an_empty_database_only(small: MadeUp, tmp_path: Path) -> None:
    folder = tmp_path / "identity"
    with pytest.raises(SetupError, match="has a clinic"):
        make(small.database, folder, Order(PATIENTS, WEEKS, 1, UNTIL), TIMES)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("patients", "weeks", "said"),
    [
        (0, 10, "patients: 0 is not from 1 to 1000"),
        (1001, 10, "patients: 1001 is not from 1 to 1000"),
        (10, 3, "weeks: 3 is not from 4 to 130"),
        (10, 131, "weeks: 131 is not from 4 to 130"),
    ],
)
def test_an_order_out_of_its_limits_is_named(patients: int, weeks: int, said: str) -> None:
    with pytest.raises(SetupError, match=said):
        Order(patients, weeks, 1, UNTIL)
