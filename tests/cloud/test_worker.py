"""The worker signs holds, opens check-ins and raises alerts; two of them do it once."""

import threading
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.service import open_alerts
from cloud.checkins.models import Checkin
from cloud.checkins.scores import scored
from cloud.db import Database
from cloud.holds.models import Hold
from cloud.holds.service import HoldState, ask, note_on_phone, state_of
from cloud.keys import KeyRing
from cloud.patients.service import device_of
from cloud.phones.waiting import after
from cloud.times import Times
from cloud.vault.opening import open_vault
from cloud.worker.claims import claim
from cloud.worker.heartbeats import beat, newest_heartbeat
from cloud.worker.loop import Worker
from cloud.worker.tasks import Means, Task
from shared.instruments.forms import phq9
from shared.instruments.items import NOT_SAID
from shared.trust import sign1
from shared.trust.sealing import seal
from shared.trust.statements import PlaceHold
from shared.wire import fields
from shared.wire.items import CheckinBody, SignedHold, checkin_context
from tests.cloud.phone import Phone
from tests.cloud.workers import worker_of
from tests.cloud.worlds import World, add_clinic, make_identity, somebody

pytestmark = pytest.mark.both_databases


@pytest.fixture
def worker(world: World) -> Worker:
    return worker_of(world)


def check_in(
    world: World,
    phone: Phone,
    name: str,
    answers: tuple[int, ...],
    *,
    pack_serial: int = 0,
    ahead_ms: int = 0,
) -> None:
    patient_id = phone.bytes_of("patient_id")
    version = pack_serial or phq9().version
    answered_ms = world.clock.now_ms + ahead_ms
    body = CheckinBody("phq-9", version, patient_id, answered_ms, answers, "en", pack_serial)
    sealed = seal(
        fields.pack(body),
        to=world.identity.keys["care"].public_key,
        context=checkin_context(patient_id),
    )
    (answer,) = phone.items([{"id": name, "kind": "checkin", "body": sealed}])
    assert answer["answer"] == "accepted"


def titles(world: World) -> list[tuple[str, str]]:
    with world.database.read("demo") as session:
        return [(a.urgency, a.title) for a in open_alerts(session, "demo")]


def test_hold_is_asked_then_on_the_phone(world: World, phone: Phone, worker: Worker) -> None:
    patient_id = phone.bytes_of("patient_id")
    with world.database.write("demo") as session:
        device = device_of(session, "demo", patient_id)
        hold = ask(session, device, patient_id, "clinician", somebody(session), now_ms=1)
    assert state_of(hold) is HoldState.ASKED
    worker.round()
    worker.round()
    with world.database.write("demo") as session:
        (waiting,) = after(session, "demo", patient_id, 0)
        assert state_of(session.scalars(select(Hold)).one()) is HoldState.ASKED
        note_on_phone(session, "demo", patient_id, waiting.cursor, now_ms=2)
        assert state_of(session.scalars(select(Hold)).one()) is HoldState.ON_PHONE
    signed = fields.unpack(SignedHold, waiting.body)
    placed = sign1.verify(
        PlaceHold,
        signed.statement,
        audience=world.identity.device_id,
        key=world.identity.keys["hold"].public_key,
    )
    assert (placed.hold_id, placed.number) == (hold.hold_id, 1)


def test_an_item_left_out_leaves_no_score_and_item_9_left_out_reaches_a_person(
    world: World, phone: Phone, worker: Worker
) -> None:
    check_in(world, phone, "one", (1,) * 8 + (NOT_SAID,))
    worker.round()
    with world.database.read("demo") as session:
        assert scored(session, "demo", phone.bytes_of("patient_id")) == ()
    assert ("today", "Item 9 was left out") in titles(world)


def test_words_of_a_text_pack_are_scored_too(world: World, phone: Phone, worker: Worker) -> None:
    check_in(world, phone, "one", (1,) * 8 + (2,), pack_serial=7)
    worker.round()
    with world.database.read("demo") as session:
        (checkin,) = scored(session, "demo", phone.bytes_of("patient_id"))
    assert checkin.score == 10
    assert ("now", "Thoughts of self-harm, item 9 = 2") in titles(world)


def test_checkin_is_scored_by_the_worker_alone(world: World, phone: Phone, worker: Worker) -> None:
    check_in(world, phone, "one", (1,) * 8 + (0,))
    patient_id = phone.bytes_of("patient_id")
    with world.database.read("demo") as session:
        assert scored(session, "demo", patient_id) == ()
    worker.round()
    with world.database.read("demo") as session:
        (found,) = scored(session, "demo", patient_id)
    assert found.score == 8
    assert titles(world) == []


