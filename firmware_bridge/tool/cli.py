"""The command line of `circlet-device`; see `circlet-device --help`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import textwrap
from collections.abc import Callable, Coroutine, Sequence
from types import ModuleType
from typing import Any

from firmware_bridge.tool import (
    arm,
    conformance,
    demo_keys,
    demo_setup,
    firmware,
    head,
    options,
    pair,
    records,
    scan,
    soak,
    status,
    stop,
    verify,
)
from firmware_bridge.tool.errors import KNOWN, code_of, exit_of, next_step_of
from firmware_bridge.tool.exits import TABLE, Exit
from firmware_bridge.tool.voice import Voice

COMMANDS: tuple[ModuleType, ...] = (
    scan,
    pair,
    status,
    records,
    head,
    verify,
    demo_keys,
    demo_setup,
    arm,
    stop,
    firmware,
    conformance,
    soak,
)
DESCRIPTION = (
    "An engineer's tool for a Circlet band, real or emulated: look, pair, read and judge its "
    "record, and hold it against its specification. Not for clinical use."
)
EPILOG = f"""\
an emulated band, from nothing:
  circlet-radio --port 7001 --port 7002 &
  circlet-device demo-keys --out demo
  circlet-emulator run --identity demo/device --state band --radio 127.0.0.1:7001 \\
    --control-port 8010 --control-token try &
  export CIRCLET_RADIO=127.0.0.1:7002
  export CIRCLET_CONTROL=127.0.0.1:8010 CIRCLET_EMULATOR_TOKEN=try
  circlet-device pair && circlet-device demo-setup --keys demo && circlet-device status

{TABLE}

docs/device-tool.md says more. This is a tool for engineers: it treats nobody.
"""

WIDTH = 79

Run = Callable[[argparse.Namespace, Voice], Coroutine[Any, Any, Exit]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the process's exit status."""
    given = parser().parse_args(arguments)
    voice = Voice(as_json=given.json)
    logging.basicConfig(
        level=logging.INFO if given.verbose else logging.ERROR,
        format="%(asctime)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    if not given.verbose:
        logging.getLogger("bumble").setLevel(logging.CRITICAL)
    run: Run = given.run
    try:
        return int(asyncio.run(run(given, voice)))
    except KeyboardInterrupt:
        return int(Exit.INTERRUPTED)
    except KNOWN as problem:
        voice.wrong(problem, code_of(problem), next_step_of(problem))
        return int(exit_of(problem))


class _Help(argparse.RawDescriptionHelpFormatter):
    """Text as it was written, and room for the longest command's name."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=WIDTH)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="circlet-device",
        description=textwrap.fill(DESCRIPTION, WIDTH),
        epilog=EPILOG,
        formatter_class=_Help,
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for module in COMMANDS:
        name = module.__name__.rpartition(".")[2].replace("_", "-")
        command = commands.add_parser(
            name,
            help=module.SUMMARY,
            description=textwrap.fill(module.DESCRIPTION, WIDTH),
            epilog=getattr(module, "EPILOG", TABLE),
            formatter_class=_Help,
            parents=[options.common(), *(parent() for parent in module.PARENTS)],
        )
        module.add(command)
        command.set_defaults(run=module.run)
    return top


if __name__ == "__main__":
    sys.exit(main())
