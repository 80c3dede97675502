"""The commands by which a root speaks to every band: revoke, rotate, accept-catalogue."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cloud.root_tool import accepting, files, options, revoking, rotating, showing
from cloud.root_tool.accepting import Open
from cloud.root_tool.errors import RootToolError
from cloud.root_tool.options import Commands
from cloud.root_tool.passwords import Passwords
from cloud.root_tool.revoking import Why
from shared.trust.statements import Revocation


def add(commands: Commands) -> None:
    """Add these commands."""
    _add_revoke(commands)
    _add_rotate(commands)
    _add_decisions(commands)
    _add_accept(commands)


def _revoke(arguments: argparse.Namespace) -> None:
    files.refuse_if_there(arguments.out)
    home = options.home_of(arguments)
    key = showing.key_of(arguments.key)
    _check_number(arguments.number, home.register.next_number(Revocation))
    line, _ = revoking.revoke(home, key, _why(arguments), root=options.root_of(arguments))
    files.write_new(arguments.out, line.envelope)
    said = line.statement
    assert isinstance(said, Revocation)
    print(f"{arguments.out}: no. {said.number}, {said.kind.name.lower()}, key {key.fingerprint}")
    print(f"  what it signed stands until {showing.instant(said.until_s)}")


def _why(arguments: argparse.Namespace) -> Why:
    now_s = options.now_s(arguments)
    if arguments.compromised:
        return Why.compromised(now_s)
    return Why.left(now_s, arguments.left // 1000)


def _check_number(wanted: int | None, following: int) -> None:
    """The clinic's page counts too: an old copy of the register is found out before it signs."""
    if wanted is not None and wanted != following:
        raise RootToolError(
            "number", f"no. {following} comes next on this register, not no. {wanted}"
        )


def _rotate(arguments: argparse.Namespace) -> None:
    files.refuse_unless_empty(arguments.out)
    home = options.home_of(arguments)
    found = rotating.carried(home, tuple(arguments.certificates), now_s=options.now_s(arguments))
    by = options.root_of(arguments)
    protect = Passwords(arguments.new_password_file).new() if arguments.protect else None
    rotation = rotating.rotate(home, arguments.out, found, by=by, protect=protect)
    for name in ("clinic-root", "recovery-root"):
        key = files.read_public(arguments.out / f"{name}.pub")
        print(f"new {name:14} fingerprint {key.fingerprint}")
    print(f"rotation no. {rotation.number}, {len(found)} certificates issued again")


def _decisions(arguments: argparse.Namespace) -> None:
    files.write_json(arguments.out, accepting.template())
    print(*accepting.lines(), sep="\n")
    print(f"{arguments.out}: say of each figure where it was looked up")


def _accept(arguments: argparse.Namespace) -> None:
    files.refuse_if_there(arguments.out)
    home = options.home_of(arguments)
    print(*accepting.lines(), sep="\n")
    if arguments.close_all is None:
        accepting.decide_by_asking(_ask)
    else:
        closed = accepting.decided_by_file(arguments.close_all)
        for each in accepting.open_figures():
            print("", *accepting.entry_lines(each, closed[each.id]), sep="\n")
    root, now_s = options.root_of(arguments), options.now_s(arguments)
    files.write_new(arguments.out, accepting.accept(home, root=root, now_s=now_s))
    print(f"{arguments.out}: accepted")


def _ask(each: Open) -> bool:
    print("", *accepting.entry_lines(each), sep="\n")
    if not sys.stdin.isatty():
        raise RootToolError("closed", "there is no terminal to ask at: give --close-all FILE")
    return input(f"Close these {len(each.figures)}? Type yes: ").strip() == "yes"


def _add_revoke(commands: Commands) -> None:
    text = "take a key's word back: every band of the clinic is told, in order of numbers"
    parents = options.when(), options.root_options(), options.output("FILE.cose")
    command = options.command(commands, "revoke", text, *parents)
    command.add_argument(
        "--key", type=Path, required=True, metavar="FILE", help="its certificate, request or .pub"
    )
    why = command.add_mutually_exclusive_group(required=True)
    why.add_argument(
        "--left",
        type=options.iso_ms,
        metavar="DATE",
        help="the person left; what they signed stands until then, at most 30 days on",
    )
    why.add_argument(
        "--compromised", action="store_true", help="bands lock at once until a colleague signs"
    )
    command.add_argument(
        "--number", type=int, help="the next number as the clinic's page says it, to be compared"
    )
    command.set_defaults(run=_revoke)


def _add_rotate(commands: Commands) -> None:
    text = "name new roots by the old root or the recovery root (--clinic-root takes either)"
    parents = options.when(), options.root_options(), options.output("DIR")
    command = options.command(commands, "rotate", text, *parents)
    command.add_argument(
        "--certificates",
        type=Path,
        nargs="*",
        default=[],
        metavar="FILE.cert",
        help="all that are to go on under the new root",
    )
    command.add_argument("--protect", action="store_true", help="encrypt the new roots")
    command.add_argument("--new-password-file", type=Path, metavar="FILE", help="for the new roots")
    command.set_defaults(run=_rotate)


def _add_decisions(commands: Commands) -> None:
    text = "write a file in which each recalled figure of the catalogue waits for its source"
    command = options.command(commands, "decisions", text, options.output("FILE.json"))
    command.set_defaults(run=_decisions)


def _add_accept(commands: Commands) -> None:
    text = "accept the catalogue of this version for the clinic, each recalled figure closed"
    parents = options.when(), options.root_options(), options.output("FILE.cose")
    command = options.command(commands, "accept-catalogue", text, *parents)
    command.add_argument(
        "--close-all",
        type=Path,
        metavar="FILE.json",
        help="made by `decisions` and filled in; without it each entry is asked for",
    )
    command.set_defaults(run=_accept)
