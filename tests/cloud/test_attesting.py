"""A band asks for time that it lost: the clinic shows why, and a prescriber's word is over its own
record and nonce."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.alerts.service import open_alerts
from cloud.attesting.models import TimeAsked
from cloud.dashboard.app import create_app
from cloud.ingest.bodies import decode_bytes
from shared.dose.ledger import LedgerState
from shared.trust import sign1
from shared.trust.staff_words import AttestTime, SignedWord
from shared.trust.statements import HoldKind, HoldSource, Scope
from shared.wire import fields, records
from shared.wire.items import RelayedWord, TimeRequest, time_request_id
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import send, treating
from tests.cloud.test_lifting import certified, statements
from tests.cloud.test_pages import sign_in
from tests.cloud.worlds import Band, World

HOUR_MS = 3_600_000
NONCE = b"n" * 16
ASKS = "The band asks for time that it lost"


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


class Asking:
    """A patient whose band lost ten hours behind its last session, and asks for them."""

    def __init__(self, world: World, pages: TestClient, phone: Phone) -> None:
        self.world, self.pages, self.phone = world, pages, phone
        self.band = treating(world, phone)
        self.band.session()
        self.lost_behind = self.band.state
        self.pass_over(10 * HOUR_MS)
        send(phone, self.band)
        self.patient = phone.bytes_of("patient_id").hex()
        self.path = f"/patients/{self.patient}/time"
        self.token = sign_in(world, pages)

    def pass_over(self, lost_ms: int) -> None:
        """Lie without power and clock for so long, and start anew."""
        lose(self.band, lost_ms)
        self.world.clock.now_ms = self.band.clock_ms or 0

    def ask(self, nonce: bytes = NONCE, **changes: Any) -> str:
        """Send the band's request; return the answer."""
        device_id = self.band.device_id
        request = replace(TimeRequest(device_id, nonce, self.world.clock.now_ms), **changes)
        name = time_request_id(request.device_id, nonce)
        item = {"id": name, "kind": "time_request", "body": fields.pack(request)}
        (answer,) = self.phone.items([item])
        return str(answer["answer"])

    def page(self) -> str:
        """What the page says."""
        return self.pages.get(self.path).text

    def draft(self, **form: str) -> str:
        """What is said to a prescriber who goes to the desk."""
        usual = {"patient_id": self.patient, "nonce": NONCE.hex(), "form_token": self.token}
        return self.pages.post(self.path, data=usual | form).text

    def sign(self, scope: Scope = Scope.PRESCRIBE) -> int:
        """Sign what the page hands over; return the page's answer."""
        passkey = certified(self.world, scope)
        answer = passkey.answer(statements(self.draft()), kind=AttestTime.TYPE)
        form = {"answer": answer, "form_token": self.token}
        return self.pages.post("/desk-return", data=form).status_code

    def fetched(self) -> SignedWord:
        """The word that waits for the phone."""
        found = self.phone.get("/v1/sync?cursor=0").json()["items"]
        (body,) = (decode_bytes(each["body"]) for each in found if each["kind"] == "staff_word")
        return fields.unpack(RelayedWord, body).word

    def alerts(self) -> list[str]:
        """The titles of what stands on the list."""
        with self.world.database.read("demo") as session:
            return [each.title for each in open_alerts(session, "demo") if each.patient_id]


@pytest.fixture
def asking(world: World, pages: TestClient, phone: Phone) -> Asking:
    return Asking(world, pages, phone)


def lose(band: Band, lost_ms: int) -> None:
    """Write what a band writes that lay without power and clock, and was told the time again."""
    state, clock_ms = band.state, band.clock_ms or 0
    boots, proven_ms = state.boot_count + 1, state.proven_ms
    boot = records.BootBody(0, False, proven_ms, "1.0.0")
    number = state.number + 1
    band.take(records.Record(number, boot.TYPE, boots, 0, None, boot))
    lost = records.ClockLostBody(0)
    band.take(records.Record(number + 1, lost.TYPE, boots, 0, None, lost))
    band.clock_ms = clock_ms + lost_ms + 1000
    band.idle_ms = -1000 * band.state.number
    band.write(records.ClockSetBody(band.clock_ms, bytes(32)))


def test_the_clinic_shows_that_a_band_asks_and_why(asking: Asking) -> None:
    assert "asks for nothing" in asking.page()
    assert asking.ask() == "accepted"
    other = asking.ask(asked_ms=asking.world.clock.now_ms - 1)
    assert other == "refused", "the same id, other bytes"
    asking.world.clock.now_ms += HOUR_MS
    page = asking.page()
    for words in (
        "The band asked 1 h 0 min ago",
        "10 h 0 min passed that it can&#39;t prove",
        f"at least 11 h 0 min since record {asking.lost_behind.number}",
        "There&#39;s no undo",
    ):
        assert words.replace("&#39;", "'") in page.replace("&#39;", "'"), words
    assert asking.alerts() == [ASKS]
    assert asking.path in asking.pages.get(f"/patients/{asking.patient}").text


