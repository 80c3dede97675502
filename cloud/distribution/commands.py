"""`circlet-cloud distribute`: says what is left until Citus spreads the tables, or does it."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from cloud.db import make_engine
from cloud.distribution.applying import apply, plan
from cloud.distribution.plan import Step
from cloud.distribution.standing import Node
from cloud.settings import Settings

Adder = Callable[
    [str, str, Callable[[Settings, argparse.Namespace], None]], argparse.ArgumentParser
]


def add_to(add: Adder) -> None:
    """Add the command; ``add`` makes one from its name, its help and what it runs."""
    made = add("distribute", "print what is left until Citus spreads the tables, or do it", _run)
    made.add_argument("--apply", action="store_true", help="take the steps, with processes stopped")
    where = "HOST:PORT"
    words = "how the other nodes reach this server"
    made.add_argument("--coordinator", type=_node, metavar=where, help=words)
    words = "another node, given once for each"
    made.add_argument(
        "--worker", type=_node, metavar=where, action="append", default=[], help=words
    )


def _run(settings: Settings, options: argparse.Namespace) -> None:
    engine = make_engine(settings.url)
    try:
        left = plan(engine, options.coordinator, options.worker)
        if options.apply:
            apply(engine, left, _say)
        else:
            for step in left:
                _say(step)
        done = "taken" if options.apply else "left"
        print(f"-- {len(left)} steps {done}")
    finally:
        engine.dispose()


def _say(step: Step) -> None:
    print(f"{step.command};", flush=True)


def _node(text: str) -> Node:
    host, separator, port = text.rpartition(":")
    if (
        not separator
        or not port.isdecimal()
        or not host.replace("-", "").replace(".", "").isalnum()
    ):
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    return Node(host, int(port))
