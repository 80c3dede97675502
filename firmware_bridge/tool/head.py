"""`circlet-device head`: have the band sign where its record stands."""

from __future__ import annotations

import argparse
import secrets
from datetime import timedelta
from pathlib import Path

from firmware_bridge.demo.keys import read_public_key
from firmware_bridge.tool import options as shared_options
from firmware_bridge.tool.errors import FileUnusable, HasNoLedger, NotProven, UsageWrong
from firmware_bridge.tool.exits import Exit
from firmware_bridge.tool.home import Home
from firmware_bridge.tool.judging import device_key, head_by
from firmware_bridge.tool.options import Parser
from firmware_bridge.tool.reach import open_band
from firmware_bridge.tool.voice import Voice, facts
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import NONCE_BYTES, LedgerHead
from shared.wire import fields

SUMMARY = "have the band sign where its record stands"
DESCRIPTION = (
    "Asks for a head over a fresh nonce. With the maker's public key its signature is verified; "
    "without it the head is only read."
)
PARENTS = (shared_options.on_air,)


def add(parser: Parser) -> None:
    """Its own options."""
    add_maker(parser)


def add_maker(parser: Parser) -> None:
    """Options of commands that verify what the band signs."""
    parser.add_argument(
        "--manufacturer",
        type=Path,
        metavar="FILE",
        help="the maker's public key, from the maker and not from the band",
    )
    parser.add_argument(
        "--certificate",
        type=Path,
        metavar="FILE",
        help="the maker's certificate of this band; kept in --state from then on",
    )


async def run(options: argparse.Namespace, voice: Voice) -> Exit:
    """Ask, verify and show."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    async with open_band(options) as band:
        hello = await band.client.hello()
        if not hello.provisioned and hello.head_number == 0:
            raise HasNoLedger
        signed = await band.client.head(nonce)
        key = key_of_band(options, band.way.home, hello.device_id)
    head = read_head(signed, nonce, key)
    voice.document({"head": head, "verified": key is not None, "signed": signed})
    voice.show(facts("Head", _rows(head, verified=key is not None)))
    return Exit.DONE


def key_of_band(options: argparse.Namespace, home: Home, device_id: bytes) -> PublicKey | None:
    """The band's key, where the options lead to it by the maker's certificate."""
    certificate = certificate_of_band(options, home)
    if options.manufacturer is None:
        return None
    if certificate is None:
        raise UsageWrong("--manufacturer vouches for a certificate: name it by --certificate once.")
    return device_key(certificate, device_id, read_public_key(options.manufacturer))


def certificate_of_band(options: argparse.Namespace, home: Home) -> bytes | None:
    """The maker's certificate: given now, or kept from an earlier time."""
    if options.certificate is None:
        return home.certificate
    try:
        certificate: bytes = options.certificate.read_bytes()
    except OSError as problem:
        raise FileUnusable(options.certificate, problem.strerror or "doesn't read") from problem
    home.keep_certificate(certificate)
    return certificate


def read_head(signed: bytes, nonce: bytes, key: PublicKey | None) -> LedgerHead:
    """The head over our nonce, by this key where there is one; NotProven else."""
    try:
        if key is not None:
            head = head_by(signed, key)
        else:
            head = fields.from_map(LedgerHead, sign1.peek(signed).body)
    except TrustError as problem:
        raise NotProven(f"The band's head doesn't hold: {problem}.") from problem
    if head.nonce != nonce:
        raise NotProven("The band's head answers another question than ours.")
    return head


def _rows(head: LedgerHead, *, verified: bool) -> dict[str, str]:
    return {
        "device": head.device_id.hex(),
        "epoch": head.epoch.hex(),
        "record": f"{head.number}",
        "hash": head.hash.hex(),
        "boot": f"{head.boot_count}, up for {timedelta(seconds=head.uptime_ms // 1000)}",
        "retired": "yes" if head.retired else "no",
        "signature": "holds" if verified else "not verified (--manufacturer, --certificate)",
    }
