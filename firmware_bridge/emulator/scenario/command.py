"""`circlet-emulator scenario check` and `scenario list`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from firmware_bridge.emulator.scenario.reading import load_scenario, shipped


def add_scenario(scenario: argparse.ArgumentParser) -> None:
    """The two commands."""
    commands = scenario.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="say what a scenario does, or what is wrong with it")
    check.add_argument("file", metavar="FILE", help="a file, or the name of one that is shipped")
    check.set_defaults(command=_check)
    listing = commands.add_parser("list", help="the scenarios that are shipped")
    listing.set_defaults(command=_list)


def in_words(asked: Mapping[str, Any]) -> str:
    """One placement as a sentence."""
    value = f" {asked['value']}" if "value" in asked else ""
    lasting = f", for {asked['for_ms']} ms" if "for_ms" in asked else ""
    return f"{asked['fault']}{value} {_where(asked)}{lasting}"


def _where(asked: Mapping[str, Any]) -> str:
    if "event" not in asked:
        at_ms = asked.get("at_ms", asked.get("in_ms"))
        return "at once" if at_ms is None else f"at {at_ms} ms"
    of = f" {asked['of']}" if "of" in asked else ""
    if "probability" in asked:
        return f"at {asked['event']}{of}, each with probability {asked['probability']}"
    return f"at {asked['event']}{of} number {asked.get('nth', 1)}"


def _check(options: argparse.Namespace) -> None:
    scenario = load_scenario(options.file)
    print(f"{scenario.title} (seed {scenario.seed})")
    for asked in scenario.faults:
        print(f"  {in_words(asked)}")


def _list(options: argparse.Namespace) -> None:
    for name in shipped():
        print(f"{name:<22}{load_scenario(name).title}")
