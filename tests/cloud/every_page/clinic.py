"""A small made-up clinic in which every page has something to show, and who looks at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.models import Alert
from cloud.caregivers import service as caregivers
from cloud.caregivers.models import Caregiver
from cloud.channels.models import Delivery
from cloud.channels.service import MAIL, add_channel
from cloud.db import Database
from cloud.demo_data.band import FIRMWARE
from cloud.demo_data.cases import Case
from cloud.demo_data.identity import CLINIC_ID
from cloud.fhir.systems.service import add_system, client_id_of, end_system
from cloud.ingest.bodies import UpItem
from cloud.leave import service as leave
from cloud.ledger.models import DeliveredSession
from cloud.oncall import drills
from cloud.oncall import service as oncall
from cloud.oncall.rota import Turn
from cloud.patients.models import Device, Patient
from cloud.people import service as people
from cloud.people.authority import Role
from cloud.people.models import Member
from cloud.recall.criteria import Criteria
from cloud.recall.finding import find
from cloud.recall.keeping import begin, keep, keep_told
from cloud.releases.models import Release, ReleaseBand
from cloud.settings import Settings
from cloud.teams.service import all_teams, join
from cloud.training.course import course
from cloud.training.service import finish_all
from cloud.vault.key_files import FileKeys
from cloud.vault.vault import Vault
from cloud.worker.heartbeats import beat
from shared.care.caregiver import Shown, name_context
from shared.trust.sealing import seal
from shared.trust.statements import HoldKind, HoldSource
from shared.wire import fields, records
from shared.wire.items import TimeRequest, UpKind, time_request_id
from tests.cloud.demo_data.worlds import TIMES, UNTIL, MadeUp, made_up
from tests.cloud.fhir.systems import ec_key, jwk_of
from tests.cloud.worlds import HandClock

CASES = (Case.RED_FLAG, Case.GAP, Case.MISSED, Case.HOLD_WAITS)
PATIENTS, WEEKS = 5, 4
STAFF_ROLES = tuple(role for role in Role if role is not Role.CAREGIVER)
WHOLE_WEEK = (0, 0)
DAY_MS = 86_400_000


@dataclass
class PageClinic:
    """The clinic behind the pages: cookies by visitor, and an id for each name in an address."""

    made: MadeUp
    settings: Settings
    clock: HandClock
    cookies: dict[str, str]
    ids: dict[str, str]

    @property
    def database(self) -> Database:
        return self.made.database


@contextmanager
def page_clinic(
    folder: Path,
    *,
    patients: int = PATIENTS,
    weeks: int = WEEKS,
    cases: tuple[Case, ...] = CASES,
) -> Iterator[PageClinic]:
    """Make the clinic; each role of the staff has a visitor, and ``everything`` has all of them."""
    made = made_up(folder / "clinic", patients=patients, weeks=weeks, cases=cases)
    clock = HandClock(TIMES.begins(UNTIL) + 9 * 3_600_000)
    settings = Settings(
        data=made.folder, identity=made.folder / "identity", time_zone="Europe/Berlin"
    )
    cookies, ids = {"nobody": ""}, {}
    with made.database.write(CLINIC_ID) as session:
        beat(session, CLINIC_ID, "worker", now_ms=clock.now_ms)
        staff = {role.value: _member(session, role.words, role) for role in STAFF_ROLES}
        staff["everything"] = _member(session, "Everything", *STAFF_ROLES)
        patient = _patient(session)
        ids["patient"] = patient.patient_id.hex()
        newest = _newest_session(session, patient)
        ids["epoch"], ids["number"] = newest.epoch.hex(), str(newest.opened_number)
        ids["alert"] = _alert(session).alert_id.hex()
        ids["drill"] = _alerting(session, staff["everything"], clock.now_ms)
        ids["hold"] = _rest_and_lost_time(session, made, patient, clock.now_ms).hex()
        ids["step"], ids["part"] = "threshold", course().parts[0].id
        _leave(session, staff["everything"], staff["prescriber"], clock.now_ms)
        _recall(session, clock.now_ms)
        _releases(session, clock.now_ms)
        _systems(session, clock.now_ms)
        invited = _member(session, "Invited One", Role.PRESCRIBER)
        ids["token"] = people.invite(session, invited, now_ms=clock.now_ms)
        staff["caregiver"] = _caregiver(session, made, patient, clock.now_ms)
        for name, member in staff.items():
            cookies[name] = people.open_sign_in(session, member, hours=10, now_ms=clock.now_ms)
    yield PageClinic(made, settings, clock, cookies, ids)
    made.database.close()


@contextmanager
def copy_of(clinic: PageClinic, folder: Path) -> Iterator[PageClinic]:
    """Copy a clinic with all its files into a new folder, for a test that changes it."""
    shutil.copytree(clinic.made.folder, folder)
    url = f"sqlite+pysqlite:///{folder / 'cloud.sqlite'}"
    database = Database(url, Vault(FileKeys(folder / "identity" / "vault")))
    settings = clinic.settings.model_copy(update={"data": folder, "identity": folder / "identity"})
    yield replace(
        clinic, made=replace(clinic.made, database=database, folder=folder), settings=settings
    )
    database.close()


def _member(session: Session, name: str, *roles: Role) -> Member:
    now_ms = TIMES.begins(UNTIL)
    member = people.add_member(session, CLINIC_ID, name, *roles, now_ms=now_ms)
    finish_all(session, CLINIC_ID, member.staff_id, now_ms=now_ms)
    for shown in all_teams(session, CLINIC_ID):
        join(session, shown.team, member.staff_id)
    return member


def _patient(session: Session) -> Patient:
    """The one whose hold waits: of all of them the most is to be shown."""
    name = Case.HOLD_WAITS.name_of_patient
    found = session.scalars(select(Patient)).all()
    return next((each for each in found if each.name == name), found[0])


def _newest_session(session: Session, patient: Patient) -> DeliveredSession:
    its = DeliveredSession.patient_id == patient.patient_id
    by_time = select(DeliveredSession).where(its).order_by(DeliveredSession.opened_number.desc())
    return session.scalars(by_time.limit(1)).one()


def _alert(session: Session) -> Alert:
    return session.scalars(select(Alert).where(Alert.patient_id.is_not(None))).first() or (
        session.scalars(select(Alert)).one()
    )


def _alerting(session: Session, member: Member, now_ms: int) -> str:
    """Somebody is on call, reachable, and a drill runs, whose message wasn't taken yet; return its
    id."""
    oncall.add_turn(session, CLINIC_ID, Turn(1, member.staff_id, *WHOLE_WEEK))
    address = "on-call@example.org"
    channel = add_channel(session, CLINIC_ID, member.staff_id, MAIL, address, now_ms=now_ms)
    drill = drills.start(session, channel, now_ms=now_ms)
    waits = Delivery.clinic_id == CLINIC_ID, Delivery.drill_id == drill.drill_id
    session.scalars(select(Delivery).where(*waits)).one().attempts = 2
    return drill.drill_id.hex()


def _leave(session: Session, away: Member, stand_in: Member, now_ms: int) -> None:
    days = (now_ms + 7 * DAY_MS, now_ms + 14 * DAY_MS)
    asked = leave.Plan(away.staff_id, stand_in.staff_id, *days)
    leave.plan(session, CLINIC_ID, asked, now_ms=now_ms)


def _recall(session: Session, now_ms: int) -> None:
    """Every band is called back, and one patient was told."""
    criteria = Criteria(firmware=FIRMWARE)
    recall = begin(session, CLINIC_ID, criteria, now_ms=now_ms)
    found = find(session, CLINIC_ID, criteria)
    keep(session, recall, found, now_ms=now_ms)
    told = {found[0].device.patient_id or b""}
    keep_told(session, recall, told, now_ms=now_ms)


def _systems(session: Session, now_ms: int) -> None:
    """One reads, and one did."""
    jwk, began_ms = jwk_of(ec_key()), now_ms - 30 * DAY_MS
    for name in ("Old archive", "Archive"):
        found = add_system(session, CLINIC_ID, name, jwk, "system/*.read", now_ms=began_ms)
        found.used_ms = now_ms - DAY_MS
        if name == "Old archive":
            end_system(session, CLINIC_ID, client_id_of(found), now_ms=now_ms)


def _releases(session: Session, now_ms: int) -> None:
    """What the bands run is offered, and one after it was halted."""
    named = session.scalars(select(Device.device_id)).first()
    for number, version in enumerate((FIRMWARE, "1.9.0")):
        began_ms = now_ms - (30 - 20 * number) * DAY_MS
        release = Release(
            clinic_id=CLINIC_ID,
            image_hash=bytes([number]) * 32,
            version=version,
            image=b"",
            image_bytes=0,
            added_ms=began_ms,
            ring=2 - number,
            ring_ms=began_ms,
            share_percent=10,
            least_bands=5,
            least_days=7,
            limit_percent=5,
            judged_ms=began_ms,
            halted_ms=now_ms - DAY_MS if number else None,
            withdrawn_ms=None,
        )
        session.add(release)
        session.flush()
        hash_ = release.image_hash
        session.add(ReleaseBand(clinic_id=CLINIC_ID, image_hash=hash_, device_id=named))
    session.flush()


def _rest_and_lost_time(session: Session, made: MadeUp, patient: Patient, now_ms: int) -> bytes:
    """A rest stands on the patient's band, which then lost ten hours and asks for them; return the
    rest's id."""
    phone, hour_ms, rest = made.place.phones[patient.patient_id], DAY_MS // 24, bytes([8]) * 16
    placed = records.HoldPlacedBody(rest, HoldKind.REST, HoldSource.APP, "rest", 0)
    phone.band.write(placed, now_ms=now_ms - 14 * hour_ms)
    phone.band.boot(now_ms=now_ms - 3 * hour_ms, lost_ms=10 * hour_ms)
    device_id, nonce, at_ms = phone.band.device_id, bytes([6]) * 16, now_ms - 2 * hour_ms
    phone.upload(session, now_ms=at_ms)
    body = fields.pack(TimeRequest(device_id, nonce, at_ms))
    kind = UpKind.TIME_REQUEST.value
    item = UpItem(id=time_request_id(device_id, nonce), kind=kind, body=body)
    (answer,) = phone.send(session, [item], now_ms=at_ms)
    assert answer.answer == "accepted", answer
    return rest


def _caregiver(session: Session, made: MadeUp, patient: Patient, now_ms: int) -> Member:
    """Somebody close, who came in and sees everything that can be shared."""
    care = made.place.identity.servers["care"].public_key
    name = seal(b"Somebody Near", to=care, context=name_context(patient.patient_id))
    found = Caregiver(
        clinic_id=CLINIC_ID,
        patient_id=patient.patient_id,
        caregiver_id=bytes([7]) * 16,
        shown=",".join(str(int(each)) for each in Shown),
        said_ms=now_ms,
        name=name,
        code_id=None,
        verifier=None,
        code_until_ms=0,
        wrong_tries=0,
        staff_id=None,
        joined_ms=None,
        ended_ms=None,
        ended_by="",
    )
    session.add(found)
    session.flush()
    return caregivers.come_in(session, found, now_ms=now_ms)
