"""`circlet-cloud export-audit`: the audit log as a file for `circlet-verify audit`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from cloud.audit.console import note
from cloud.audit.export import lines_of
from cloud.clinics.choosing import chosen
from cloud.clinics.service import what_it_is
from cloud.clock import open_clock
from cloud.db import Database
from cloud.errors import CloudError
from cloud.settings import Settings

Run = Callable[[Settings, argparse.Namespace], None]
Adder = Callable[[str, str, Run], argparse.ArgumentParser]


def add_to(add: Adder) -> None:
    """Add the command; ``add`` makes one from its name, its help and what it runs."""
    command = add("export-audit", "write the audit log for circlet-verify audit", _export)
    command.add_argument("--clinic", help="the clinic's id, where there is more than one")
    command.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file")


def _export(settings: Settings, options: argparse.Namespace) -> None:
    now_ms = open_clock(settings.clock).wall_ms()
    database = Database(settings.url)
    clinic_id = chosen(database, options.clinic)
    try:
        with options.out.open("xb") as file:
            with database.write(clinic_id) as session:
                note(
                    session, clinic_id, options.command, "exported the log", "audit", now_ms=now_ms
                )
            file.writelines(lines_of(database, clinic_id))
        with database.read(clinic_id) as session:
            about = what_it_is(session, clinic_id)
    except OSError as problem:
        raise CloudError(f"{options.out}: {problem.strerror}") from problem
    finally:
        database.close()
    print(f"{options.out}: audit log of {clinic_id}{about}")
