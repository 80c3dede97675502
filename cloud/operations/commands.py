"""`circlet-cloud`'s commands of operations: serve, backups, and walking every chain."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from cloud.audit.console import note
from cloud.clock import open_clock
from cloud.db import Database
from cloud.errors import CloudError, SetupError
from cloud.keys import load_key
from cloud.operations import backup, verifying
from cloud.operations.supervisor import Supervisor, command
from cloud.settings import Settings
from cloud.vault.opening import vault_if_set
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey

Run = Callable[[Settings, argparse.Namespace], None]
Adder = Callable[[str, str, Run], argparse.ArgumentParser]
PORTS = {"ingest": 8081, "dashboard": 8080, "signing-desk": 8090}
PASSED_ON = ("data", "database_url", "identity", "origin", "desk_origin", "clock")


def add_to(add: Adder) -> None:
    """Add the commands; ``add`` makes one from its name, its help and what it runs."""
    made = add("serve", "run ingest, dashboard, worker and desk together, all or none", _serve)
    made.add_argument("--host", default="127.0.0.1", help="address (%(default)s)")
    for name, port in PORTS.items():
        words = f"port of {name}, 0 chooses one (%(default)s)"
        made.add_argument(f"--{name}-port", type=int, default=port, help=words)
    made.add_argument("--without-desk", action="store_true", help="the desk has a host of its own")
    made = add("make-backup-key", "make the key that opens backups; keep it elsewhere", _make_key)
    made.add_argument("--out", type=Path, required=True, metavar="FILE.key", help="a new file")
    made = add("backup", "write a sealed copy of the database while all works", _backup)
    made.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file")
    made.add_argument("--to", type=Path, required=True, metavar="FILE.pub", help="who can open it")
    words = "the database's URL for a role that sees every row, on PostgreSQL; see docs"
    made.add_argument("--backup-url", help=words)
    made = add("restore", "put a backup into an empty database", _restore)
    made.add_argument("--from", type=Path, required=True, dest="source", metavar="FILE", help="it")
    made.add_argument("--key", type=Path, required=True, metavar="FILE.key", help="what opens it")
    add("verify", "walk every chain and head, and say what is wrong; exit 1 if anything", _verify)


def _serve(settings: Settings, options: argparse.Namespace) -> None:
    given = [
        word
        for name in PASSED_ON
        if getattr(options, name) is not None
        for word in (f"--{name.replace('_', '-')}", str(getattr(options, name)))
    ]
    commands = {"worker": command("worker", *given)}
    for name in PORTS:
        if name == "signing-desk" and options.without_desk:
            continue
        port = getattr(options, f"{name.replace('-', '_')}_port")
        where = ("--host", options.host, "--port", str(port))
        commands[name] = command(name, *given, *where)
    sys.exit(Supervisor(commands).run())


def _make_key(_settings: Settings, options: argparse.Namespace) -> None:
    key, public = SoftwareKey.generate(), options.out.with_suffix(".pub")
    try:
        with options.out.open("xb") as file:
            options.out.chmod(0o600)
            file.write(key.to_pem())
        with public.open("x") as file:
            file.write(f"{key.public_key.data.hex()}\n")
    except OSError as problem:
        raise SetupError(f"{problem.filename}: {problem.strerror}") from problem
    print(
        f"{public}: fingerprint {key.public_key.fingerprint}; take {options.out} off this machine"
    )


def _backup(settings: Settings, options: argparse.Namespace) -> None:
    to = _public(options.to)
    _note_all(settings, "backup", "made a backup")
    backup.back_up(options.backup_url or settings.url, options.out, to)
    print(f"{options.out}: {options.out.stat().st_size} bytes, for {to.fingerprint}")


def _restore(settings: Settings, options: argparse.Namespace) -> None:
    key = load_key(options.key)
    backup.restore(settings.url, options.source, key, vault_if_set(settings))
    _note_all(settings, "restore", "restored a backup")
    print("restored; now run verify")


def _verify(settings: Settings, _options: argparse.Namespace) -> None:
    database = Database(settings.url, vault_if_set(settings))
    wrong = 0
    for sentence in verifying.wrongs(database):
        print(sentence)
        wrong += 1
    clinics, heads, chains = verifying.counts(database)
    database.close()
    _note_all(settings, "verify", "walked every chain")
    print(f"{clinics} clinics, {heads} heads of the audit log, {chains} records: {wrong} wrong")
    if wrong:
        sys.exit(1)


def _note_all(settings: Settings, name: str, action: str) -> None:
    now_ms = open_clock(settings.clock).wall_ms()
    database = Database(settings.url)
    for clinic_id in database.all_clinics():
        with database.write(clinic_id) as session:
            note(session, clinic_id, name, action, "database", now_ms=now_ms)
    database.close()


def _public(path: Path) -> PublicKey:
    try:
        return PublicKey(bytes.fromhex(path.read_text("ascii").strip()))
    except OSError as problem:
        raise CloudError(f"{path}: {problem.strerror}") from problem
    except (ValueError, TrustError) as problem:
        raise CloudError(f"{path}: is no public key in hexadecimal") from problem
