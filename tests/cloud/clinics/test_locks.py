"""Two transactions that each refer to a clinic or a patient may both lock it, one by one."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from cloud.clinics.service import locked_clinic
from cloud.phones.waiting import enqueue
from shared.wire.items import DownKind
from tests.cloud.worlds import World

SOON = text("SET LOCAL lock_timeout = '2s'")


def refer_to_clinic(session: Session, which: int) -> None:
    session.execute(
        text(
            "INSERT INTO used_challenges (clinic_id, challenge_hash, used_ms)"
            " VALUES ('demo', :c, 1)"
        ),
        {"c": bytes([which])},
    )


def test_two_sign_ins_at_once_do_not_wait_for_each_other_for_ever(
    postgresql_world: World,
) -> None:
    """Each has inserted a row that refers to the clinic before it writes its audit line."""
    database = postgresql_world.database
    with database.write("demo") as one, database.write("demo") as other:
        refer_to_clinic(one, 1)
        refer_to_clinic(other, 2)
        one.execute(SOON)
        assert locked_clinic(one, "demo").clinic_id == "demo"
        one.commit()
        assert locked_clinic(other, "demo").clinic_id == "demo"


def test_what_counts_up_for_a_clinic_still_waits(postgresql_world: World) -> None:
    database = postgresql_world.database
    with database.write("demo") as one, database.read("demo") as other:
        locked_clinic(one, "demo")
        other.execute(text("SET LOCAL lock_timeout = '100ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            locked_clinic(other, "demo")
        other.rollback()


def test_two_batches_for_one_patient_queue_one_after_the_other(postgresql_world: World) -> None:
    world = postgresql_world
    patient, _ = world.enrol()
    own = {"p": patient.patient_id}
    refers = text(
        "SELECT 1 FROM patients WHERE clinic_id = 'demo' AND patient_id = :p FOR KEY SHARE"
    )
    with world.database.write("demo") as one, world.database.write("demo") as other:
        one.execute(refers, own)
        other.execute(refers, own)
        one.execute(SOON)
        kind, body = DownKind.REVOCATION, b"said"
        assert enqueue(one, "demo", patient.patient_id, kind, body, now_ms=1) == 1
        one.commit()
        assert enqueue(other, "demo", patient.patient_id, kind, body, now_ms=1) == 2
