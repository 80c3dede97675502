"""A band that goes on to another patient takes its record with it, and nobody's sessions."""

from sqlalchemy import select

from cloud.ledger.models import DeliveredSession
from cloud.patients.record import gather
from cloud.patients.service import patient_of
from cloud.patients.summary import summarise
from cloud.times import Times
from shared.wire import records
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import found, handed_over, patient_with, prescribed, send, treating
from tests.cloud.worlds import World


def test_sessions_after_a_hand_over_are_the_new_patients(world: World, phone: Phone) -> None:
    first = phone.bytes_of("patient_id")
    band = treating(world, phone)
    band.session(trains=19)
    send(phone, band)
    other = handed_over(world, phone)
    second = other.bytes_of("patient_id")
    band.write(records.ProvisionedBody(bytes(32), bytes(32), second))
    band.install(prescribed(world, patient_with(world, other)).data)
    band.session()
    send(other, band)
    with world.database.read("demo") as session:
        rows = session.scalars(select(DeliveredSession).order_by(DeliveredSession.opened_number))
        given = [(row.patient_id, row.charged_pulses) for row in rows]
        before, after = (
            gather(session, patient_of(session, "demo", each)) for each in (first, second)
        )
    assert given == [(first, 570), (second, 600)]
    assert after.chain is not None
    assert (before.chain, after.chain.patient_id) == (None, second)
    assert [alert.title for alert in before.alerts] == ["A session ended early"]
    assert (after.alerts, found(world, first), found(world, second)) == ((), [], [])
    card = summarise(before, None, (), None, Times("UTC"), now_ms=world.clock.now_ms).record
    assert card.figure == "Handed on"


def test_a_session_of_somebody_unknown_counts_for_nobody(world: World, phone: Phone) -> None:
    patient_id = phone.bytes_of("patient_id")
    band = treating(world, phone)
    band.write(records.ProvisionedBody(bytes(32), bytes(32), bytes(range(16))))
    band.session()
    send(phone, band)
    with world.database.read("demo") as session:
        assert session.scalars(select(DeliveredSession)).all() == []
    kinds = {each.kind for each in found(world, patient_id)}
    assert kinds == {"stranger", "unsigned"}
