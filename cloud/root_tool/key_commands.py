"""The commands that make roots and certify keys: demo, create, certify, certify-key, renew."""

from __future__ import annotations

import argparse
from pathlib import Path

from cloud.root_tool import certifying, creating, files, identity, options, request, showing
from cloud.root_tool.home import About, clinic_of
from cloud.root_tool.options import Commands
from cloud.root_tool.passwords import Passwords
from shared.trust.certificates import key_of
from shared.trust.statements import Purpose, Scope


def add(commands: Commands) -> None:
    """Add these commands."""
    _add_demo(commands)
    _add_demo_band(commands)
    _add_create(commands)
    _add_certify(commands)
    _add_certify_key(commands)
    _add_renew(commands)


def _demo(arguments: argparse.Namespace) -> None:
    clinic = clinic_of(arguments.clinic_id, arguments.desk_origin)
    about = About(arguments.clinic, clinic, True)
    identity.make_demo(arguments.out, identity.DemoPlan(about, options.validity(arguments)))
    print(f"{arguments.out}: identity of {about.name}, for demonstration only")


def _demo_band(arguments: argparse.Namespace) -> None:
    serial = identity.make_band(arguments.home, arguments.out, options.validity(arguments))
    print(f"{arguments.out}: band {serial}, for demonstration only")


def _create(arguments: argparse.Namespace) -> None:
    clinic = clinic_of(arguments.clinic_id, arguments.desk_origin)
    about = About(arguments.clinic, clinic, arguments.demo)
    files.refuse_unless_empty(arguments.out)
    protect = Passwords(arguments.password_file).new() if arguments.protect else None
    places = creating.Places(arguments.out, arguments.recovery_out)
    root, recovery = creating.create(places, about, protect=protect)
    print(f"clinic root    fingerprint {root.fingerprint}")
    print(f"recovery root  fingerprint {recovery.fingerprint}")
    if arguments.recovery_out is None:
        print("Take recovery-root.key off this machine and lock it away.")


def _certify(arguments: argparse.Namespace) -> None:
    files.refuse_if_there(arguments.out)
    home = options.home_of(arguments)
    asked = request.parse(files.read(arguments.request))
    print(*showing.request_lines(asked), sep="\n")
    home.require_not_revoked(asked.key)
    envelope = certifying.certify_staff(
        asked,
        compared=arguments.fingerprint,
        scopes=tuple(Scope[name.upper()] for name in arguments.scope),
        clinic=options.clinic(arguments, home),
        root=home.require_root(options.root_of(arguments)),
        validity=options.validity(arguments),
    )
    files.write_new(arguments.out, envelope)
    print(f"{arguments.out}: may {', '.join(sorted(set(arguments.scope)))}")


def _certify_key(arguments: argparse.Namespace) -> None:
    files.refuse_if_there(arguments.out)
    home = options.home_of(arguments)
    key = files.read_public(arguments.public_key)
    home.require_not_revoked(key)
    purpose, validity = Purpose[arguments.purpose.upper()], options.validity(arguments)
    certifying.check_term(purpose, validity, demo=home.about.demo)
    envelope = certifying.certify_server(
        key,
        purpose=purpose,
        subject=arguments.subject or f"{arguments.purpose} key",
        clinic=home.clinic,
        root=home.require_root(options.root_of(arguments)),
        validity=validity,
    )
    files.write_new(arguments.out, envelope)
    print(f"{arguments.out}: {arguments.purpose} key {key.fingerprint}")


def _renew(arguments: argparse.Namespace) -> None:
    files.refuse_if_there(arguments.out)
    home = options.home_of(arguments)
    old = certifying.read_own(
        str(arguments.certificate),
        files.read(arguments.certificate),
        clinic=home.clinic,
        root=home.root,
    )
    print(*showing.certificate_lines(old), sep="\n")
    home.require_not_revoked(key_of(old))
    validity = options.validity(arguments)
    certifying.check_term(old.purpose, validity, demo=home.about.demo)
    envelope = certifying.renew(
        old,
        compared=arguments.fingerprint,
        clinic=home.clinic,
        root=home.require_root(options.root_of(arguments)),
        validity=validity,
    )
    files.write_new(arguments.out, envelope)
    print(f"{arguments.out}: until {showing.instant(validity.until_s)}")


