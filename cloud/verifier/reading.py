"""Opens a ledger file to be judged: a regular one, not too large, with a header; and keys."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cloud.verifier.errors import Unusable
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.wire import ledger_reading
from shared.wire.errors import WireError
from shared.wire.ledger_reading import LedgerFile

KEY_FILE_BYTES_MAX = 4096
FILE_BYTES_MAX = 512 * 1024 * 1024
"""Own figure: twice what 1,000,000 of the largest records take as JSON lines."""


@contextmanager
def opened(path: Path, *, bytes_max: int = FILE_BYTES_MAX) -> Iterator[LedgerFile]:
    """Open a file; raise Unusable where it is none, too large, or has no header."""
    try:
        file = path.open("rb")
    except OSError as problem:
        raise Unusable(f"{path}: {problem.strerror}") from problem
    with file:
        _check_size(file, path, bytes_max)
        try:
            begun = ledger_reading.begin(file)
        except WireError as problem:
            raise Unusable(f"{path}: {problem}") from problem
        yield begun


def public_key(option: str, given: str) -> PublicKey:
    """Return the key of a file, or of hexadecimal digits; raise Unusable naming the option."""
    digits = given
    if Path(given).is_file():
        digits = Path(given).read_bytes()[:KEY_FILE_BYTES_MAX].decode("ascii", "replace")
    try:
        return PublicKey(bytes.fromhex(digits.strip()))
    except (ValueError, TrustError) as problem:
        words = f"{option} {given:.60}: is neither a file nor a key in hexadecimal"
        raise Unusable(words) from problem


def _check_size(file: BinaryIO, path: Path, bytes_max: int) -> None:
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        raise Unusable(f"{path}: is no regular file")
    if status.st_size > bytes_max:
        raise Unusable(f"{path}: has {status.st_size} bytes, at most {bytes_max} are read")
