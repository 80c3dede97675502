"""Files of keys and certificates: private keys for their owner alone, nothing overwritten."""

from __future__ import annotations

import json
import os
from pathlib import Path

from cloud.root_tool.errors import RootToolError
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey

SECRET_MODE = 0o600
PUBLIC_MODE = 0o644
MAXIMUM_BYTES = 16_384


def write_new(path: Path, data: bytes, *, mode: int = PUBLIC_MODE) -> None:
    """Write a file that must not exist yet."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as problem:
        raise RootToolError("exists", f"{path} is there already; nothing is overwritten") from (
            problem
        )
    except OSError as problem:
        raise RootToolError("file", f"{path}: {problem.strerror}") from problem
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def write_key(path: Path, key: SoftwareKey) -> None:
    """Write a private key that only the owner of the file may read."""
    write_new(path, key.to_pem(), mode=SECRET_MODE)


def write_public(path: Path, key: PublicKey) -> None:
    """Write a public key as one line of hexadecimal digits."""
    write_new(path, key.data.hex().encode() + b"\n")


def write_json(path: Path, value: dict[str, object]) -> None:
    """Write an object for a person or a program to read."""
    write_new(path, json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n")


def read(path: Path) -> bytes:
    """Return a small file's content."""
    try:
        with path.open("rb") as file:
            data = file.read(MAXIMUM_BYTES + 1)
    except OSError as problem:
        raise RootToolError("file", f"{path}: {problem.strerror}") from problem
    if len(data) > MAXIMUM_BYTES:
        raise RootToolError("file", f"{path} is larger than {MAXIMUM_BYTES} bytes")
    return data


def read_key(path: Path) -> SoftwareKey:
    """Return the private key of a PKCS #8 file."""
    try:
        return SoftwareKey.from_pem(read(path))
    except TrustError as problem:
        raise RootToolError("key", f"{path}: {problem}") from problem


def read_public(path: Path) -> PublicKey:
    """Return the public key of a file of hexadecimal digits."""
    try:
        return PublicKey(bytes.fromhex(read(path).decode("ascii").strip()))
    except ValueError as problem:
        raise RootToolError("key", f"{path} holds no public key in hexadecimal") from problem


def empty_folder(path: Path) -> None:
    """Make a folder for its owner alone; refuse one that holds anything."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(path.iterdir()):
            raise RootToolError("exists", f"{path} is not empty; nothing is overwritten")
    except OSError as problem:
        raise RootToolError("file", f"{path}: {problem.strerror}") from problem
