"""`circlet-cloud`'s commands of care: publish a card, send a message, list and mark what came."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from cloud.audit.console import CONSOLE, note
from cloud.care import cards, packs, service
from cloud.care.card_file import read_card
from cloud.care.staff_words import relay
from cloud.clinics.choosing import chosen
from cloud.clinics.models import Clinic
from cloud.clinics.service import clinic_of
from cloud.clock import open_clock
from cloud.db import Database
from cloud.errors import CloudError, NotFound
from cloud.keys import KeyRing
from cloud.patients.models import Patient
from cloud.patients.service import all_patients
from cloud.phones.revoking import phones_of, revoke
from cloud.prescriptions.signing_again import AHEAD_DAYS, to_sign_again
from cloud.settings import Settings
from cloud.vault.errors import VaultError
from cloud.vault.opening import vault_if_set
from shared.trust.errors import TrustError
from shared.wire.errors import WireError

Run = Callable[[Settings, argparse.Namespace], None]
Adder = Callable[[str, str, Run], argparse.ArgumentParser]


def add_to(add: Adder) -> None:
    """Add the commands; ``add`` makes one from its name, its help and what it runs."""
    command = add("publish-card", "sign the clinic's card and send it to its phones", _publish)
    command.add_argument("--file", type=Path, required=True, help="TOML; see docs/clinic-card.md")
    _clinic(command)
    command = add("publish-text-pack", "sign an instrument's wording for the phones", _publish_pack)
    command.add_argument("--file", type=Path, required=True, help="TOML; see docs/text-packs.md")
    _clinic(command)
    command = add("send-message", "send a patient's phones a message", _send)
    command.add_argument("--author", required=True, help="who the patient reads that it is from")
    command.add_argument("--text", required=True, help="at most 2,000 characters")
    _patient(command)
    command = add("care-items", "list what a patient's phones told, opened", _list)
    _patient(command)
    command = add("phones", "list a patient's phones", _phones)
    _patient(command)
    command = add("revoke-phone", "take a lost phone out of use", _revoke)
    command.add_argument("--number", type=int, required=True, help="as phones prints it")
    _patient(command)
    command = add("sign-again", "list prescriptions that have to be signed again", _sign_again)
    command.add_argument("--days", type=int, default=AHEAD_DAYS, help="ahead (%(default)s)")
    _clinic(command)
    command = add("relay-word", "send the band what staff signed for it", _relay)
    command.add_argument("--file", type=Path, required=True, help="the signed word, CBOR")
    _patient(command)
    command = add("mark-seen", "tell a patient's phones that an item was seen", _mark)
    command.add_argument("--item", required=True, metavar="ID", help="as care-items prints it")
    command.add_argument("--by", required=True, metavar="INITIALS", help="who has seen it")
    _patient(command)


def _clinic(command: argparse.ArgumentParser) -> None:
    command.add_argument("--clinic", help="the clinic's id, where there is more than one")


def _patient(command: argparse.ArgumentParser) -> None:
    command.add_argument("--patient", required=True, metavar="NAME|HEX", help="whose phones")
    _clinic(command)


def _publish(settings: Settings, options: argparse.Namespace) -> None:
    try:
        card = read_card(options.file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise CloudError(f"{options.file}: {problem}") from problem
    keys = KeyRing.load(settings, ("enrolment",))

    def work(session: Session, clinic: Clinic, now_ms: int) -> str:
        published = cards.publish(session, clinic.clinic_id, card, keys["enrolment"], now_ms=now_ms)
        subject = f"card/{published.serial}"
        note(session, clinic.clinic_id, options.command, "card published", subject, now_ms=now_ms)
        return f"card {published.serial} of {published.clinic_name}"

    _in_clinic(settings, options, work)


def _publish_pack(settings: Settings, options: argparse.Namespace) -> None:
    try:
        pack = packs.read_pack(options.file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, CloudError) as problem:
        raise CloudError(f"{options.file}: {problem}") from problem
    keys = KeyRing.load(settings, ("enrolment",))

    def work(session: Session, clinic: Clinic, now_ms: int) -> str:
        count = packs.publish(session, clinic.clinic_id, pack, keys["enrolment"], now_ms=now_ms)
        note(
            session,
            clinic.clinic_id,
            options.command,
            "text pack published",
            f"{pack.instrument}/{pack.language}/{pack.serial}",
            now_ms=now_ms,
        )
        return (
            f"text pack {pack.serial} of {pack.instrument} in {pack.language} to {count} patients"
        )

    _in_clinic(settings, options, work)


def _send(settings: Settings, options: argparse.Namespace) -> None:
    def work(session: Session, clinic: Clinic, now_ms: int) -> str:
        patient = _patient_of(session, clinic.clinic_id, options.patient)
        message_id = service.send_message(
            session,
            clinic.clinic_id,
            patient.patient_id,
            options.text,
            author=options.author,
            actor=CONSOLE,
            now_ms=now_ms,
            route=_route(options),
        )
        return f"message {message_id.hex()}"

    _in_clinic(settings, options, work)


def _list(settings: Settings, options: argparse.Namespace) -> None:
    keys = KeyRing.load(settings, ("care",))

    def work(session: Session, clinic: Clinic, now_ms: int) -> str:
        patient = _patient_of(session, clinic.clinic_id, options.patient)
        _note_patient(session, options, "care items read", patient, now_ms=now_ms)
        lines = []
        for item in service.items_of(session, clinic.clinic_id, patient.patient_id):
            came = datetime.fromtimestamp(item.received_ms / 1000, UTC).isoformat("T", "seconds")
            seen = f"seen by {item.seen_by}" if item.seen_by else "not seen"
            try:
                told = str(service.read(item, keys["care"])[1])
            except (TrustError, VaultError, WireError) as problem:
                told = f"does not open: {problem}"
            lines.append(f"{item.item_id}  {came}  {seen}  {told}")
        return "\n".join(lines) or "nothing was told"

    _in_clinic(settings, options, work)


def _mark(settings: Settings, options: argparse.Namespace) -> None:
    def work(session: Session, clinic: Clinic, now_ms: int) -> str:
        patient = _patient_of(session, clinic.clinic_id, options.patient)
        service.mark_seen(
            session,
            clinic.clinic_id,
            patient.patient_id,
            options.item,
            by=options.by,
            actor=CONSOLE,
            now_ms=now_ms,
            route=_route(options),
        )
        return f"seen {options.item}"

    _in_clinic(settings, options, work)


def _phones(settings: Settings, options: argparse.Namespace) -> None:
    def work(session: Session, clinic: Clinic, now_ms: int) -> str:
        patient = _patient_of(session, clinic.clinic_id, options.patient)
        _note_patient(session, options, "phones listed", patient, now_ms=now_ms)
        lines = []
        for phone in phones_of(session, clinic.clinic_id, patient.patient_id):
            state = "in use" if phone.revoked_ms is None else f"revoked {_hour(phone.revoked_ms)}"
            lines.append(
                f"{phone.number}  enrolled {_hour(phone.enrolled_ms)}  "
                f"last heard {_hour(phone.seen_ms)}  {state}"
            )
        return "\n".join(lines) or "no phone"

    _in_clinic(settings, options, work)


def _sign_again(settings: Settings, options: argparse.Namespace) -> None:
    def work(session: Session, clinic: Clinic, now_ms: int) -> str:
        found = to_sign_again(session, clinic.clinic_id, now_ms=now_ms, ahead_days=options.days)
        note(
            session,
            clinic.clinic_id,
            options.command,
            "read what to sign again",
            "patients",
            now_ms=now_ms,
            patients=[each.patient_id for each in found],
        )
        lines = [
            f"{each.patient_id.hex()}  {each.why:<11}  "
            f"{_hour(each.until_s * 1000) if each.until_s else '-'}  {each.signer}"
            for each in found
        ]
        return "\n".join(lines) or "nothing has to be signed again"

    _in_clinic(settings, options, work)


def _revoke(settings: Settings, options: argparse.Namespace) -> None:
    def work(session: Session, clinic: Clinic, now_ms: int) -> str:
        patient = _patient_of(session, clinic.clinic_id, options.patient)
        phone = revoke(
            session,
            clinic.clinic_id,
            patient.patient_id,
            options.number,
            actor=CONSOLE,
            now_ms=now_ms,
            route=_route(options),
        )
        return f"phone {phone.number} is out of use"

    _in_clinic(settings, options, work)


def _relay(settings: Settings, options: argparse.Namespace) -> None:
    try:
        body = options.file.read_bytes()
    except OSError as problem:
        raise CloudError(f"{options.file}: {problem.strerror}") from problem

    def work(session: Session, clinic: Clinic, now_ms: int) -> str:
        patient = _patient_of(session, clinic.clinic_id, options.patient)
        word = relay(
            session,
            clinic,
            patient.patient_id,
            body,
            actor=CONSOLE,
            now_ms=now_ms,
            route=_route(options),
        )
        return f"{word.type} waits for the phone"

    _in_clinic(settings, options, work)


def _hour(wall_ms: int) -> str:
    return datetime.fromtimestamp(wall_ms / 1000, UTC).isoformat("T", "minutes")


def _in_clinic(
    settings: Settings, options: argparse.Namespace, work: Callable[[Session, Clinic, int], str]
) -> None:
    """Do it in one transaction and print what it returns."""
    now_ms = open_clock(settings.clock).wall_ms()
    database = Database(settings.url, vault_if_set(settings))
    clinic_id = chosen(database, options.clinic)
    with database.write(clinic_id) as session:
        said = work(session, clinic_of(session, clinic_id), now_ms)
    database.close()
    print(said)


def _note_patient(
    session: Session, options: argparse.Namespace, action: str, patient: Patient, *, now_ms: int
) -> None:
    subject = f"patient/{patient.patient_id.hex()}"
    note(session, patient.clinic_id, options.command, action, subject, now_ms=now_ms)


def _route(options: argparse.Namespace) -> str:
    return f"circlet-cloud {options.command}"


def _patient_of(session: Session, clinic_id: str, named: str) -> Patient:
    """Return the clinic's patient by id, or by a name that only one has."""
    patients = all_patients(session, clinic_id)
    found = [each for each in patients if named in (each.name, each.patient_id.hex())]
    if len(found) != 1:
        raise NotFound("There is not exactly one such patient in this clinic: name the id.")
    return found[0]
