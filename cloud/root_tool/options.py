"""Options that several commands of `circlet-root` share, and what they stand for."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from cloud.root_tool import key_folder
from cloud.root_tool.certifying import Clinic, Validity
from cloud.root_tool.home import DEMO_WORDS, Home, clinic_of
from cloud.root_tool.passwords import Passwords
from shared.trust.keys import Signer

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""What commands are added to."""

DEFAULT_DESK = "http://desk.localhost:8090"


def home_of(arguments: argparse.Namespace) -> Home:
    """Return the clinic's folder: the one named, else the one that the root's key lies in."""
    home = Home.load(arguments.home or arguments.clinic_root.parent)
    if home.about.demo:
        print(f"({DEMO_WORDS})", file=sys.stderr)
    return home


def root_of(arguments: argparse.Namespace) -> Signer:
    """Return the root's signer, its password asked for where it has one."""
    return key_folder.open_file(arguments.clinic_root, Passwords(arguments.password_file))


def clinic(arguments: argparse.Namespace, home: Home) -> Clinic:
    """Return the clinic, with the desk where the options say it stands now."""
    if arguments.desk_origin is None:
        return home.clinic
    return clinic_of(home.clinic.clinic_id, arguments.desk_origin)


def now_s(arguments: argparse.Namespace) -> int:
    """Return the time: this machine's clock, or what the options say."""
    now_ms = time.time_ns() // 1_000_000 if arguments.now_ms is None else arguments.now_ms
    return int(now_ms // 1000)


def validity(arguments: argparse.Namespace) -> Validity:
    """Return from when and for how long a certificate counts."""
    return Validity(now_s(arguments), arguments.days)


def command(
    commands: Commands, name: str, text: str, *parents: argparse.ArgumentParser
) -> argparse.ArgumentParser:
    """Add one command, whose help is its description."""
    return commands.add_parser(name, help=text, description=text, parents=list(parents))


def root_options() -> argparse.ArgumentParser:
    """Return the options of every command that signs as the root."""
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument("--clinic-root", type=Path, required=True, metavar="FILE.key")
    parent.add_argument(
        "--home",
        type=Path,
        metavar="DIR",
        help="folder of clinic.json, the .pub files and register.jsonl (the root key's own)",
    )
    parent.add_argument("--password-file", type=Path, metavar="FILE", help="else it is asked for")
    return parent


def output(metavar: str) -> argparse.ArgumentParser:
    """Return the option that names the file or folder to write."""
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument("--out", type=Path, required=True, metavar=metavar, help="must not exist")
    return parent


def when() -> argparse.ArgumentParser:
    """Return the options that set the time, for machines whose clock is not to be trusted."""
    parent = argparse.ArgumentParser(add_help=False)
    now = parent.add_mutually_exclusive_group()
    now.add_argument("--now", dest="now_ms", type=iso_ms, metavar="ISO", help="instead of now")
    now.add_argument("--now-ms", dest="now_ms", type=int, metavar="MS", help="the same, Unix ms")
    return parent


def days() -> argparse.ArgumentParser:
    """Return the option for how long a certificate counts."""
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument("--days", type=int, default=365, help="how long it counts (%(default)s)")
    return parent


def iso_ms(text: str) -> int:
    """Return a time in Unix milliseconds; without a zone it is UTC."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(f"{text!r} is no ISO 8601 time") from problem
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return int(when.timestamp() * 1000)
