"""`circlet-device verify`: what a ledger file proves."""

from __future__ import annotations

import argparse
from pathlib import Path

from firmware_bridge.demo.keys import read_public_key
from firmware_bridge.tool.exits import Exit
from firmware_bridge.tool.judging import Proven, judge
from firmware_bridge.tool.ledger_files import opened
from firmware_bridge.tool.options import Parser
from firmware_bridge.tool.voice import Voice, facts

SUMMARY = "judge a ledger file by the maker's key"
DESCRIPTION = (
    "Verifies the maker's certificate, that each record follows the one before by the rules that "
    "device, phone and cloud share, and every signed head. No band and no network is needed. "
    "circlet-verify judges the same file session by session."
)
PARENTS = ()


def add(parser: Parser) -> None:
    """Its own options."""
    parser.add_argument("file", type=Path, metavar="FILE", help="JSON lines or CBOR")
    parser.add_argument(
        "--manufacturer",
        type=Path,
        required=True,
        metavar="FILE",
        help="the maker's public key, from the maker and not with the file",
    )


async def run(options: argparse.Namespace, voice: Voice) -> Exit:
    """Judge it."""
    manufacturer = read_public_key(options.manufacturer)
    with opened(options.file) as file:
        proven = judge(file, manufacturer)
    voice.document(_as_document(proven))
    voice.show(facts(f"Ledger {options.file}", _rows(proven)))
    return Exit.DONE if proven.whole else Exit.SAID_NO


def _as_document(proven: Proven) -> dict[str, object]:
    return {
        "whole": proven.whole,
        "device_id": proven.device_id,
        "records": proven.records,
        "last": proven.last,
        "heads": proven.heads,
        "signed_to": proven.signed_to,
        "pulses": proven.pulses,
        "flaw": None if proven.flaw is None else str(proven.flaw),
    }


def _rows(proven: Proven) -> dict[str, str]:
    verdict = "[green]whole[/]: a signed head covers every record"
    if proven.flaw is not None:
        verdict = f"[red]not whole[/]: {proven.flaw}"
    elif not proven.whole:
        verdict = "[red]not proven[/]: no signed head covers the last record"
    return {
        "verdict": verdict,
        "device": proven.device_id.hex(),
        "records": f"{proven.records}, the last is {proven.last}",
        "heads": f"{proven.heads}, the last covers up to {proven.signed_to}",
        "pulses": "not added up" if proven.pulses is None else f"{proven.pulses} charged",
    }