@pytest.mark.parametrize(("answer", "urgency"), [(1, "today"), (2, "now"), (3, "now")])
def test_thoughts_of_self_harm_raise_an_alert(
    world: World, phone: Phone, worker: Worker, answer: int, urgency: str
) -> None:
    check_in(world, phone, "one", (0,) * 8 + (answer,))
    worker.round()
    assert titles(world) == [(urgency, f"Thoughts of self-harm, item 9 = {answer}")]


def test_a_score_that_grows_worse_raises_an_alert(
    world: World, phone: Phone, worker: Worker
) -> None:
    check_in(world, phone, "one", (1,) * 8 + (0,))
    worker.round()
    world.clock.now_ms += 1000
    check_in(world, phone, "two", (2,) * 8 + (0,))
    worker.round()
    assert titles(world) == [("today", "Score worse by 8")]


def test_unreadable_checkin_is_kept_and_told(world: World, phone: Phone, worker: Worker) -> None:
    check_in(world, phone, "one", (9,) * 9)
    worker.round()
    with world.database.read("demo") as session:
        assert session.scalars(select(Checkin)).one().refusal == "AnswerError"
    assert titles(world) == [("today", "A check-in could not be read")]


def test_phone_hears_the_workers_heartbeat(world: World, phone: Phone, worker: Worker) -> None:
    assert phone.get("/v1/sync?cursor=0").json()["heartbeat_ms"] is None
    worker.round()
    assert phone.get("/v1/sync?cursor=0").json()["heartbeat_ms"] == world.clock.now_ms


def test_a_task_is_claimed_when_it_is_due_and_by_one(world: World) -> None:
    def claimed(now_ms: int, every_ms: int = 1000) -> bool:
        with world.database.write("demo") as session:
            return claim(session, "demo", "task", "one", every_ms=every_ms, now_ms=now_ms)

    assert [claimed(now_ms) for now_ms in (5000, 5000, 5999, 6000)] == [True, False, False, True]
    assert claimed(10), "the clock was set back by more than the period"
    assert not claimed(11)


def test_what_a_killed_worker_had_claimed_is_due_for_the_next(world: World) -> None:
    class Killed(Exception):
        pass

    def claimed(holder: str) -> bool:
        with world.database.write("demo") as session:
            done = claim(session, "demo", "task", holder, every_ms=1000, now_ms=5000)
            if holder == "killed":
                raise Killed
        return done

    with pytest.raises(Killed):
        claimed("killed")
    assert claimed("another")


def test_a_task_that_fails_stops_nothing_else_but_its_clinics_heartbeat(
    world: World, tmp_path: Path
) -> None:
    add_clinic(world, make_identity(tmp_path / "other", "other"))
    done = []

    def breaks(session: Session, clinic_id: str, _means: Means, now_ms: int) -> int:
        beat(session, clinic_id, "half done", now_ms=now_ms)
        session.flush()
        if clinic_id == "demo":
            raise ZeroDivisionError("Maria Sample")
        return 1

    def works(_session: Session, clinic_id: str, _means: Means, _now_ms: int) -> int:
        done.append(clinic_id)
        return 1

    tasks = (Task("breaks", (), breaks), Task("works", (), works))
    with structlog.testing.capture_logs() as logs:
        Worker(world.database, world.clock, Means(KeyRing({}), Times("UTC")), tasks).round()
    assert done == ["demo", "other"]
    (failed,) = (each for each in logs if each["log_level"] == "error")
    assert (failed["clinic"], failed["task"]) == ("demo", "breaks")
    assert failed["problem"] == "ZeroDivisionError"
    assert failed["where"].startswith("test_worker.py:")
    assert "Maria" not in str(logs)
    with world.database.read("demo") as session:
        assert newest_heartbeat(session, "demo") is None
    with world.database.read("other") as session:
        assert newest_heartbeat(session, "other") == world.clock.now_ms


def test_many_workers_sign_a_hold_once(world: World, phone: Phone) -> None:
    patient_id = phone.bytes_of("patient_id")
    with world.database.write("demo") as session:
        device = device_of(session, "demo", patient_id)
        ask(session, device, patient_id, "clinician", somebody(session), now_ms=1)
    databases = [Database(world.settings.url, open_vault(world.settings)) for _ in range(4)]
    workers = [worker_of(world, database) for database in databases]
    threads = [threading.Thread(target=each.round) for each in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    with world.database.read("demo") as session:
        assert len(after(session, "demo", patient_id, 0)) == 1
        assert newest_heartbeat(session, "demo") == world.clock.now_ms
