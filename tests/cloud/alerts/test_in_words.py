"""An alert has no bare code for its reader, whenever it was written, in both languages."""

import pytest
from starlette.testclient import TestClient

from cloud.alerts.fault_words import FAULTS
from cloud.alerts.in_words import detail_in_words
from cloud.alerts.service import About, Cause, open_alerts, raise_alert
from cloud.alerts.told_words import sign_words
from cloud.care.ready import in_full
from cloud.dashboard.app import create_app
from cloud.language import conversation
from shared.care.bodies import MessageOut
from shared.wire import records
from tests.cloud.alerts.telling import tell, titles
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import send, treating
from tests.cloud.test_care import publish
from tests.cloud.test_pages import sign_in
from tests.cloud.workers import worker_of
from tests.cloud.worlds import World

UNHEARD = 'something that only its code names: "moon_phase"'


@pytest.mark.parametrize(
    ("kept", "english", "german"),
    [
        (
            "Reason on the record: motion.",
            "Reason on the record: The head moved strongly during a session.",
            "Grund laut Aufzeichnung: Der Kopf hat sich in einer Sitzung stark bewegt.",
        ),
        (
            "Reason on the record: The head moved strongly during a session.",
            "Reason on the record: The head moved strongly during a session.",
            "Grund laut Aufzeichnung: Der Kopf hat sich in einer Sitzung stark bewegt.",
        ),
        (
            "Reason on the record: moon.phase. Not acknowledged before: The band reports a fault.",
            'Reason on the record: A reason that only its code names: "moon.phase".'
            " Not acknowledged before: The band reports a fault.",
            "Grund laut Aufzeichnung: Ein Grund, den nur sein Code nennt: „moon.phase“."
            " Zuvor nicht quittiert: Das Kopfband meldet einen Fehler.",
        ),
        (
            "It locked itself: stray_pulse.",
            "It locked itself: a pulse was counted when none may be given"
            " (fault code stray_pulse).",
            "Es hat sich selbst gesperrt: Ein Impuls wurde gezählt, als keiner abgegeben werden"
            " durfte (Fehlercode stray_pulse).",
        ),
        (
            "It locked itself: moon_phase.",
            f"It locked itself: {UNHEARD}.",
            "Es hat sich selbst gesperrt: etwas, das nur sein Code nennt: „moon_phase“.",
        ),
    ],
)
def test_a_code_that_was_kept_is_said_in_words(kept: str, english: str, german: str) -> None:
    with conversation("en"):
        assert detail_in_words(kept) == english
    with conversation("de"):
        assert detail_in_words(kept) == german


@pytest.mark.parametrize("code", FAULTS)
def test_each_fault_that_a_record_can_have_has_words_in_both_languages(code: str) -> None:
    said = set()
    for language in ("en", "de"):
        with conversation(language):
            said.add(detail_in_words(f"It locked itself: {code}."))
    assert len(said) == 2
    assert all(each.endswith(f" {code}).") for each in said)


@pytest.mark.parametrize(
    ("language", "reason", "fault"),
    [
        ("en", "Reason on the record: An answer to the safety questions.", "It locked itself: a"),
        (
            "de",
            "Grund laut Aufzeichnung: Eine Antwort auf die Sicherheitsfragen.",
            "Es hat sich selbst gesperrt: Ein Impuls",
        ),
    ],
)
def test_pages_say_an_alert_that_keeps_a_code_in_the_readers_language(
    world: World, phone: Phone, language: str, reason: str, fault: str
) -> None:
    band = treating(world, phone)
    band.write(records.FaultBody("stray_pulse"))
    send(phone, band)
    about = About("demo", band.patient_id)
    with world.database.write("demo") as session:
        cause, detail = Cause("hold/00", "now", "The band holds treatment"), "screening:"
        text = f"Reason on the record: {detail}."
        raise_alert(session, about, cause, text, now_ms=world.clock.now_ms)
    patient = f"/patients/{band.patient_id.hex()}"
    with TestClient(create_app(world.settings, world.clock)) as pages:
        sign_in(world, pages)
        pages.headers["Accept-Language"] = language
        for path in ("/", "/alerts", patient, f"{patient}/see-to"):
            page = pages.get(path).text
            assert reason in page, path
            assert fault in page, path
            assert "screening:" not in page


def test_a_ready_answer_reaches_the_clinic_with_its_words(world: World, phone: Phone) -> None:
    publish(world)
    tell(world, phone, MessageOut("Until Monday.", sentence_id="thanks"))
    tell(world, phone, MessageOut("", sentence_id="no-more"))
    worker_of(world).round()
    assert titles(world) == [("today", "A message from the patient")] * 2
    with world.database.read("demo") as session:
        details = {each.detail for each in open_alerts(session, "demo")}
    unknown = 'A ready answer that only its name tells: "no-more".'
    assert details == {"Thank you.\nUntil Monday.", unknown}
    with conversation("de"):
        assert (
            detail_in_words(unknown) == "Eine fertige Antwort, die nur ihr Name nennt: „no-more“."
        )


def test_own_words_stay_as_they_are() -> None:
    message = MessageOut("It itches.")
    assert in_full(message, None) == message


def test_a_sign_that_no_list_names_is_said_to_be_one() -> None:
    assert sign_words("seizure") == "seizure"
    assert sign_words("moon_phase") == UNHEARD
