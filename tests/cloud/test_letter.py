"""The enrolment letter: a link that the app takes, and a card with the clinic's own numbers."""

from __future__ import annotations

from cloud.patients.letter import Letter, letter
from cloud.times import Times
from mobile.platform.links import LetterLink, letter_link
from mobile.presenters.letter_code import read_letter_code
from tests.cloud.test_care import publish
from tests.cloud.worlds import World

HOST = "phones.clinic.example:8443"


def written(world: World) -> Letter:
    patient, code = world.enrol()
    with world.database.read("demo") as session:
        return letter(
            session,
            "demo",
            patient.patient_id,
            code,
            phones_host=HOST,
            times=Times("Europe/Berlin"),
            now_ms=world.clock.now_ms,
        )


def test_the_app_takes_the_letters_link_and_its_code(world: World) -> None:
    shown = written(world)
    assert letter_link(shown.link) == LetterLink(HOST, shown.code)
    assert read_letter_code(shown.code).code == shown.code
    assert shown.qr.startswith("<svg")
    assert shown.valid_until == "Mon 16 Mar 2026"


def test_without_a_clinic_card_the_letter_leaves_the_numbers_open(world: World) -> None:
    shown = written(world)
    assert (shown.day_number, shown.on_call_number, shown.emergency_number) == (None, None, None)
    assert shown.clinic_name == "Sample Clinic"


def test_the_newest_cards_numbers_stand_on_the_letter(world: World) -> None:
    publish(world, on_call_number="")
    shown = written(world)
    assert (shown.day_number, shown.emergency_number) == ("+49 30 23125 010", "112")
    assert shown.on_call_number is None
    assert shown.clinic_name == "Demo clinic"
