"""Options that commands share, each with one meaning everywhere."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path

from firmware_bridge.hand.hand import AskedHand, EmulatedHand, Hand
from firmware_bridge.hand.surface import Surface
from firmware_bridge.tool.home import default_folder

Parser = argparse.ArgumentParser


def common() -> argparse.ArgumentParser:
    """Every command: JSON, and how much to say."""
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument(
        "--json", action="store_true", help="print one JSON document and nothing else on stdout"
    )
    parent.add_argument("--verbose", action="store_true", help="say more on stderr")
    return parent


def on_air() -> argparse.ArgumentParser:
    """Commands that speak to a band."""
    parent = argparse.ArgumentParser(add_help=False)
    group = parent.add_argument_group("the way to the band")
    group.add_argument(
        "--state",
        type=Path,
        default=default_folder(),
        metavar="DIR",
        help="bond and address are kept here (XDG_STATE_HOME/circlet-device)",
    )
    group.add_argument(
        "--radio",
        type=endpoint,
        default=os.environ.get("CIRCLET_RADIO") or None,
        metavar="HOST:PORT",
        help="a port of circlet-radio; also CIRCLET_RADIO (this computer's Bluetooth)",
    )
    group.add_argument(
        "--clock",
        type=endpoint,
        default=os.environ.get("CIRCLET_CLOCK") or None,
        metavar="HOST:PORT",
        help="clock server to follow; also CIRCLET_CLOCK (this computer's clock)",
    )
    group.add_argument(
        "--within",
        type=seconds,
        default=30.0,
        metavar="SECONDS",
        help="how long to look for the band (%(default)g)",
    )
    return parent


def at_the_button() -> argparse.ArgumentParser:
    """Commands that need somebody at the band's button."""
    parent = argparse.ArgumentParser(add_help=False)
    group = parent.add_argument_group("the band's button")
    group.add_argument(
        "--control",
        metavar="HOST:PORT",
        default=os.environ.get("CIRCLET_CONTROL") or None,
        help="control surface of an emulated band, pressed by this command; also CIRCLET_CONTROL "
        "(you are asked to press)",
    )
    group.add_argument(
        "--token",
        default=os.environ.get("CIRCLET_EMULATOR_TOKEN") or None,
        help="what `circlet-emulator` printed with `ready`; also CIRCLET_EMULATOR_TOKEN",
    )
    return parent


def with_keys() -> argparse.ArgumentParser:
    """Commands that sign as the demonstration's clinic."""
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument(
        "--keys",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder made by `circlet-device demo-keys`",
    )
    return parent


def hand_of(options: argparse.Namespace) -> Hand:
    """Whoever presses: the control surface where one is named, else the person here."""
    surface = surface_of(options)
    return AskedHand() if surface is None else EmulatedHand(surface)


def surface_of(options: argparse.Namespace) -> Surface | None:
    """The control surface that was named, if any."""
    if options.control is None:
        return None
    return Surface(options.control, options.token)


def endpoint(text: str) -> str:
    """A HOST:PORT."""
    if re.fullmatch(r"[^:\s]+:\d{1,5}", text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no HOST:PORT")
    return text


def seconds(text: str) -> float:
    """A time above 0 and up to an hour."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds, up to 3600")
    return value
