"""Erasing a patient: nothing opens any more, in no backup, and nothing else stops."""

import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import make_url, select
from starlette.testclient import TestClient

from cloud.alerts.models import Alert
from cloud.alerts.service import About, Cause, open_alerts, raise_alert
from cloud.audit.service import first_broken, newest
from cloud.care.models import CareFact, CareItem, SentMessage
from cloud.care.opening import facts_of
from cloud.care.service import read, send_message
from cloud.checkins.models import Checkin, Scored, ScreeningAnswer
from cloud.cli import main
from cloud.db import Database
from cloud.errors import Refused
from cloud.holds.models import Hold
from cloud.holds.service import ask
from cloud.ledger.models import DeliveredSession, SessionLog
from cloud.ledger.session_logs import preview
from cloud.patients.erasing import BEGUN, BY_KEYS, DONE, erase, go_through
from cloud.patients.models import Device, Patient
from cloud.patients.service import device_of, new_code, patient_of
from cloud.people.authority import Role
from cloud.phones.codes import Derived, derive, read_code
from cloud.phones.enrolment import Application, enrol, open_code
from cloud.phones.models import EnrolmentCode, Waiting
from cloud.phones.models import Phone as EnrolledPhone
from cloud.proof.models import Flaw
from cloud.vault.errors import VaultError
from cloud.vault.fields import ERASED, SealedRow, fields_of
from cloud.vault.opening import open_vault
from cloud.vault.owners import Owner, Purpose
from cloud.vault.vault import Vault
from cloud.worker.heartbeats import newest_heartbeat
from shared.trust.keys import SoftwareKey
from tests.cloud.authority.people import Visitor, answered
from tests.cloud.cluster import SUPERUSER, Cluster
from tests.cloud.test_worker import check_in
from tests.cloud.vault.lives import NAME, SAYINGS, Life, live, pages_of
from tests.cloud.workers import worker_of
from tests.cloud.worlds import BIRTH_DATE, HandClock, World, somebody

