"""`circlet-device records`: bring the band's record into a file, and go on where it ended."""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from firmware_bridge.link import LinkError
from firmware_bridge.tool import options as shared_options
from firmware_bridge.tool.errors import HasNoLedger, NotProven, UsageWrong
from firmware_bridge.tool.exits import Exit
from firmware_bridge.tool.head import add_maker, certificate_of_band, key_of_band, read_head
from firmware_bridge.tool.ledger_files import LedgerWriter, open_writer
from firmware_bridge.tool.options import Parser
from firmware_bridge.tool.reach import Band, open_band
from firmware_bridge.tool.voice import Voice
from shared.trust.keys import PublicKey
from shared.trust.statements import NONCE_BYTES
from shared.wire.ledger_file import Header
from shared.wire.operations import HelloResult

SUMMARY = "bring the record into a file"
DESCRIPTION = (
    "Writes every record that the band keeps, then a head that it signs now, to a file for "
    "`verify` and circlet-verify. A file that is there already is gone on with: after a lost link "
    "call it again. FILE.cbor is written as CBOR, any other as JSON lines."
)
PARENTS = (shared_options.on_air,)


def add(parser: Parser) -> None:
    """Its own options."""
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="ledger file")
    add_maker(parser)


async def run(options: argparse.Namespace, voice: Voice) -> Exit:
    """Bring what the file lacks."""
    async with open_band(options) as band:
        hello = await band.client.hello()
        if not hello.provisioned and hello.head_number == 0:
            raise HasNoLedger
        key = key_of_band(options, band.way.home, hello.device_id)
        certificate = certificate_of_band(options, band.way.home)
        if certificate is None:
            raise UsageWrong(
                "A ledger file begins with the maker's certificate of the band: name it by "
                "--certificate FILE once."
            )
        with open_writer(options.out, Header(hello.device_id, hello.epoch, certificate)) as file:
            before = file.standing.number
            lost = await _bring(band, hello, file, voice)
            if lost is None:
                await _sign(band, file, key)
            said = {"file": str(options.out), "from": before + 1, "to": file.standing.number}
    voice.document(said | {"complete": lost is None})
    voice.show(f"Records {said['from']} to {said['to']} are in {options.out}.")
    if lost is None:
        return Exit.DONE
    voice.hint(f"{lost} Call it again to go on.")
    return Exit.PARTLY


async def _bring(
    band: Band, hello: HelloResult, file: LedgerWriter, voice: Voice
) -> LinkError | None:
    """Bring the records; the error, where the link broke before the end."""
    if hello.first_number > file.standing.number + 1:
        if file.standing.number or hello.before_first is None:
            raise NotProven("The band no longer has records that this file lacks: take a new file.")
        file.start(hello.first_number - 1, hello.before_first)
    with _progress(voice) as progress:
        task = progress.add_task("records", total=hello.head_number, completed=file.standing.number)
        try:
            async for line in band.client.ledger(file.standing.number + 1):
                file.record(line.data)
                progress.update(task, completed=line.number)
        except LinkError as error:
            return error
    return None


async def _sign(band: Band, file: LedgerWriter, key: PublicKey | None) -> None:
    """A head over what is in the file; records that came since are brought first."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    signed = await band.client.head(nonce)
    head = read_head(signed, nonce, key)
    async for line in band.client.ledger(file.standing.number + 1, last=head.number):
        if line.number <= head.number:
            file.record(line.data)
    if (head.number, head.hash) != (file.standing.number, file.standing.hash):
        raise NotProven(f"The band's head at {head.number} isn't over the records in the file.")
    file.head(signed)


def _progress(voice: Voice) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=voice.err,
        transient=True,
        disable=voice.as_json or not voice.err.is_terminal,
    )
