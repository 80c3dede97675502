"""A ledger file as this tool writes it: begun, gone on with where it ended, and read to be judged.

docs/verifying.md has the format; `circlet-verify` judges the same files. A record is in the file as
a whole line or not at all: a line that was cut off is taken away before the file goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from firmware_bridge.tool.errors import FileUnusable
from shared.dose import ledger
from shared.wire import ledger_file, ledger_reading
from shared.wire.batches import number_of
from shared.wire.errors import WireError
from shared.wire.fields import unpack
from shared.wire.ledger_file import Header, Line, LineKind, Spelling, Start
from shared.wire.ledger_reading import LedgerFile


@dataclass(frozen=True)
class Standing:
    """Where a file ends: its last record's number and the chain's hash there."""

    number: int
    hash: bytes

    @classmethod
    def before_all(cls, header: Header) -> Standing:
        """Before record 1."""
        return cls(0, ledger.genesis(header.device_id, header.epoch).hash)

    def after(self, record: bytes) -> Standing:
        """Behind one more record."""
        return Standing(number_of(record), ledger.chain_hash(self.hash, record))


@contextmanager
def opened(path: Path) -> Iterator[LedgerFile]:
    """Open a file to read; FileUnusable where it is none."""
    try:
        with path.open("rb") as file:
            yield ledger_reading.begin(file)
    except OSError as problem:
        raise FileUnusable(path, problem.strerror or "doesn't read") from problem
    except WireError as problem:
        raise FileUnusable(path, f"is no ledger file: {problem}") from problem


class LedgerWriter:
    """Parser lines to a file; every line is flushed, so that what was told stays."""

    def __init__(self, file: BinaryIO, spelling: Spelling, standing: Standing) -> None:
        self._file, self._spelling = file, spelling
        self.standing = standing

    def __enter__(self) -> LedgerWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def record(self, data: bytes) -> None:
        """The next record."""
        self._write(Line(LineKind.RECORD, data))
        self.standing = self.standing.after(data)

    def head(self, data: bytes) -> None:
        """A signed head over what stands in the file."""
        self._write(Line(LineKind.HEAD, data))

    def start(self, number: int, chain_hash: bytes) -> None:
        """The records up to here were overwritten at the band."""
        self._write(Start(number, chain_hash).line)
        self.standing = Standing(number, chain_hash)

    def _write(self, line: Line) -> None:
        self._file.write(ledger_file.encode(line, self._spelling))
        self._file.flush()


def open_writer(path: Path, header: Header) -> LedgerWriter:
    """Begin a file, or go on with one of the same device and epoch."""
    try:
        if not path.exists():
            return _begin(path, header)
        return _go_on(path, header)
    except OSError as problem:
        raise FileUnusable(path, problem.strerror or "can't be written") from problem


def _begin(path: Path, header: Header) -> LedgerWriter:
    spelling = Spelling.CBOR if path.suffix == f".{Spelling.CBOR}" else Spelling.JSON
    file = path.open("xb")
    file.write(ledger_file.encode(header, spelling))
    file.flush()
    return LedgerWriter(file, spelling, Standing.before_all(header))


def _go_on(path: Path, header: Header) -> LedgerWriter:
    with path.open("rb") as file:
        try:
            found = ledger_reading.begin(file)
            standing, end = _end_of(file, found)
        except WireError as problem:
            raise FileUnusable(path, f"can't be gone on with: {problem}") from problem
    if (found.header.device_id, found.header.epoch) != (header.device_id, header.epoch):
        raise FileUnusable(path, "is of another band, or of this one before it was taken over")
    writing = path.open("r+b")
    writing.truncate(end)
    writing.seek(end - 1)
    if found.spelling is Spelling.JSON and writing.read(1) != b"\n":
        writing.write(b"\n")
    writing.seek(0, SEEK_END)
    return LedgerWriter(writing, found.spelling, standing)


def _end_of(file: BinaryIO, found: LedgerFile) -> tuple[Standing, int]:
    """What the whole lines come to, and where the last of them ends."""
    standing, end = Standing.before_all(found.header), file.tell()
    for placed in found.lines:
        line = placed.content
        if not isinstance(line, Line):
            if file.read(1):
                raise WireError(placed.place, line.problem)
            return standing, end
        if line.kind is LineKind.RECORD:
            standing = standing.after(line.data)
        elif line.kind is LineKind.START:
            start = unpack(Start, line.data)
            standing = Standing(start.number, start.hash)
        end = file.tell()
    return standing, end
