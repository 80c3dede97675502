"""`circlet-cloud add-fhir-system`, `end-fhir-system` and `fhir-systems`: who reads by machine."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from cloud.audit.console import note
from cloud.clinics.choosing import chosen
from cloud.clock import instant, open_clock
from cloud.db import Database
from cloud.errors import CloudError
from cloud.fhir.serving.base import token_address
from cloud.fhir.systems.keys import jwk_of
from cloud.fhir.systems.service import add_system, client_id_of, end_system, systems_of
from cloud.settings import Settings

Run = Callable[[Settings, argparse.Namespace], None]
Adder = Callable[[str, str, Run], argparse.ArgumentParser]


def add_to(add: Adder) -> None:
    """Add the commands; ``add`` makes one from its name, its help and what it runs."""
    command = add("add-fhir-system", "let another system read by FHIR, by its public key", _add)
    command.add_argument("--name", required=True, help="what the system is called")
    command.add_argument(
        "--jwk", type=Path, required=True, metavar="FILE", help="its public key: JWK, JWKS or PEM"
    )
    command.add_argument(
        "--scope", action="append", metavar="SCOPE", help="given more than once (system/*.read)"
    )
    command.add_argument("--clinic", help="the clinic's id, where there is more than one")
    command = add("end-fhir-system", "take a system out: it reads nothing from now on", _end)
    command.add_argument("--client", required=True, metavar="ID", help="what add-fhir-system said")
    command.add_argument("--clinic", help="the clinic's id, where there is more than one")
    command = add("fhir-systems", "list the systems that read by FHIR", _list)
    command.add_argument("--clinic", help="the clinic's id, where there is more than one")


def _add(settings: Settings, options: argparse.Namespace) -> None:
    now_ms = open_clock(settings.clock).wall_ms()
    try:
        given = options.jwk.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise CloudError(f"{options.jwk}: is not readable") from problem
    jwk = jwk_of(given)
    scopes = " ".join(options.scope or ["system/*.read"])
    database = Database(settings.url)
    clinic_id = chosen(database, options.clinic)
    with database.write(clinic_id) as session:
        system = add_system(session, clinic_id, options.name, jwk, scopes, now_ms=now_ms)
        subject = f"system/{system.system_id.hex()}"
        note(session, clinic_id, options.command, "added a system", subject, now_ms=now_ms)
    database.close()
    print(f"client {client_id_of(system)}: {system.name}")
    print(f"tokens at {token_address(settings)}, for {system.scopes}")


def _end(settings: Settings, options: argparse.Namespace) -> None:
    now_ms = open_clock(settings.clock).wall_ms()
    database = Database(settings.url)
    clinic_id = chosen(database, options.clinic)
    with database.write(clinic_id) as session:
        system = end_system(session, clinic_id, options.client, now_ms=now_ms)
        subject = f"system/{system.system_id.hex()}"
        note(session, clinic_id, options.command, "took a system out", subject, now_ms=now_ms)
    database.close()
    print(f"client {options.client}: {system.name} reads nothing any more")


def _list(settings: Settings, options: argparse.Namespace) -> None:
    database = Database(settings.url)
    clinic_id = chosen(database, options.clinic)
    with database.read(clinic_id) as session:
        for each in systems_of(session, clinic_id):
            since = f"{instant(each.added_ms):%Y-%m-%d}"
            ended = each.ended_ms is not None and f", until {instant(each.ended_ms):%Y-%m-%d}"
            print(f"{client_id_of(each)}  {each.name}, since {since}{ended or ''}: {each.scopes}")
    database.close()
