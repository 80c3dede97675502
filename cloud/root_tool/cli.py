"""The command line of `circlet-root`; see `circlet-root --help`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from cloud.root_tool import certifying, files, identity, request, showing
from cloud.root_tool.certifying import Clinic, Validity
from cloud.root_tool.errors import RootToolError
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey
from shared.trust.statements import Purpose, Scope

DEFAULT_DESK = "http://desk.localhost:8090"
EXAMPLES = """\
a demonstration, from nothing:
  circlet-root demo --out demo-identity
a clinician's new passkey, its request saved from the signing desk as request.txt:
  circlet-root show request.txt
  circlet-root certify --clinic-root demo-identity/clinic-root.key --request request.txt \\
      --fingerprint "1a2b 3c4d ... (as the person reads it to you)" --scope prescribe \\
      --days 365 --out clinician.cert
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one sub-command; return the process's exit code."""
    arguments = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace], None] = arguments.run
    try:
        run(arguments)
    except (RootToolError, TrustError) as problem:
        print(f"circlet-root: {problem}", file=sys.stderr)
        return 1
    return 0


def _demo(arguments: argparse.Namespace) -> None:
    plan = identity.DemoPlan(
        arguments.clinic, arguments.clinic_id, arguments.desk_origin, _validity(arguments)
    )
    identity.make_demo(arguments.out, plan)
    print(f"{arguments.out}: identity of {plan.name}, for demonstration only")


def _create(arguments: argparse.Namespace) -> None:
    key = SoftwareKey.generate()
    files.write_key(arguments.out, key)
    files.write_public(arguments.out.with_suffix(".pub"), key.public_key)
    print(f"fingerprint {key.public_key.fingerprint}")


def _fingerprint(arguments: argparse.Namespace) -> None:
    print(showing.key_of(arguments.file).fingerprint)


def _show(arguments: argparse.Namespace) -> None:
    for line in showing.lines_of(arguments.file):
        print(line)


def _certify(arguments: argparse.Namespace) -> None:
    asked = request.parse(files.read(arguments.request))
    for line in showing.request_lines(asked):
        print(line)
    envelope = certifying.certify_staff(
        asked,
        compared=arguments.fingerprint,
        scopes=tuple(Scope[name.upper()] for name in arguments.scope),
        clinic=_clinic(arguments),
        root=files.read_key(arguments.clinic_root),
        validity=_validity(arguments),
    )
    files.write_new(arguments.out, envelope)
    print(f"{arguments.out}: may {', '.join(sorted(set(arguments.scope)))}")


def _certify_key(arguments: argparse.Namespace) -> None:
    key = files.read_public(arguments.public_key)
    envelope = certifying.certify_server(
        key,
        purpose=Purpose[arguments.purpose.upper()],
        subject=arguments.subject or f"{arguments.purpose} key",
        clinic=_clinic(arguments),
        root=files.read_key(arguments.clinic_root),
        validity=_validity(arguments),
    )
    files.write_new(arguments.out, envelope)
    print(f"{arguments.out}: {arguments.purpose} key {key.fingerprint}")


def _clinic(arguments: argparse.Namespace) -> Clinic:
    """Return the clinic of the options, else of the clinic.json beside its root."""
    beside = arguments.clinic_root.parent / "clinic.json"
    about = _about(beside) if beside.exists() else {}
    clinic_id = arguments.clinic_id or about.get("clinic_id")
    origin = arguments.desk_origin or about.get("desk_origin") or ""
    if not isinstance(clinic_id, str) or not isinstance(origin, str):
        raise RootToolError("clinic", f"give --clinic-id: there is none in {beside}")
    return Clinic(clinic_id, urlsplit(origin).hostname or "", origin)


def _about(path: Path) -> dict[str, object]:
    try:
        about = json.loads(files.read(path))
    except ValueError as problem:
        raise RootToolError("clinic", f"{path} is not JSON") from problem
    if not isinstance(about, dict):
        raise RootToolError("clinic", f"{path} is not an object")
    return about


def _validity(arguments: argparse.Namespace) -> Validity:
    now_ms = time.time_ns() // 1_000_000 if arguments.now_ms is None else arguments.now_ms
    return Validity(now_ms // 1000, arguments.days)


def _iso_ms(text: str) -> int:
    try:
        when = datetime.fromisoformat(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(f"{text!r} is no ISO 8601 time") from problem
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return int(when.timestamp() * 1000)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="circlet-root",
        description="A clinic's root of trust, by files: makes roots and certifies keys. "
        "Keep it and the root's key on a machine without a network.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_demo(commands)
    _add_create(commands)
    _add_certify(commands)
    _add_certify_key(commands)
    for name, run, text in (
        ("fingerprint", _fingerprint, "print the fingerprint of a key, request or certificate"),
        ("show", _show, "say what a file holds; private halves are never shown"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("file", type=Path)
        command.set_defaults(run=run)
    return parser


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "make every key of a demonstration in one folder, marked as demo"
    command = commands.add_parser("demo", help=text, description=text, parents=[_when()])
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="an empty folder")
    command.add_argument("--clinic", default="Demo clinic", help="its name (%(default)s)")
    command.add_argument("--clinic-id", default="demo-clinic", help="its short id (%(default)s)")
    command.add_argument(
        "--desk-origin", default=DEFAULT_DESK, help="where the signing desk stands (%(default)s)"
    )
    command.set_defaults(run=_demo)


def _add_create(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "make a root: the private key, and its public half beside it as .pub"
    command = commands.add_parser("create", help=text, description=text)
    command.add_argument("--out", type=Path, required=True, metavar="FILE.key")
    command.set_defaults(run=_create)


def _add_certify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "certify a clinician's passkey, after its fingerprint was compared with the person"
    parents = [_when(), _issuer()]
    command = commands.add_parser("certify", help=text, description=text, parents=parents)
    command.add_argument("--request", type=Path, required=True, help="file from the signing desk")
    command.add_argument(
        "--fingerprint", required=True, help="as the person reads it from their own screen"
    )
    command.add_argument(
        "--scope",
        required=True,
        nargs="+",
        choices=[scope.name.lower() for scope in Scope],
        help="what the key may sign",
    )
    command.set_defaults(run=_certify)


def _add_certify_key(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "certify a server's key for one purpose"
    parents = [_when(), _issuer()]
    command = commands.add_parser("certify-key", help=text, description=text, parents=parents)
    command.add_argument("--public-key", type=Path, required=True, metavar="FILE.pub")
    command.add_argument(
        "--purpose",
        required=True,
        choices=[purpose.name.lower() for purpose in certifying.SERVER_PURPOSES],
    )
    command.add_argument("--subject", help="whose key it is, at most 64 bytes")
    command.set_defaults(run=_certify_key)


def _issuer() -> argparse.ArgumentParser:
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument("--clinic-root", type=Path, required=True, metavar="FILE.key")
    parent.add_argument("--clinic-id", help="else from the clinic.json beside the root")
    parent.add_argument("--desk-origin", help="else from the clinic.json beside the root")
    parent.add_argument("--out", type=Path, required=True, metavar="FILE.cert")
    return parent


def _when() -> argparse.ArgumentParser:
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument("--days", type=int, default=365, help="how long it counts (%(default)s)")
    now = parent.add_mutually_exclusive_group()
    now.add_argument("--now", dest="now_ms", type=_iso_ms, metavar="ISO", help="from when")
    now.add_argument("--now-ms", dest="now_ms", type=int, metavar="MS", help="the same, Unix ms")
    return parent


if __name__ == "__main__":
    sys.exit(main())
