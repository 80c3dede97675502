"""After a full day of real processes their logs are searched: no name, answer, word, code or key.

Also what mails say, which leave the house.
"""

import asyncio
import re
from collections.abc import Iterator

import httpx2
import pytest

from cloud.channels import service as channels
from cloud.ingest.bodies import encode_bytes
from cloud.oncall import drills, service
from cloud.oncall.rota import Turn
from cloud.people.authority import Role
from cloud.people.service import add_member
from shared.care.bodies import MessageOut, RedFlag
from shared.instruments.forms import phq9
from shared.trust.sealing import seal
from shared.wire import fields
from shared.wire.items import CheckinBody, checkin_context, session_log_context
from tests.cloud.alerts.telling import tell
from tests.cloud.authority.people import Visitor, signed_in
from tests.cloud.channels.servers import Mailbox, mail_server
from tests.cloud.oncall.fleet import alerts_in, set_clock
from tests.cloud.operations.processes import Process
from tests.cloud.phone import Phone
from tests.cloud.worlds import BIRTH_DATE, Band, World
from tests.journey.polling import until

NAME, STAFF = "Zephyrina Quillfeather", "Ignatius Underwood"
WORDS, SIGN = "the staircase in the old mill", "fell at the pond"
SCORE_ANSWERS = (3, 3, 3, 3, 3, 3, 3, 3, 3)
HEX_KEY = re.compile(r"[0-9a-f]{64,}")


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as made:
        yield made


@pytest.fixture
def processes(world: World, mailbox: Mailbox) -> Iterator[dict[str, Process]]:
    set_clock(world)
    mail = {
        "CIRCLET_CLOUD_SMTP_HOST": "127.0.0.1",
        "CIRCLET_CLOUD_SMTP_PORT": str(mailbox.port),
        "CIRCLET_CLOUD_SMTP_SECURITY": "none",
    }
    made = {name: Process(world, name, **mail) for name in ("ingest", "dashboard", "worker")}
    yield made
    for process in made.values():
        process.end()


def rings(world: World) -> Visitor:
    """Let the clinic ring somebody, and return who treats there, signed in."""
    now_ms = set_clock(world)
    with world.database.write("demo") as session:
        member = add_member(session, "demo", STAFF, Role.PRESCRIBER, now_ms=now_ms)
        channel = channels.add_channel(
            session, "demo", member.staff_id, "mail", "oncall@clinic.example", now_ms=now_ms
        )
        service.add_turn(session, "demo", Turn(1, member.staff_id, 0, 0))
        drill = drills.start(session, channel, now_ms=now_ms)
        drills.answer(session, "demo", drill.drill_id, staff_id=member.staff_id, now_ms=now_ms)
        service.let_ring(session, "demo", now_ms=now_ms)
    return signed_in(world, member)


def a_day(world: World, processes: dict[str, Process], mailbox: Mailbox) -> list[str]:
    """Let everything happen, good and bad; return the secrets and words that were in it."""
    who = rings(world)
    patient, code = world.enrol(NAME)
    own = patient.patient_id.hex()
    with httpx2.Client(base_url=processes["ingest"].url, timeout=20) as client:
        phone = Phone(world, client)
        wrong_code = code[:-1] + ("A" if code[-1] != "A" else "B")
        assert phone.enrol(wrong_code).status_code == 409
        assert phone.enrol(code).status_code == 200
        client.post("/v1/items", content=f'{{"note": "{WORDS}"}}')
        client.get(f"/v1/sync?cursor={NAME}")
        tell(world, phone, MessageOut(WORDS))
        tell(world, phone, RedFlag(SIGN))
        _check_in(world, phone)
        _session(world, phone)
        broken = {"id": "care/1/" + "0" * 32, "kind": "care", "body": WORDS.encode()}
        phone.items([broken])
        for path in ("/v1/looks", "/v1/received", "/v1/sync"):
            assert phone.get(path).status_code == 200
    with httpx2.Client(base_url=processes["dashboard"].url, timeout=20) as pages:
        pages.cookies.set("circlet", who.cookie)
        page = f"/patients/{own}"
        for path in ("/", page, f"{page}/session-logs", f"/{NAME}", "/audit"):
            pages.get(path)
        form = {"form_token": who.form_token, "name": NAME, "birth_date": str(BIRTH_DATE)}
        pages.post("/patients", data=form)
        pages.post(f"{page}/holds", data={**form, "patient_id": own, "reason": "clinician"})
        pages.post("/passkeys/sign-in", json={"answer": WORDS})
        pages.get(f"/invitations/demo.{WORDS}")
    with mailbox.arrived:
        assert mailbox.arrived.wait_for(lambda: alerts_in(mailbox.came), 60)
    _wait_for_rounds(processes["worker"])
    keys = [each for name in ("app_key", "request_key") for each in _spelt(phone, name)]
    return [code, wrong_code, who.cookie, who.form_token, *keys]


