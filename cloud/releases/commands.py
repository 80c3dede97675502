"""`circlet-cloud add-release` and `release`: take an image in, open its rings, stop it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from cloud.audit.console import note
from cloud.clinics.choosing import chosen
from cloud.clinics.service import locked_clinic
from cloud.clock import open_clock
from cloud.db import Database
from cloud.errors import CloudError
from cloud.releases.adding import Terms, add, release_of
from cloud.releases.models import Release
from cloud.releases.rates import bands_in, rates_of
from cloud.releases.rings import WORDS
from cloud.releases.steps import halt, open_next, resume, withdraw
from cloud.settings import Settings
from cloud.vault.opening import vault_if_set

Run = Callable[[Settings, argparse.Namespace], None]
Adder = Callable[[str, str, Run], argparse.ArgumentParser]
ADD, STEP = "add-release", "release"
DONE = {
    "show": "looked at a release",
    "open-ring": "opened a release's next ring",
    "halt": "halted a release",
    "resume": "resumed a release",
    "withdraw": "withdrew a release",
}


def add_to(add_command: Adder) -> None:
    """Add both commands; ``add_command`` makes one from its name, its help and what it runs."""
    terms = Terms()
    made = add_command(ADD, "take a firmware image in; see docs/releases.md", _add)
    made.add_argument("--image", type=Path, required=True, help="the maker's signed image")
    made.add_argument(
        "--bands", nargs="+", required=True, metavar="SERIAL", help="the first ring's"
    )
    made.add_argument("--share", type=int, default=terms.share_percent, metavar="PERCENT")
    made.add_argument("--least-bands", type=int, default=terms.least_bands, metavar="N")
    made.add_argument("--least-days", type=int, default=terms.least_days, metavar="N")
    made.add_argument("--limit", type=int, default=terms.limit_percent, metavar="POINTS")
    made.add_argument("--clinic", help="the clinic's id, where there is more than one")
    made = add_command(STEP, "see how a release does, open its next ring, stop it", _step)
    made.add_argument("what", choices=DONE, nargs="?", default="show")
    made.add_argument("--version", dest="release", required=True, help="of the release")
    made.add_argument("--clinic", help="the clinic's id, where there is more than one")


def _add(settings: Settings, options: argparse.Namespace) -> None:
    try:
        data = options.image.read_bytes()
    except OSError as problem:
        raise CloudError(f"{options.image}: {problem.strerror}") from problem
    terms = Terms(options.share, options.least_bands, options.least_days, options.limit)

    def work(session: Session, clinic_id: str, now_ms: int) -> Release:
        made = add(session, clinic_id, data, options.bands, terms, now_ms=now_ms)
        subject = f"release/{made.version}"
        note(session, clinic_id, ADD, "added a release", subject, now_ms=now_ms)
        return made

    _run(settings, options, work)


def _step(settings: Settings, options: argparse.Namespace) -> None:
    def work(session: Session, clinic_id: str, now_ms: int) -> Release:
        locked_clinic(session, clinic_id)
        found = release_of(session, clinic_id, options.release)
        match options.what:
            case "open-ring":
                open_next(session, found, now_ms=now_ms)
            case "halt":
                halt(session, found, rates_of(session, found), now_ms=now_ms)
            case "resume":
                resume(session, found, now_ms=now_ms)
            case "withdraw":
                withdraw(session, found, now_ms=now_ms)
        subject = f"release/{found.version}"
        note(session, clinic_id, STEP, DONE[options.what], subject, now_ms=now_ms)
        return found

    _run(settings, options, work)


def _run(
    settings: Settings,
    options: argparse.Namespace,
    work: Callable[[Session, str, int], Release],
) -> None:
    database = Database(settings.url, vault_if_set(settings))
    try:
        clinic_id, now_ms = chosen(database, options.clinic), open_clock(settings.clock).wall_ms()
        with database.write(clinic_id) as session:
            print(said_of(session, work(session, clinic_id, now_ms)))
    finally:
        database.close()


def said_of(session: Session, release: Release) -> str:
    """How a release stands, in lines."""
    rates, meant = rates_of(session, release), bands_in(session, release)
    if release.withdrawn_ms is not None:
        standing = "withdrawn"
    elif release.halted_ms is not None:
        standing = "HALTED"
    else:
        standing = "offered"
    return (
        f"{release.version}: {standing}, ring {release.ring} ({WORDS[release.ring]}),"
        f" {len(meant)} bands in it\n"
        f"{len(rates.kept)} keep it; {len(rates.faulty)} of {len(rates.tried)} with a fault or a"
        f" failed trial, {len(rates.faulty_others)} of {len(rates.others)} on other firmware"
    )
