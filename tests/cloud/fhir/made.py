"""Records of every kind, as hypothesis makes them up; and one of each that is ordinary."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from cloud.fhir.chart import OF_PATIENT
from cloud.fhir.elements import sayable
from cloud.fhir.mapping import Mapping
from cloud.fhir.resources.answers import ANSWERS, AnswersRecord
from cloud.fhir.resources.consent import CONSENT, ConsentRecord
from cloud.fhir.resources.device import DEVICE, DeviceRecord
from cloud.fhir.resources.dose import DOSE, DoseRecord
from cloud.fhir.resources.look import LOOK, LookRecord
from cloud.fhir.resources.patient import PATIENT, PatientRecord
from cloud.fhir.resources.prescription import PRESCRIPTION, PrescriptionRecord
from cloud.fhir.resources.score import SCORE, ScoreRecord
from cloud.fhir.resources.session import SESSION, SessionRecord
from cloud.fhir.resources.side_effect import SIDE_EFFECT, SideEffectRecord
from cloud.fhir.resources.signature import SIGNATURE, SignatureRecord
from cloud.fhir.source import Source
from cloud.times import LATEST_MS
from shared.dose.prescription import PrescriptionKind, to_bytes
from shared.instruments.forms import FORMS, form
from shared.instruments.items import NOT_ASKED, NOT_SAID
from shared.wire.record_types import CloseCause, SessionKind
from tests.shared.clinic import itbs

PATIENT_ID = bytes(range(16))
SOURCE = Source("demo", "Clinic at the river", False, PATIENT_ID)
ids = st.binary(min_size=16, max_size=16)
hashes = st.binary(min_size=32, max_size=32)
moments = st.integers(0, LATEST_MS)
counts = st.integers(0, 2**31 - 1)
names = st.text(max_size=40).map(sayable).filter(bool)
words = st.text(max_size=200).map(sayable)
item_ids = st.text("abcdef0123456789/-", min_size=1, max_size=60)
codes = st.text("abcdefghij-", min_size=1, max_size=20)


@st.composite
def answers(draw: st.DrawFn) -> AnswersRecord:
    """Answers that the instrument offers, declined or never asked."""
    instrument = draw(st.sampled_from(sorted(FORMS)))
    return AnswersRecord(
        item_id=draw(item_ids),
        instrument=instrument,
        version=draw(st.integers(1, 2**31)),
        language=draw(st.sampled_from(["en", "de", "ar"])),
        pack_serial=draw(counts),
        answered_ms=draw(moments),
        answers=tuple(
            draw(st.sampled_from([*sorted(item.values), NOT_SAID, NOT_ASKED]))
            for item in form(instrument).items
        ),
    )


MADE: dict[Mapping[Any], st.SearchStrategy[Any]] = {
    PATIENT: st.builds(
        PatientRecord,
        patient_id=st.just(PATIENT_ID),
        name=names,
        birth_date=st.dates(date(1900, 1, 1), date(2030, 1, 1)),
        indication=codes,
        initials=names,
        telephone=st.none() | names,
        enrolled_ms=moments,
    ),
    DEVICE: st.builds(DeviceRecord, device_id=ids, serial=names, is_held=st.booleans()),
    PRESCRIPTION: st.builds(
        PrescriptionRecord,
        prescription_id=ids,
        data=st.builds(
            itbs,
            kind=st.sampled_from(PrescriptionKind),
            serial=st.integers(1, 2**32),
            replaces_hash=st.none() | hashes,
            not_after_s=st.integers(0, 2**40),
        ).map(to_bytes),
        drafted_by=ids,
        signed_ms=moments,
        in_force_ms=st.none() | moments,
        is_replaced=st.booleans(),
        threshold_method=st.none() | names,
        threshold_by=st.none() | names,
    ),
    SIGNATURE: st.builds(
        SignatureRecord,
        prescription_hash=hashes,
        assertion=st.binary(min_size=1, max_size=400),
        certificate=st.binary(min_size=1, max_size=400),
        key_id=st.binary(min_size=1, max_size=32),
        signer=names,
        signed_ms=moments,
    ),
    SESSION: st.builds(
        SessionRecord,
        device_id=ids,
        epoch=ids,
        opened_number=st.integers(1, 2**32),
        course_id=ids,
        prescription_hash=hashes,
        kind=st.sampled_from(SessionKind),
        day=st.dates(),
        opened_ms=st.none() | moments,
        closed_ms=st.none() | moments,
        cause=st.none() | st.sampled_from(CloseCause),
    ),
    DOSE: st.builds(
        DoseRecord,
        device_id=ids,
        epoch=ids,
        opened_number=st.integers(1, 2**32),
        opened_ms=st.none() | moments,
        planned_pulses=counts,
        charged_pulses=counts,
        planned_trains=counts,
        trains=counts,
        percent_mso=st.none() | st.integers(0, 100),
    ),
    ANSWERS: answers(),
    SCORE: st.builds(
        ScoreRecord,
        item_id=item_ids,
        instrument=st.sampled_from(sorted(FORMS)),
        answered_ms=moments,
        score=st.none() | st.integers(0, 100),
        is_official=st.booleans(),
    ),
    SIDE_EFFECT: st.builds(
        SideEffectRecord,
        item_id=item_ids,
        effect_id=st.sampled_from(["headache", "seizure", "of-a-newer-phone"]),
        grade=st.none() | st.integers(1, 3),
        at_ms=moments,
        session_id=st.none() | ids,
        is_slip=st.booleans(),
        wants_softer=st.booleans(),
        words=words,
    ),
    CONSENT: st.builds(
        ConsentRecord,
        item_id=item_ids,
        section=codes,
        is_given=st.booleans(),
        version=st.integers(1, 2**31 - 1),
        at_ms=moments,
    ),
    LOOK: st.builds(
        LookRecord,
        number=st.integers(1, 2**31 - 1),
        at_ms=moments,
        actor=names,
        action=st.sampled_from(["read a patient", "drafted a prescription"]),
        subject=words,
        route=words,
        hash=hashes,
    ),
}
assert set(MADE) == {PATIENT, *OF_PATIENT}