def _add_demo(commands: Commands) -> None:
    text = "make every key of a demonstration in one folder, marked as demo"
    parents = options.when(), options.days()
    command = options.command(commands, "demo", text, *parents)
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="an empty folder")
    command.add_argument("--clinic", default="Demo clinic", help="its name (%(default)s)")
    command.add_argument("--clinic-id", default="demo-clinic", help="its short id (%(default)s)")
    _add_desk(command)
    command.set_defaults(run=_demo)


def _add_demo_band(commands: Commands) -> None:
    text = "make another band of a demonstration, and the file by which its clinic takes it in"
    parents = options.when(), options.days()
    command = options.command(commands, "demo-band", text, *parents)
    command.add_argument("--home", type=Path, required=True, metavar="DIR", help="of the demo")
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="an empty folder")
    command.set_defaults(run=_demo_band)


def _add_create(commands: Commands) -> None:
    text = "make a clinic's root and its recovery root, with a register that is still empty"
    command = options.command(commands, "create", text)
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="an empty folder")
    command.add_argument(
        "--recovery-out", type=Path, metavar="DIR", help="another medium for the recovery root"
    )
    command.add_argument("--clinic", required=True, help="the clinic's name")
    command.add_argument("--clinic-id", required=True, help="its short id, 1 to 32 bytes")
    _add_desk(command)
    command.add_argument("--protect", action="store_true", help="encrypt both with a password")
    command.add_argument("--password-file", type=Path, metavar="FILE", help="else it is asked for")
    command.add_argument("--demo", action="store_true", help="mark the roots as a demonstration's")
    command.set_defaults(run=_create)


def _add_certify(commands: Commands) -> None:
    text = "certify a clinician's passkey, after its fingerprint was compared with the person"
    parents = options.when(), options.days(), options.root_options(), options.output("FILE.cert")
    command = options.command(commands, "certify", text, *parents)
    command.add_argument("--request", type=Path, required=True, help="file from the signing desk")
    _add_fingerprint(command)
    command.add_argument(
        "--scope",
        required=True,
        nargs="+",
        choices=[scope.name.lower() for scope in Scope],
        help="what the key may sign",
    )
    command.add_argument("--desk-origin", help="else from clinic.json")
    command.set_defaults(run=_certify)


def _add_certify_key(commands: Commands) -> None:
    text = "certify a server's key for one purpose"
    parents = options.when(), options.days(), options.root_options(), options.output("FILE.cert")
    command = options.command(commands, "certify-key", text, *parents)
    command.add_argument("--public-key", type=Path, required=True, metavar="FILE.pub")
    command.add_argument(
        "--purpose",
        required=True,
        choices=[purpose.name.lower() for purpose in certifying.SERVER_PURPOSES],
    )
    command.add_argument("--subject", help="whose key it is, at most 64 bytes")
    command.set_defaults(run=_certify_key)


def _add_renew(commands: Commands) -> None:
    text = "certify the same key for longer, after its fingerprint was compared again"
    parents = options.when(), options.days(), options.root_options(), options.output("FILE.cert")
    command = options.command(commands, "renew", text, *parents)
    command.add_argument("--certificate", type=Path, required=True, metavar="FILE.cert")
    _add_fingerprint(command)
    command.set_defaults(run=_renew)


def _add_fingerprint(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--fingerprint", required=True, help="as the key's holder reads it from their own screen"
    )


def _add_desk(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--desk-origin",
        default=options.DEFAULT_DESK,
        help="where the signing desk stands (%(default)s)",
    )
