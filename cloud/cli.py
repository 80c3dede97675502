"""`circlet-cloud`: sets a clinic up and runs the cloud's processes."""

from __future__ import annotations

import argparse
import functools
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from cloud.audit.commands import add_to as add_audit
from cloud.audit.console import note
from cloud.bands.delivery import read_delivery, take_in
from cloud.care.commands import add_to as add_care
from cloud.clinics.certificate_file import read_certificate
from cloud.clinics.certificates import Outcome, add_certificate
from cloud.clinics.choosing import chosen
from cloud.clinics.identity import read_identity
from cloud.clinics.models import Clinic
from cloud.clinics.revocations import add_revocation
from cloud.clinics.service import clinic_of, create_clinic, is_made_up, what_it_is
from cloud.clock import ClockError, instant, open_clock
from cloud.db import Database
from cloud.demo_data.command import add_to as add_demo_data
from cloud.distribution.commands import add_to as add_distribution
from cloud.dose.rebuild import rebuild
from cloud.errors import CloudError
from cloud.fhir.commands import add_to as add_fhir
from cloud.fhir.systems.commands import add_to as add_fhir_systems
from cloud.ledger.export import chain_of, device_of, lines_of
from cloud.logs import configure
from cloud.migrations.run import migrate
from cloud.operations.commands import add_to as add_operations
from cloud.operations.metrics import serve_metrics
from cloud.people.authority import Role
from cloud.people.models import Member
from cloud.people.service import add_member, invite
from cloud.recall.commands import add_to as add_recall
from cloud.releases.commands import add_to as add_releases
from cloud.settings import Settings
from cloud.times import Times
from cloud.training.service import finish_all
from cloud.vault.commands import add_to as add_keys
from cloud.vault.opening import vault_if_set
from shared.trust.keys import PublicKey
from shared.wire import ledger_file
from shared.wire.ledger_file import Spelling

EPILOG = """\
a first day:
  circlet-root demo --out identity
  circlet-cloud migrate
  circlet-cloud create-clinic --identity identity --clinician "A. Example"
  circlet-cloud serve --identity identity
the invitation that create-clinic prints is its first prescriber's and administrator's.

settings come from the environment (CIRCLET_CLOUD_...), or from the options of the same name:
"""

