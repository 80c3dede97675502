"""`circlet-cloud`'s commands of patients' keys: rotate them, erase a patient."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from cloud.audit.console import CONSOLE, note
from cloud.clinics.choosing import chosen
from cloud.clock import open_clock
from cloud.db import Database
from cloud.errors import Refused
from cloud.patients.erasing import erase
from cloud.settings import Settings
from cloud.vault.opening import command_vault
from cloud.vault.owners import PATIENT_ID_BYTES, Purpose

Run = Callable[[Settings, argparse.Namespace], None]
Adder = Callable[[str, str, Run], argparse.ArgumentParser]


def add_to(add: Adder) -> None:
    """Add the commands; ``add`` makes one from its name, its help and what it runs."""
    command = add("rotate-keys", "wrap all patients' keys under fresh keys of the clinic", _rotate)
    command.add_argument("--clinic", help="the clinic's id, where there is more than one")
    command = add("erase-patient", "destroy a patient's keys, for good", _erase)
    command.add_argument("--patient", required=True, metavar="HEX", help="the patient's id")
    command.add_argument("--again", required=True, metavar="HEX", help="the id once more")
    command.add_argument("--clinic", help="the clinic's id, where there is more than one")


def _rotate(settings: Settings, options: argparse.Namespace) -> None:
    vault = command_vault(settings)
    now_ms = open_clock(settings.clock).wall_ms()
    database = Database(settings.url, vault)
    clinic_id = chosen(database, options.clinic)
    for purpose in Purpose:
        count = vault.keys.rotate(clinic_id, purpose)
        with database.write(clinic_id) as session:
            subject = f"keys/{purpose}"
            note(session, clinic_id, options.command, "rotated keys", subject, now_ms=now_ms)
        print(f"{purpose}: {count} keys wrapped anew")
    database.close()


def _erase(settings: Settings, options: argparse.Namespace) -> None:
    if options.patient != options.again:
        raise Refused("The two ids differ. Nothing was erased.", code="again")
    try:
        patient_id = bytes.fromhex(options.patient)
    except ValueError as problem:
        raise Refused(f"An id has {2 * PATIENT_ID_BYTES} letters of 0-9, a-f.") from problem
    now_ms = open_clock(settings.clock).wall_ms()
    database = Database(settings.url, command_vault(settings))
    clinic_id = chosen(database, options.clinic)
    route = f"circlet-cloud {options.command}"
    erase(database, clinic_id, patient_id, actor=CONSOLE, now_ms=now_ms, route=route)
    database.close()
    print(f"erased {patient_id.hex()}")
