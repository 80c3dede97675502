"""Everybody who may knock at the dashboard, in a world of two clinics."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cloud.alerts.findings import TODAY, Cause
from cloud.alerts.service import newest_of, raise_alert
from cloud.patients import service as patients
from cloud.patients.models import Patient
from cloud.patients.service import NewPatient
from cloud.people import service as people
from cloud.people import step_up
from cloud.people.authority import Act, Role
from cloud.people.models import Member
from cloud.training.service import finish_all
from tests.cloud.worlds import BIRTH_DATE, World, add_clinic, make_identity

NONE = "00" * 16


@dataclass(frozen=True)
class Visitor:
    """Somebody with a cookie and a form's token, or with neither."""

    name: str
    cookie: str
    form_token: str


@dataclass(frozen=True)
class Town:
    """Visitors by name, and a patient of each clinic with an alert of theirs, in hexadecimal."""

    visitors: dict[str, Visitor]
    own: str
    foreign: str
    alerts: dict[str, str]


def visitor(world: World, name: str, *roles: Role, clinic_id: str = "demo") -> Visitor:
    """Sign a new member in."""
    now_ms = world.clock.now_ms
    with world.database.write(clinic_id) as session:
        member = people.add_member(session, clinic_id, name, *roles, now_ms=now_ms)
        finish_all(session, clinic_id, member.staff_id, now_ms=now_ms)
    return signed_in(world, member)


def signed_in(world: World, member: Member) -> Visitor:
    """Sign a member in."""
    now_ms = world.clock.now_ms
    with world.database.write(member.clinic_id) as session:
        cookie = people.open_sign_in(session, member, hours=10, now_ms=now_ms)
        person = people.signed_in(session, cookie, idle_minutes=60, now_ms=now_ms)
    return Visitor(member.name, cookie, person.form_token)


def answered(world: World, who: Visitor, act: str, path: str, form: Mapping[str, object]) -> None:
    """Stand in for a passkey that has answered once more for this form."""
    fields = [
        (name, str(each))
        for name, value in form.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    clinic_id, now_ms = who.cookie.partition(".")[0], world.clock.now_ms
    with world.database.write(clinic_id) as session:
        subject = step_up.subject_of(Act(act), path, fields)
        step_up.grant(session, who.cookie, subject, now_ms=now_ms)


def make_town(world: World, folder: Path) -> Town:
    """Return a world in which each role, a leaver and a foreign clinic's member are signed in."""
    own, _ = world.enrol()
    other = make_identity(folder / "other", "other")
    add_clinic(world, other)
    # One process serves both clinics: it holds the vault keys of both.
    key = (other.folder / "keys/vault-00.key").read_bytes()
    (world.identity.folder / "keys/vault-90.key").write_bytes(key)
    with world.database.write("other") as session:
        new = NewPatient("Berta Elsewhere", BIRTH_DATE, other.device_id, "mdd")
        foreign = patients.enrol(session, "other", new, now_ms=world.clock.now_ms)
    visitors = {role.value: visitor(world, role.words, role) for role in Role}
    visitors["foreign"] = visitor(world, "foreign", *Role, clinic_id="other")
    visitors["nobody"] = Visitor("nobody", "", "")
    visitors["left"] = _leaver(world)
    alerts = {each.patient_id.hex(): _alert(world, each) for each in (own, foreign)}
    return Town(visitors, own.patient_id.hex(), foreign.patient_id.hex(), alerts)


def _alert(world: World, patient: Patient) -> str:
    with world.database.write(patient.clinic_id) as session:
        cause, now_ms = Cause("town", TODAY, "Something to see to"), world.clock.now_ms
        raise_alert(session, patient, cause, "Why.", now_ms=now_ms)
        found = newest_of(session, patient, cause.key)
        assert found is not None
        return found.alert_id.hex()


def _leaver(world: World) -> Visitor:
    now_ms = world.clock.now_ms
    with world.database.write("demo") as session:
        member = people.add_member(session, "demo", "left", *Role, now_ms=now_ms)
    made = signed_in(world, member)
    with world.database.write("demo") as session:
        session.get_one(Member, ("demo", member.staff_id)).left_ms = now_ms
    return made