SEALED = (
    Alert,
    CareFact,
    CareItem,
    Checkin,
    Device,
    Flaw,
    Patient,
    Scored,
    ScreeningAnswer,
    SentMessage,
    SessionLog,
    Waiting,
)


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    """Commands set logging up for a stream that ends with their test."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def life(world: World) -> Life:
    return live(world)


def erase_now(world: World, life: Life) -> None:
    erase(world.database, "demo", life.patient_id, actor="x", now_ms=world.clock.now_ms)


def opened(database: Database, patient_id: bytes) -> dict[str, list[object]]:
    """What opens of a patient's sealed columns, table by table; what needs no key isn't counted."""
    found: dict[str, list[object]] = {}
    with database.read("demo") as session:
        for table in SEALED:
            own = select(table).where(table.patient_id == patient_id)
            for row in session.scalars(own):
                assert isinstance(row, SealedRow)
                for each in fields_of(table):
                    if each.needs_key(row):
                        found.setdefault(table.__tablename__, []).extend(_value(row, each.name))
    return {name: values for name, values in found.items() if values}


def _value(row: SealedRow, name: str) -> list[object]:
    try:
        value = getattr(row, name)
    except VaultError:
        return []
    return [] if value in (None, ERASED) else [value]


@pytest.mark.both_databases
def test_before_it_everything_opens_and_after_it_nothing(world: World, life: Life) -> None:
    before = opened(world.database, life.patient_id)
    assert before.keys() == {table.__tablename__ for table in SEALED}
    assert NAME in before["patients"]
    erase_now(world, life)
    assert opened(world.database, life.patient_id) == {}


def test_a_backup_of_before_opens_nothing_with_all_keys_that_are_left(
    world: World, life: Life, tmp_path: Path
) -> None:
    other = tmp_path / "before.sqlite"
    with sqlite3.connect(tmp_path / "cloud.sqlite") as source, sqlite3.connect(other) as copy:
        source.backup(copy)
    erase_now(world, life)
    _nothing_opens(world, f"sqlite+pysqlite:///{other}", life)


def test_nor_does_a_dump_of_postgresql(postgresql_world: World, cluster: Cluster) -> None:
    world = postgresql_world
    life = live(world)
    dumped = subprocess.run(
        ["pg_dump", _as_superuser(str(world.settings.database_url))],
        check=True,
        capture_output=True,
    ).stdout
    erase_now(world, life)
    urls = cluster.empty()
    restored = _as_superuser(urls.superuser)
    subprocess.run(["psql", "-q", restored], input=dumped, check=True, capture_output=True)
    for words in SAYINGS:
        assert len(words) <= 2 or words.encode() not in dumped
    _nothing_opens(world, urls.app, life)
    cluster.drop(urls)


def _as_superuser(url: str) -> str:
    whole = make_url(url).set(drivername="postgresql", username=SUPERUSER)
    return whole.render_as_string()


def _nothing_opens(world: World, url: str, life: Life) -> None:
    restored = Database(url, open_vault(world.settings))
    assert opened(restored, life.patient_id) == {}
    with restored.read("demo") as session:
        patient = patient_of(session, "demo", life.patient_id)
        assert (patient.erased_ms, patient.is_erased, patient.name) == (None, True, ERASED)
        (item,) = session.scalars(select(CareItem).where(CareItem.patient_id == life.patient_id))
        for key in world.identity.keys.values():
            with pytest.raises(VaultError):
                read(item, key)
        (log,) = session.scalars(select(SessionLog).where(SessionLog.patient_id == life.patient_id))
        assert not preview(log, world.identity.keys["vault-00"]).opens
    # The worker sees it, and ends what an old backup brought back.
    worker = worker_of(world, restored)
    world.clock.now_ms += 120_000
    worker.round()
    with restored.read("demo") as session:
        assert patient_of(session, "demo", life.patient_id).erased_ms == world.clock.now_ms
        assert newest_heartbeat(session, "demo") == world.clock.now_ms
    restored.close()


@pytest.mark.parametrize("which", [".", "data", "transit"])
def test_a_folder_of_keys_from_before_is_destroyed_anew(
    world: World, life: Life, tmp_path: Path, which: str
) -> None:
    folder = world.settings.vault_folder
    shutil.copytree(folder, tmp_path / "copy")
    before = opened(world.database, life.patient_id)
    erase_now(world, life)
    shutil.rmtree(folder / which)
    shutil.copytree(tmp_path / "copy" / which, folder / which)
    back = opened(world.database, life.patient_id)
    assert back
    assert (back == before) == (which == ".")
    world.clock.now_ms += 120_000
    worker_of(world).round()
    assert opened(world.database, life.patient_id) == {}


def test_the_other_patients_are_as_they_were(world: World, tmp_path: Path) -> None:
    first, second = _two(world)
    before = opened(world.database, second.patient_id)
    erase_now(world, first)
    assert opened(world.database, second.patient_id) == before


def _two(world: World) -> tuple[Life, Life]:
    first = live(world)
    with world.database.write("demo") as session:
        device_of(session, "demo", first.patient_id).patient_id = None
    return first, live(world, name="Otto Zweiter")


def test_the_record_and_the_audit_log_stay_whole(world: World, life: Life) -> None:
    with world.database.read("demo") as session:
        before = [each.charged_pulses for each in session.scalars(select(DeliveredSession))]
    assert sum(before) == 90
    erase_now(world, life)
    erase_now(world, life)
    with world.database.read("demo") as session:
        assert [each.charged_pulses for each in session.scalars(select(DeliveredSession))] == before
        assert first_broken(session, "demo") is None
        said = [e for e in newest(session, "demo") if e.action in (BEGUN, DONE)]
        assert [each.action for each in said] == [DONE, BEGUN]
        assert {each.subject for each in said} == {f"patient/{life.name}"}


def test_who_began_an_erasure_is_known_though_it_was_killed(
    world: World, life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_vault: Vault, clinic_id: str, patient_id: bytes) -> None:
        world_keys = open_vault(world.settings)
        world_keys.keys.destroy(Owner(clinic_id, patient_id, Purpose.TRANSIT))
        raise KeyboardInterrupt

    monkeypatch.setattr(Vault, "erase", killed)
    with pytest.raises(KeyboardInterrupt):
        erase(world.database, "demo", life.patient_id, actor="staff/07", now_ms=1, route="/x")
    monkeypatch.undo()
    world.clock.now_ms += 120_000
    worker_of(world).round()
    with world.database.read("demo") as session:
        said = [e for e in newest(session, "demo") if e.action in (BEGUN, DONE)]
        assert [(e.action, e.actor) for e in said] == [(DONE, BY_KEYS), (BEGUN, "staff/07")]
        assert said[1].route == "/x"
    assert opened(world.database, life.patient_id) == {}


def test_what_came_in_while_somebody_was_erased_ends_too(world: World, life: Life) -> None:
    erase_now(world, life)
    with world.database.write("demo") as session:
        about = About("demo", life.patient_id)
        raise_alert(session, about, Cause("late", "now", "Late"), "Late.", now_ms=1)
        for phone in session.scalars(select(EnrolledPhone)):
            phone.revoked_ms = None
    world.clock.now_ms += 120_000
    worker_of(world).round()
    with world.database.read("demo") as session:
        assert [a for a in open_alerts(session, "demo") if a.patient_id == life.patient_id] == []
        assert all(each.revoked_ms for each in session.scalars(select(EnrolledPhone)))


def test_a_phone_that_is_enrolled_meanwhile_ends_too(postgresql_world: World) -> None:
    world = postgresql_world
    patient, text = world.enrol()
    erased, code = threading.Event(), read_code(text)
    assert code is not None
    derived = derive(code, BIRTH_DATE)

    def erase_it() -> None:
        erase(world.database, "demo", patient.patient_id, actor="x", now_ms=1)
        erased.set()

    thread = threading.Thread(target=erase_it)
    with world.database.write("demo") as session:
        found = open_code(session, code, derived, now_ms=world.clock.now_ms)
        enrol(session, found, *_applies(world, text, derived), now_ms=world.clock.now_ms)
        thread.start()
        # Only this shows that it waits: the enrolment isn't committed yet.
        assert not erased.wait(0.5)
    thread.join(30)
    assert erased.is_set()
    with world.database.read("demo") as session:
        assert [each.revoked_ms for each in session.scalars(select(EnrolledPhone))] == [1]


def test_nobody_who_is_being_erased_is_enrolled(postgresql_world: World) -> None:
    world = postgresql_world
    patient, text = world.enrol()
    code = read_code(text)
    assert code is not None
    derived = derive(code, BIRTH_DATE)
    said: list[str] = []

    def enrol_it() -> None:
        try:
            with world.database.write("demo") as session:
                found = open_code(session, code, derived, now_ms=world.clock.now_ms)
                enrol(session, found, *_applies(world, text, derived), now_ms=1)
        except Refused as problem:
            said.append(problem.code)

    thread = threading.Thread(target=enrol_it)
    with world.database.write("demo") as session:
        go_through(session, "demo", patient.patient_id, actor="x", now_ms=1)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(30)
    assert said == ["code_unknown"]
    with world.database.read("demo") as session:
        assert session.scalars(select(EnrolledPhone)).all() == []


def _applies(world: World, text: str, derived: Derived) -> tuple[Application, Derived, SoftwareKey]:
    keys = [SoftwareKey.generate().public_key.data for _ in range(2)]
    return Application(text, BIRTH_DATE, *keys), derived, world.identity.keys["enrolment"]


def test_phone_and_codes_end(world: World, life: Life) -> None:
    with world.database.write("demo") as session:
        new_code(session, "demo", life.patient_id, now_ms=world.clock.now_ms)
    erase_now(world, life)
    refused = (life.phone.get("/v1/sync?cursor=0"), life.phone.post("/v1/items", {"items": []}))
    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (401, "phone_revoked")
    with world.database.write("demo") as session:
        own = EnrolmentCode.patient_id == life.patient_id
        assert session.scalars(select(EnrolmentCode).where(own)).all() == []
        with pytest.raises(VaultError):
            new_code(session, "demo", life.patient_id, now_ms=world.clock.now_ms)
        with pytest.raises(VaultError):
            send_message(session, "demo", life.patient_id, "Hello", author="A", actor="x", now_ms=1)


def test_every_page_of_the_patient_says_so(world: World, life: Life) -> None:
    other = _other(world)
    erase_now(world, life)
    pages, base = pages_of(world), f"/patients/{life.name}"
    for path in (base, f"{base}/live", f"{base}/session-logs", f"{base}/teams"):
        answer = pages.get(path)
        assert answer.status_code == 200, path
        assert ERASED in answer.text or path.endswith("/live"), path
        for words in SAYINGS:
            assert len(words) <= 2 or words not in answer.text, path
    for path in (f"{base}/hold", f"{base}/prescribe"):
        answer = pages.get(path)
        assert answer.status_code == 410, path
        assert "This patient was erased." in answer.text
    listed = pages.get("/").text
    assert other in listed
    assert life.name not in listed
    for path in ("/patients/live", "/clinic", "/clinic/alerts", "/teams", "/leave"):
        assert pages.get(path).status_code == 200, path


def _other(world: World) -> str:
    with world.database.write("demo") as session:
        session.scalars(select(Device)).one().patient_id = None
    return world.enrol("Otto Zweiter")[0].patient_id.hex()


def test_the_worker_goes_on_and_tells_nothing_more(world: World, life: Life) -> None:
    check_in(world, life.phone, "late", (3,) * 9)
    with world.database.write("demo") as session:
        device = device_of(session, "demo", life.patient_id)
        ask(session, device, life.patient_id, "clinician", somebody(session), now_ms=1)
    erase_now(world, life)
    world.clock.now_ms += 40 * 86_400_000
    worker_of(world).round()
    with world.database.read("demo") as session:
        assert [a for a in open_alerts(session, "demo") if a.patient_id == life.patient_id] == []
        assert newest_heartbeat(session, "demo") == world.clock.now_ms
        late = session.get_one(Checkin, ("demo", life.patient_id, "late"))
        assert late.refusal == "KeyDestroyed"
        assert session.scalars(select(Hold)).one().signed_ms is None
        assert facts_of(session, "demo", life.patient_id) == []


def test_the_administrator_erases_by_id_and_a_step_up(world: World, life: Life) -> None:
    pages = pages_of(world, Role.ADMINISTRATOR)
    form = {"patient": life.name, "again": life.name, "form_token": _token(pages)}
    assert pages.post("/erasures", data=form).status_code == 403
    cookie = str(pages.cookies["circlet"])
    who = Visitor("administrator", cookie, form["form_token"])
    answered(world, who, "erase-patient", "/erasures", {**form, "again": "00"})
    assert pages.post("/erasures", data={**form, "again": "00"}).status_code == 422
    answered(world, who, "erase-patient", "/erasures", form)
    assert pages.post("/erasures", data=form).status_code == 303
    assert life.name in pages.get("/erasures").text
    assert opened(world.database, life.patient_id) == {}


def _token(pages: TestClient) -> str:
    return pages.get("/erasures").text.partition('name="form_token" value="')[2].partition('"')[0]


def test_the_operator_erases_by_command(
    world: World, life: Life, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--data", str(world.settings.data), "--identity", str(world.settings.identity)]
    with pytest.raises(SystemExit, match="differ"):
        main(["erase-patient", "--patient", life.name, "--again", "00", *at])
    assert opened(world.database, life.patient_id)
    main(["erase-patient", "--patient", life.name, "--again", life.name, *at])
    assert f"erased {life.name}" in capsys.readouterr().out
    assert opened(world.database, life.patient_id) == {}


def test_keys_rotate_by_command_and_all_opens_after(
    world: World, life: Life, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = world.settings.vault_folder
    keys = {path.name: path.read_bytes() for path in folder.rglob("*.key")}
    before = opened(world.database, life.patient_id)
    copied = shutil.copytree(folder, folder.parent / "copy")
    at = ["--data", str(world.settings.data), "--identity", str(world.settings.identity)]
    main(["rotate-keys", *at])
    assert "transit: 1 keys wrapped anew" in capsys.readouterr().out
    assert not keys.keys() & {path.name for path in folder.rglob("*.key")}
    assert opened(world.database, life.patient_id) == before
    fresh = Database(world.settings.url, open_vault(world.settings))
    assert opened(fresh, life.patient_id) == before
    fresh.close()
    assert {path.name for path in Path(copied).rglob("*.key")} == keys.keys()
    assert isinstance(world.clock, HandClock)