def test_a_prescriber_signs_over_the_bands_own_record_and_nonce(asking: Asking) -> None:
    asking.ask()
    behind, state = asking.lost_behind, asking.band.state
    assert asking.sign() == 303
    signed = asking.fetched()
    word = fields.unpack(AttestTime, signed.statement)
    assert (word.device_id, word.nonce) == (asking.band.device_id, NONCE)
    assert (word.head_number, word.head_hash) == (behind.number, behind.hash)
    assert word.boot_count == state.boot_count
    assert 10 * HOUR_MS - 60_000 <= word.elapsed_ms <= 10 * HOUR_MS + 60_000
    assert "Signed" in asking.page()
    assert "takes no such word now" in asking.draft(), "one word for one nonce"
    taken(asking, signed)
    way = asking.pages.get(f"/patients/{asking.patient}/way").text
    assert f"record {asking.band.state.number} of the band" in way
    assert asking.alerts() == []
    assert "asks for nothing" in asking.page()


def taken(asking: Asking, signed: SignedWord) -> None:
    """Let the band take the word, and its record come."""
    last = asking.band.state.number
    name = sign1.name_of(signed.statement)
    asking.band.write(records.TimeAttestedBody(name, 10 * HOUR_MS))
    send(asking.phone, asking.band, last + 1)


def test_a_nurse_who_may_only_lift_attests_nothing(asking: Asking) -> None:
    asking.ask()
    assert asking.sign(Scope.LIFT_HOLD) == 409
    assert "Go to the signing desk" in asking.page()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"patient_id": "00" * 16}, "another patient"),
        ({"nonce": "00" * 16}, "asked anew"),
        ({"nonce": "x"}, "asked anew"),
    ],
)
def test_a_form_of_another_patient_or_another_request_is_refused(
    asking: Asking, form: dict[str, str], words: str
) -> None:
    asking.ask()
    page = asking.draft(**form)
    assert words in page
    assert "#request=" not in page


def test_after_72_hours_nothing_is_signed_and_the_page_says_what_happens(asking: Asking) -> None:
    asking.ask()
    asking.world.clock.now_ms += 72 * HOUR_MS
    asking.token = sign_in(asking.world, asking.pages)
    page = asking.page()
    assert "The request expired" in page
    assert "the phone asks anew" in page
    assert "takes no such word now" in asking.draft()
    assert asking.ask(b"m" * 16) == "accepted"
    assert "Go to the signing desk" in asking.page()


def test_a_session_makes_the_request_void(asking: Asking) -> None:
    asking.ask()
    last = asking.band.state.number
    asking.band.pass_time(HOUR_MS)
    asking.band.session()
    send(asking.phone, asking.band, last + 1)
    assert "asks for nothing" in asking.page()
    assert ASKS not in asking.alerts()


def test_time_that_was_lost_before_a_session_or_a_hold_is_never_offered(asking: Asking) -> None:
    last = asking.band.state.number
    placed = (b"h" * 16, HoldKind.REST, HoldSource.APP, "rest", 0)
    asking.band.write(records.HoldPlacedBody(*placed))
    send(asking.phone, asking.band, last + 1)
    asking.ask()
    assert "no lost time that could be attested" in asking.page()
    assert "takes no such word now" in asking.draft()


def test_a_restart_asks_for_another_signature(asking: Asking) -> None:
    asking.ask()
    assert asking.sign() == 303
    last = asking.band.state.number
    asking.pass_over(HOUR_MS)
    send(asking.phone, asking.band, last + 1)
    asking.token = sign_in(asking.world, asking.pages)
    page = asking.page()
    assert "The band restarted since you signed" in page
    assert "11 h 0 min passed" in page
    assert "#request=" in asking.draft()


def test_a_request_for_another_band_or_by_another_name_is_refused(asking: Asking) -> None:
    assert asking.ask(device_id=bytes(16)) == "refused"
    request = TimeRequest(asking.band.device_id, NONCE, 1)
    for name, body in (
        (time_request_id(asking.band.device_id, b"m" * 16), fields.pack(request)),
        (time_request_id(asking.band.device_id, NONCE), b"\xff"),
    ):
        item = {"id": name, "kind": "time_request", "body": body}
        assert asking.phone.items([item])[0]["answer"] == "refused"
    with asking.world.database.read("demo") as session:
        assert session.scalars(select(TimeAsked)).all() == []
    assert asking.alerts() == []


def test_the_head_is_the_bands_state_behind_its_last_session(asking: Asking) -> None:
    state = asking.lost_behind
    assert isinstance(state, LedgerState)
    assert state.session is None