OUTCOMES = {
    Outcome.NEW: "stored",
    Outcome.RENEWED: "stored, in place of the one before",
    Outcome.SHORTER: "kept, but the key has one that lasts longer",
    Outcome.KNOWN: "it was here already, nothing changed",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; end with 2 and a sentence where it cannot be done."""
    options = _parser().parse_args(arguments)
    configure(options.command)
    try:
        options.run(_settings(options), options)
    except (CloudError, ClockError) as problem:
        sys.exit(f"circlet-cloud {options.command}: {problem}")


def _settings(options: argparse.Namespace) -> Settings:
    given = {
        name: getattr(options, name)
        for name in ("data", "database_url", "identity", "origin", "desk_origin", "clock")
        if getattr(options, name, None) is not None
    }
    settings = Settings(**given)
    settings.data.mkdir(parents=True, exist_ok=True)
    return settings


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(
        f"  CIRCLET_CLOUD_{name.upper():<22} {field.description}"
        for name, field in Settings.model_fields.items()
    )
    parser = argparse.ArgumentParser(
        prog="circlet-cloud",
        description="The clinic's side of Circlet: three processes over one database.",
        epilog=EPILOG + listed,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_set_up(commands)
    add_care(functools.partial(_command, commands))
    add_keys(functools.partial(_command, commands))
    add_demo_data(functools.partial(_command, commands))
    add_audit(functools.partial(_command, commands))
    add_fhir(functools.partial(_command, commands))
    add_recall(functools.partial(_command, commands))
    add_releases(functools.partial(_command, commands))
    add_fhir_systems(functools.partial(_command, commands))
    add_operations(functools.partial(_command, commands))
    add_distribution(functools.partial(_command, commands))
    _add_processes(commands)
    return parser


def _add_set_up(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "migrate", "bring the database to the newest tables", _migrate)
    command.add_argument("--to", default="head", help="revision, up or down; 'base' empties it")
    command = _command(
        commands, "create-clinic", "add a clinic, and invite its first clinician", _create_clinic
    )
    command.add_argument("--clinician", required=True, metavar="NAME", help="who is invited")
    command = _command(
        commands, "invite", "print a one-time link for another member of staff", _invite_another
    )
    command.add_argument("--clinician", required=True, metavar="NAME", help="who is invited")
    command.add_argument(
        "--role",
        type=Role,
        choices=[role for role in Role if role is not Role.CAREGIVER],
        action="append",
        help="given more than once for several (default: prescriber); see docs/roles.md",
    )
    command.add_argument("--clinic", help="the clinic's id, where there is more than one")
    command = _command(
        commands, "add-certificate", "take a certificate of circlet-root in", _add_certificate
    )
    command.add_argument("--file", type=Path, required=True, help="the certificate's file")
    command.add_argument("--clinic", help="the clinic's id, where there is more than one")
    command = _command(commands, "add-band", "take a band in by its maker's file", _add_band)
    command.add_argument("--file", type=Path, required=True, help="the delivery's file")
    command.add_argument("--clinic", help="the clinic's id, where there is more than one")
    command = _command(
        commands, "add-revocation", "take a revocation of circlet-root in, for all bands", _revoke
    )
    command.add_argument("--file", type=Path, required=True, help="the revocation's file")
    command.add_argument("--clinic", help="the clinic's id, where there is more than one")
    _add_export(commands)
    command = _command(
        commands, "rebuild-doses", "write sessions, doses and firmware anew from records", _rebuild
    )
    command.add_argument("--clinic", help="the clinic's id, where there is more than one")


def _add_export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands, "export-ledger", "write a device's record for circlet-verify", _export_ledger
    )
    command.add_argument("--device", required=True, metavar="SERIAL|HEX", help="whose record")
    command.add_argument("--epoch", metavar="HEX", help="where the device has had several")
    command.add_argument("--clinic", help="the clinic's id, where there is more than one")
    command.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file")
    command.add_argument(
        "--spelling",
        type=Spelling,
        choices=list(Spelling),
        default=Spelling.JSON,
        help="%(choices)s (%(default)s)",
    )


def _add_processes(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for name, help_, run, port in (
        ("ingest", "serve the phones' API", _ingest, 8081),
        ("dashboard", "serve the pages for staff", _dashboard, 8080),
        ("signing-desk", "serve the signing desk (static; on a host of its own)", _desk, 8090),
    ):
        command = _command(commands, name, help_, run)
        command.add_argument("--host", default="127.0.0.1", help="address (%(default)s)")
        command.add_argument("--port", type=int, default=port, help="0 chooses one (%(default)s)")
        if name != "signing-desk":
            _metrics(command)
    command = _command(commands, "worker", "sign holds, open check-ins, raise alerts", _worker)
    _metrics(command)


def _metrics(command: argparse.ArgumentParser) -> None:
    words = "serve figures for Prometheus on this port of loopback"
    command.add_argument("--metrics-port", type=int, help=words)


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    help_: str,
    run: Callable[[Settings, argparse.Namespace], None],
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=help_, description=help_.capitalize() + ".")
    command.set_defaults(run=run)
    command.add_argument("--data", type=Path, help="folder for database and cookies")
    command.add_argument("--database-url", help="SQLAlchemy URL, instead of SQLite in --data")
    command.add_argument("--identity", type=Path, help="folder of keys and certificates")
    command.add_argument("--origin", help="the pages' origin")
    command.add_argument("--desk-origin", help="the desk's origin, instead of the clinic's")
    command.add_argument("--clock", metavar="HOST:PORT", help="clock server, else the machine's")
    return command


def _migrate(settings: Settings, options: argparse.Namespace) -> None:
    migrate(settings.url, options.to, vault_if_set(settings))
    if options.to != "head":
        return
    now_ms = open_clock(settings.clock).wall_ms()
    database = Database(settings.url)
    for clinic_id in database.all_clinics():
        with database.write(clinic_id) as session:
            note(session, clinic_id, "migrate", "migrated", "tables/head", now_ms=now_ms)
    database.close()


def _create_clinic(settings: Settings, options: argparse.Namespace) -> None:
    if settings.identity is None:
        raise CloudError("name the folder of circlet-root with --identity")
    now_ms = open_clock(settings.clock).wall_ms()
    database = Database(settings.url, vault_if_set(settings))
    identity = read_identity(settings.identity)
    _refuse_beside_made_up(database)
    with database.write(identity.clinic_id) as session:
        clinic = create_clinic(session, identity, now_ms=now_ms)
        roles = (Role.PRESCRIBER, Role.ADMINISTRATOR)
        member = add_member(session, clinic.clinic_id, options.clinician, *roles, now_ms=now_ms)
        _trained_in_a_demonstration(session, clinic, member, now_ms=now_ms)
        token = invite(session, member, now_ms=now_ms)
        _note(session, clinic.clinic_id, options, "created the clinic", _staff(member), now_ms)
    database.close()
    print(f"clinic {clinic.clinic_id}: {clinic.name}")
    print(f"root fingerprint {PublicKey(clinic.root_key).fingerprint}")
    print(f"invitation {settings.origin}/invitations/{token}")


def _trained_in_a_demonstration(
    session: Session, clinic: Clinic, member: Member, *, now_ms: int
) -> None:
    """A demonstration begins at the band: its roots treat nobody, and its staff did the course."""
    if clinic.demo:
        finish_all(session, clinic.clinic_id, member.staff_id, now_ms=now_ms)


def _refuse_beside_made_up(database: Database) -> None:
    for clinic_id in database.all_clinics():
        with database.read(clinic_id) as session:
            if is_made_up(session, clinic_id):
                raise CloudError(f"{clinic_id} here is made up: take a database of its own")


def _invite_another(settings: Settings, options: argparse.Namespace) -> None:
    now_ms = open_clock(settings.clock).wall_ms()
    database = Database(settings.url, vault_if_set(settings))
    clinic_id = chosen(database, options.clinic)
    roles = options.role or [Role.PRESCRIBER]
    with database.write(clinic_id) as session:
        member = add_member(session, clinic_id, options.clinician, *roles, now_ms=now_ms)
        _trained_in_a_demonstration(session, clinic_of(session, clinic_id), member, now_ms=now_ms)
        token = invite(session, member, now_ms=now_ms)
        _note(session, clinic_id, options, "invited a member", _staff(member), now_ms)
    database.close()
    print(f"invitation {settings.origin}/invitations/{token}")


def _add_band(settings: Settings, options: argparse.Namespace) -> None:
    delivery = read_delivery(_content(options.file))
    now_ms = open_clock(settings.clock).wall_ms()
    database = Database(settings.url, vault_if_set(settings))
    clinic_id = chosen(database, options.clinic)
    with database.write(clinic_id) as session:
        device = take_in(session, clinic_of(session, clinic_id), delivery, now_ms=now_ms)
        subject = f"device/{device.device_id.hex()}"
        _note(session, clinic_id, options, "took a band in", subject, now_ms)
    database.close()
    print(f"band {device.serial}, {device.device_id.hex()}")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise CloudError(f"{path}: {problem.strerror}") from problem


def _add_certificate(settings: Settings, options: argparse.Namespace) -> None:
    envelope = read_certificate(_content(options.file))
    now_ms = open_clock(settings.clock).wall_ms()
    database = Database(settings.url, vault_if_set(settings))
    clinic_id = chosen(database, options.clinic)
    with database.write(clinic_id) as session:
        clinic = clinic_of(session, clinic_id)
        added = add_certificate(session, clinic, envelope, now_ms=now_ms)
        key = PublicKey(added.certificate.public_key)
        subject = f"certificate/{key.key_id.hex()}"
        _note(session, clinic_id, options, "added a certificate", subject, now_ms)
    database.close()
    print(f"certificate of {added.certificate.subject}, {key.fingerprint}")
    print(f"{OUTCOMES[added.outcome]}; the key is certified until {_minute(added.until_s)}")


def _export_ledger(settings: Settings, options: argparse.Namespace) -> None:
    now_ms = open_clock(settings.clock).wall_ms()
    database = Database(settings.url, vault_if_set(settings))
    clinic_id = chosen(database, options.clinic)
    with database.write(clinic_id) as session:
        device = device_of(session, clinic_id, options.device)
        chain = chain_of(session, device, options.epoch)
        about = (device.patient_id,) if device.patient_id else ()
        subject = f"device/{device.device_id.hex()}"
        _note(session, clinic_id, options, "exported a record", subject, now_ms, about)
    with database.read(clinic_id) as session:
        try:
            with options.out.open("xb") as file:
                for line in lines_of(session, device, chain):
                    file.write(ledger_file.encode(line, options.spelling))
            made_up = what_it_is(session, clinic_id)
        except OSError as problem:
            raise CloudError(f"{options.out}: {problem.strerror}") from problem
    database.close()
    print(f"{options.out}: records of {device.serial}, epoch {chain.epoch.hex()}{made_up}")


def _revoke(settings: Settings, options: argparse.Namespace) -> None:
    try:
        envelope = options.file.read_bytes()
    except OSError as problem:
        raise CloudError(f"{options.file}: {problem.strerror}") from problem
    now_ms = open_clock(settings.clock).wall_ms()
    database = Database(settings.url, vault_if_set(settings))
    clinic_id = chosen(database, options.clinic)
    with database.write(clinic_id) as session:
        clinic = clinic_of(session, clinic_id)
        found = add_revocation(session, clinic, envelope, now_ms=now_ms)
        subject = f"revocation/{found.number}"
        _note(session, clinic_id, options, "took a revocation in", subject, now_ms)
    database.close()
    print(f"revocation {found.number}: {found.kind.name.lower()}, key {found.key_id.hex()}")


def _rebuild(settings: Settings, options: argparse.Namespace) -> None:
    now_ms = open_clock(settings.clock).wall_ms()
    database = Database(settings.url, vault_if_set(settings))
    clinic_id = chosen(database, options.clinic)
    with database.write(clinic_id) as session:
        count = rebuild(session, clinic_id, Times(settings.time_zone))
        _note(session, clinic_id, options, "wrote the doses anew", "doses", now_ms)
    database.close()
    print(f"{count} sessions, in the days of {settings.time_zone}")


def _ingest(settings: Settings, options: argparse.Namespace) -> None:
    from cloud.ingest.app import create_app
    from cloud.serving import serve

    serve_metrics(options.metrics_port)
    serve(create_app(settings, open_clock(settings.clock)), host=options.host, port=options.port)


def _note(
    session: Session,
    clinic_id: str,
    options: argparse.Namespace,
    action: str,
    subject: str,
    now_ms: int,
    patients: tuple[bytes, ...] = (),
) -> None:
    note(session, clinic_id, options.command, action, subject, now_ms=now_ms, patients=patients)


def _minute(time_s: int) -> str:
    return f"{instant(time_s * 1000):%Y-%m-%d %H:%M} UTC"


def _staff(member: Member) -> str:
    return f"staff/{member.staff_id.hex()}"


def _dashboard(settings: Settings, options: argparse.Namespace) -> None:
    from cloud.dashboard.app import create_app
    from cloud.serving import serve

    serve_metrics(options.metrics_port)
    serve(create_app(settings, open_clock(settings.clock)), host=options.host, port=options.port)


def _desk(settings: Settings, options: argparse.Namespace) -> None:
    from cloud.desk.server import serve

    serve(options.host, options.port, open_clock(settings.clock, "desk"))


def _worker(settings: Settings, options: argparse.Namespace) -> None:
    from cloud.worker.app import run

    serve_metrics(options.metrics_port)
    run(settings, open_clock(settings.clock))


if __name__ == "__main__":
    main()
