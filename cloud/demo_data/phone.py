"""A made-up patient's phone: brings the clinic's word to the band, and the band's to the clinic.

What it does to the database is what ingest does when a phone asks; only HTTP is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from cloud.clinics.revocations import queue_missing
from cloud.demo_data.band import DemoBand, Owner, Wanted
from cloud.demo_data.chance import Chance
from cloud.demo_data.people import Person
from cloud.demo_data.place import Place
from cloud.holds.service import note_on_phone
from cloud.ingest import words
from cloud.ingest.bodies import ItemAnswer, UpItem
from cloud.ingest.items import ItemIntake
from cloud.patients.models import Device, Patient
from cloud.phones import enrolment
from cloud.phones.codes import derive
from cloud.phones.models import Phone
from cloud.phones.waiting import after
from cloud.prescriptions import way
from shared.care import bodies
from shared.care.bodies import CareItem
from shared.instruments.forms import phq9
from shared.trust import sign1
from shared.trust.certificates import key_of
from shared.trust.sealing import seal
from shared.trust.statements import (
    Certificate,
    Clearance,
    GateAnswers,
    GateOutcome,
    PlaceHold,
    Revocation,
)
from shared.wire import fields, records
from shared.wire.items import (
    CheckinBody,
    DownKind,
    SignedHold,
    SignedPrescription,
    UpKind,
    care_context,
    checkin_context,
    head_id,
    record_id,
)

CLEARED_AGAIN_MS = 20 * 3_600_000
"""A clearance is fetched again once it is so old and the band is near."""
GATE_RULES = 1


class DemoPhone:
    """One phone with its band. ``lifts`` says that a person has lifted what holds the band."""

    def __init__(self, place: Place, person: Person, patient: Patient, device: Device) -> None:
        self._place, self.person = place, person
        self._chance = place.chance.of(f"phone/{person.number}")
        self.patient_id = patient.patient_id
        self.band = DemoBand(
            device.device_id,
            place.identity.devices[device.device_id],
            self._chance.of("band"),
        )
        self._app, self._request = self._chance.of("app").key(), self._chance.of("request").key()
        self._phone_id, self._sent, self._cleared_ms = b"", 0, 0
        self._out: list[UpItem] = []
        self._lost: list[UpItem] = []
        self.lifts = False

    @property
    def chance(self) -> Chance:
        """The phone's draws."""
        return self._chance

    def enrol(self, session: Session, code: str, *, now_ms: int) -> None:
        """Use a one-time code, and make the band this patient's."""
        asked = enrolment.Application(
            code, self.person.birth_date, self._app.public_key.data, self._request.public_key.data
        )
        key = self._place.identity.servers["enrolment"]
        read = enrolment.code_of(asked)
        derived = derive(read, asked.birth_date)
        opened = enrolment.open_code(session, read, derived, now_ms=now_ms)
        made = enrolment.enrol(session, opened, asked, derived, key, now_ms=now_ms)
        queue_missing(session, self._place.clinic_id, self.patient_id, now_ms=now_ms)
        self._phone_id = made.phone.phone_id
        owner = Owner(
            self._place.clinic_id,
            self.patient_id,
            made.device.transfer,
            made.device.assignment or b"",
        )
        self.band.provision(owner, now_ms=now_ms)
        self.band.authorize(made.phone.enrolment, self._app, made.phone.number, now_ms=now_ms)

    def touch(self, session: Session, *, now_ms: int) -> None:
        """Ask the clinic for news, without the band: what a signed request leaves behind."""
        phone = self._row(session)
        phone.seen_ms = max(phone.seen_ms, now_ms)

    def fetch(self, session: Session, *, now_ms: int) -> bool:
        """Fetch what waits, and bring it to the band; return whether its record grew by that."""
        before = self.band.state.number
        self.touch(session, now_ms=now_ms)
        phone = self._row(session)
        while waiting := after(session, phone.clinic_id, phone.patient_id, phone.cursor):
            for item in waiting:
                self._bring(item.kind, item.body, now_ms=now_ms)
            phone.cursor = waiting[-1].cursor
        note_on_phone(session, phone.clinic_id, phone.patient_id, phone.cursor, now_ms=now_ms)
        whose = (phone.clinic_id, phone.patient_id)
        way.note_on_phone(session, *whose, phone.cursor, now_ms=now_ms)
        if self.lifts:
            self.band.lift_holds(now_ms=now_ms)
            self.lifts = False
        return self.band.state.number > before

    def bring_to_the_clinic(self, session: Session, *, now_ms: int) -> None:
        """Meet the band at the clinic: it learns what was signed last, and tells all it has."""
        self.fetch(session, now_ms=now_ms)
        self.clear(session, now_ms=now_ms)
        self.upload(session, now_ms=now_ms)

    def clear(self, session: Session, *, now_ms: int) -> None:
        """Fetch the clinic's recent word for the band, where the last is old (R20)."""
        if now_ms - self._cleared_ms < CLEARED_AGAIN_MS:
            return
        phone, key = self._row(session), self._place.identity.servers["clearance"]
        statement, certificate = words.clearance(
            session, phone, self.band.device_id, self._chance.data(), key, now_ms=now_ms
        )
        said = sign1.verify(Clearance, statement, audience=self.band.device_id, key=key.public_key)
        phone.cleared_ms = self._cleared_ms = now_ms
        body = records.ClearanceBody(
            sign1.name_of(statement),
            said.issued_s,
            said.newest_serial,
            said.newest_hold,
            said.newest_revocation,
            self._certified(certificate).not_after_s,
        )
        self.band.clear(body, now_ms=now_ms)

    def treat(self, wanted: Wanted, *, now_ms: int) -> bytes | None:
        """Answer the safety questions and treat, where the lock permits; return the session."""
        answers = GateAnswers(self._chance.data(), self.patient_id, GATE_RULES, GateOutcome.PASS, 0)
        envelope = sign1.sign(answers, audience=self.band.device_id, signer=self._app)
        named = sign1.name_of(envelope)
        body = records.GateAnswersBody(named, GateOutcome.PASS, 0, GATE_RULES)
        self.band.write(body, now_ms=now_ms)
        self._add(f"gate/{named.hex()[:32]}", UpKind.GATE_ANSWERS, envelope)
        if not self.band.asked(now_ms=now_ms).permitted:
            return None
        return self.band.treat(wanted, now_ms=now_ms)

    def answered(self, session_id: bytes, *, red_flag: bool, now_ms: int) -> None:
        """Tell the band that the questions after a session were answered (R9)."""
        body = records.SideEffectAnswersBody(self._chance.data(32), session_id, red_flag)
        self.band.write(body, now_ms=now_ms)

    def tell(self, item: CareItem, *, now_ms: int) -> None:
        """Seal an item of care to the care key."""
        plain = bodies.pack(item, at_ms=now_ms, patient_id=self.patient_id)
        sealed = seal(plain, to=self._place.care_key, context=care_context(self.patient_id))
        self._add(f"care/{self._chance.data().hex()}", UpKind.CARE, sealed)

    def check_in(self, answers: tuple[int, ...], *, now_ms: int) -> None:
        """Seal a questionnaire's answers to the care key."""
        asked = phq9()
        body = CheckinBody(asked.id, asked.version, self.patient_id, now_ms, answers, "en")
        context = checkin_context(self.patient_id)
        sealed = seal(fields.pack(body), to=self._place.care_key, context=context)
        self._add(f"checkin/{self._chance.data().hex()}", UpKind.CHECKIN, sealed)

    def upload(self, session: Session, *, now_ms: int, loses_one: bool = False) -> list[ItemAnswer]:
        """Send what wasn't sent yet, with a signed head. A record that is lost on the way is sent
        the next time."""
        band = self.band
        items = [
            _item(record_id(band.device_id, band.epoch, number), UpKind.RECORD, data)
            for number, data in enumerate(band.data[self._sent :], start=self._sent + 1)
        ]
        lost = [items.pop(len(items) // 2)] if loses_one and items else []
        if items:
            items.append(self.head(now_ms=now_ms))
        self._sent = len(band.data)
        out, self._out = [*self._lost, *items, *self._out], []
        self._lost = lost
        return self.send(session, out, now_ms=now_ms) if out else []

    def send(self, session: Session, items: Sequence[UpItem], *, now_ms: int) -> list[ItemAnswer]:
        """Send these very items."""
        receipt = self._place.identity.servers["receipt"]
        intake = ItemIntake(session, self._row(session), self._place.means, receipt, now_ms=now_ms)
        given = zip(items, intake.take(items), strict=True)
        return [ItemAnswer(id=item.id, answer=a.answer, reason=a.reason) for item, a in given]

    def head(self, *, now_ms: int, hash_: bytes | None = None) -> UpItem:
        """Let the band sign a head, over its record or over another of that length."""
        band, nonce = self.band, self._chance.data()
        envelope = band.head(nonce, now_ms=now_ms, hash_=hash_)
        name = head_id(band.device_id, band.epoch, band.state.number, nonce)
        return _item(name, UpKind.HEAD, envelope)

    def _bring(self, kind: str, body: bytes, *, now_ms: int) -> None:
        if kind == DownKind.PRESCRIPTION.value:
            signed = fields.unpack(SignedPrescription, body)
            signer = key_of(self._certified(signed.certificate)).key_id
            self.band.install(signed.prescription, signer, now_ms=now_ms)
        elif kind == DownKind.HOLD.value:
            held = fields.unpack(SignedHold, body)
            key = self._place.identity.servers["hold"].public_key
            audience = self.band.device_id
            self.band.hold(
                sign1.verify(PlaceHold, held.statement, audience=audience, key=key), now_ms=now_ms
            )
        elif kind == DownKind.REVOCATION.value:
            self._revoke(body, now_ms=now_ms)

    def _revoke(self, envelope: bytes, *, now_ms: int) -> None:
        identity = self._place.identity
        said = sign1.verify(
            Revocation, envelope, audience=identity.clinic.audience, key=identity.root.public_key
        )
        body = records.RevocationBody(
            sign1.name_of(envelope), said.number, said.key_id, said.kind, said.until_s
        )
        self.band.write(body, now_ms=now_ms)

    def _certified(self, envelope: bytes) -> Certificate:
        identity = self._place.identity
        return sign1.verify(
            Certificate, envelope, audience=identity.clinic.audience, key=identity.root.public_key
        )

    def _add(self, name: str, kind: UpKind, body: bytes) -> None:
        self._out.append(_item(name, kind, body))

    def _row(self, session: Session) -> Phone:
        return session.get_one(Phone, (self._place.clinic_id, self._phone_id))


def _item(name: str, kind: UpKind, body: bytes) -> UpItem:
    return UpItem(id=name, kind=kind.value, body=body)
