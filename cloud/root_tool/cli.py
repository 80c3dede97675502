"""The command line of `circlet-root`; see `circlet-root --help`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from cloud.root_tool import clinic_commands, files, key_commands, options, showing
from cloud.root_tool.errors import RootToolError
from cloud.root_tool.options import Commands
from shared.trust.errors import TrustError

EXAMPLES = """\
a demonstration, from nothing:
  circlet-root demo --out demo-identity
a clinician's new passkey, its request saved from the signing desk as request.txt:
  circlet-root show request.txt
  circlet-root certify --clinic-root home/clinic-root.key --request request.txt \\
      --fingerprint "1a2b 3c4d ... (as the person reads it to you)" --scope prescribe \\
      --days 365 --out clinician.cert
the same clinician leaves:
  circlet-root revoke --clinic-root home/clinic-root.key --key clinician.cert \\
      --left 2027-03-01 --out clinician-left.cose

exit status: 0 done, 1 refused (nothing was written), 2 wrong options
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


def _fingerprint(arguments: argparse.Namespace) -> None:
    print(showing.key_of(arguments.file).fingerprint)


def _show(arguments: argparse.Namespace) -> None:
    by = files.read_public(arguments.by) if arguments.by else None
    print(*showing.lines_of(arguments.file, by=by), sep="\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="circlet-root",
        description="A clinic's root of trust, by files: makes roots, certifies keys and takes "
        "their word back. Keep it and the roots' keys on a machine without a network.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    key_commands.add(commands)
    clinic_commands.add(commands)
    _add_fingerprint(commands)
    _add_show(commands)
    return parser


def _add_fingerprint(commands: Commands) -> None:
    text = "print the fingerprint of a key, request or certificate"
    command = options.command(commands, "fingerprint", text)
    command.add_argument("file", type=Path)
    command.set_defaults(run=_fingerprint)


def _add_show(commands: Commands) -> None:
    text = "say what a file holds; private halves are never shown"
    command = options.command(commands, "show", text)
    command.add_argument("file", type=Path)
    command.add_argument(
        "--by", type=Path, metavar="FILE.pub", help="refuse unless this key signed it"
    )
    command.set_defaults(run=_show)


if __name__ == "__main__":
    sys.exit(main())
