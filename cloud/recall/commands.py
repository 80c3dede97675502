"""`circlet-cloud recall`: find bands, hold them, tell their patients, see how far each has come."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from cloud.clinics.choosing import chosen
from cloud.clock import open_clock
from cloud.db import Database
from cloud.errors import Refused
from cloud.recall.acting import COMMAND, Told, hold_all, member_named, note_look, tell_all
from cloud.recall.criteria import Criteria, Serials
from cloud.recall.finding import Found, counts, find
from cloud.recall.keeping import begin, end, keep, keep_told, recall_of
from cloud.settings import Settings
from cloud.vault.opening import vault_if_set

Run = Callable[[Settings, argparse.Namespace], None]
Adder = Callable[[str, str, Run], argparse.ArgumentParser]


def add_to(add: Adder) -> None:
    """Add the command; ``add`` makes one from its name, its help and what it runs."""
    made = add(COMMAND, "find bands, hold them, tell their patients; see docs/recall.md", _recall)
    made.add_argument("--serials", nargs=2, metavar=("FIRST", "LAST"), help="both ends included")
    made.add_argument("--firmware", metavar="VERSION", help="bands that run it, or may")
    made.add_argument("--hold-by", metavar="NAME", help="hold them all; who of the staff asks")
    made.add_argument("--tell", metavar="TEXT", help="a message to each patient, once")
    made.add_argument("--author", help="who the patients read that it is from")
    made.add_argument("--over", action="store_true", help="it's over: take it off the page")
    made.add_argument("--clinic", help="the clinic's id, where there is more than one")


def _recall(settings: Settings, options: argparse.Namespace) -> None:
    serials = Serials(*options.serials) if options.serials else None
    criteria = Criteria(serials, options.firmware)
    if options.tell and not options.author:
        raise Refused("Say by --author who the patients read that it is from.", code="author")
    database = Database(settings.url, vault_if_set(settings))
    try:
        clinic_id, now_ms = chosen(database, options.clinic), open_clock(settings.clock).wall_ms()
        # Holds are committed before anybody is told: a message that fails undoes none.
        found = _find_and_hold(database, clinic_id, criteria, options, now_ms)
        if options.tell:
            told = _tell(database, clinic_id, criteria, found, options, now_ms)
            print(f"{len(told.sent)} patients told now, {len(told.before)} before")
            for each in told.unreached:
                print(f"NOT TOLD: the patient of {each}: their key is missing; write or call")
        if options.over:
            with database.write(clinic_id) as session:
                end(session, clinic_id, criteria, now_ms=now_ms)
            print("the recall is over")
        with database.read(clinic_id) as session:
            print(said_of(find(session, clinic_id, criteria)))
    finally:
        database.close()


def _find_and_hold(
    database: Database,
    clinic_id: str,
    criteria: Criteria,
    options: argparse.Namespace,
    now_ms: int,
) -> Sequence[Found]:
    """Find the bands; looking alone begins no recall, but one that goes on keeps what is found."""
    with database.write(clinic_id) as session:
        found = find(session, clinic_id, criteria)
        note_look(session, clinic_id, criteria, found, now_ms=now_ms)
        recall = recall_of(session, clinic_id, criteria)
        if recall is None and (options.hold_by or options.tell):
            recall = begin(session, clinic_id, criteria, now_ms=now_ms)
        if recall is not None:
            keep(session, recall, found, now_ms=now_ms)
        if recall is not None and options.hold_by:
            by = member_named(session, clinic_id, options.hold_by)
            held = hold_all(session, recall, found, by, now_ms=now_ms)
            print(f"{held} holds asked for; the worker signs them at once")
    return found


def _tell(
    database: Database,
    clinic_id: str,
    criteria: Criteria,
    found: Sequence[Found],
    options: argparse.Namespace,
    now_ms: int,
) -> Told:
    with database.write(clinic_id) as session:
        told = tell_all(session, clinic_id, found, options.tell, options.author, now_ms=now_ms)
        recall = begin(session, clinic_id, criteria, now_ms=now_ms)
        keep_told(session, recall, {*told.sent, *told.before}, now_ms=now_ms)
    return told


def said_of(found: Sequence[Found]) -> str:
    """The bands in lines, one each, and how many have come how far."""
    lines = []
    for each in found:
        firmware = "unknown" if each.firmware is None else each.firmware.version
        patient = each.device.patient_id
        whose = "-" if patient is None else patient.hex()
        lines.append(f"{each.device.serial}  firmware {firmware}  {whose}  {each.standing}")
    numbers = ", ".join(f"{number} {what}" for what, number in counts(found).items() if number)
    return "\n".join([*lines, f"{len(found)} bands: {numbers or 'none is meant'}"])