def _check_in(world: World, phone: Phone) -> None:
    patient_id = phone.bytes_of("patient_id")
    now_ms = world.clock.now_ms
    body = CheckinBody("phq-9", phq9().version, patient_id, now_ms, SCORE_ANSWERS, "en", 0)
    to = world.identity.keys["care"].public_key
    sealed = seal(fields.pack(body), to=to, context=checkin_context(patient_id))
    assert phone.items([{"id": "checkin/01", "kind": "checkin", "body": sealed}])


def _session(world: World, phone: Phone) -> None:
    band = Band(world.identity, phone.bytes_of("patient_id"))
    band.session()
    band.data[3] = band.data[3][:-1] + bytes([band.data[3][-1] ^ 1])
    phone.items([*band.record_items(), band.head_item()])
    patient_id = phone.bytes_of("patient_id")
    to = world.identity.keys["vault-00"].public_key
    log = seal(WORDS.encode(), to=to, context=session_log_context(patient_id))
    phone.items([{"id": "session_log/" + "1" * 32, "kind": "session_log", "body": log}])


def _spelt(phone: Phone, name: str) -> tuple[str, str]:
    data = getattr(phone, name).public_key.data
    return data.hex(), encode_bytes(data)


def _wait_for_rounds(worker: Process) -> None:
    async def look() -> str:
        return worker.log.read_text()

    asyncio.run(until(look, lambda log: "task done" in log))


def test_no_log_holds_what_a_person_is_or_said(
    world: World, processes: dict[str, Process], mailbox: Mailbox
) -> None:
    found_secrets = a_day(world, processes, mailbox)
    logs = {name: process.log.read_text() for name, process in processes.items()}
    assert logs["ingest"], "pages that work log nothing, and these log every batch and task"
    assert logs["worker"]
    pem = [
        line
        for path in (world.identity.folder / "keys").glob("*.key")
        for line in path.read_text().splitlines()[1:2]
    ]
    wrapped = [
        path.read_bytes().hex()
        for path in world.settings.vault_folder.rglob("*")
        if path.is_file() and path.stat().st_size
    ]
    assert wrapped
    never = [
        *NAME.split(), *STAFF.split(), str(BIRTH_DATE), BIRTH_DATE.strftime("%d.%m.%Y"),
        *WORDS.split(" in "), SIGN, "oncall@clinic.example", "phq", "score", "answers",
        "PRIVATE KEY", *found_secrets, *pem, *wrapped,
    ]  # fmt: skip
    for name, log in logs.items():
        assert [word for word in never if word.lower() in log.lower()] == [], name
        assert HEX_KEY.search(log) is None, name
        assert "Traceback" not in log, name
    lines = {name: len(log.splitlines()) for name, log in logs.items()}
    mails = "\n".join(mail.as_string() for mail in mailbox.came)
    assert [word for word in (*NAME.split(), WORDS, SIGN, "phq") if word in mails] == []
    print(f"\nlogs searched: {lines} lines for {len(never)} words; {len(mailbox.came)} mails")
