"""Files of keys and statements: whole or not there, private keys for their owner alone, nothing
overwritten."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from cloud.root_tool.errors import RootToolError
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey

SECRET_MODE = 0o600
PUBLIC_MODE = 0o644
FOLDER_MODE = 0o700
MAXIMUM_BYTES = 262_144


def write_new(path: Path, data: bytes, *, mode: int = PUBLIC_MODE) -> None:
    """Write a file that must not exist yet; a crash leaves none, never a part."""
    refuse_if_there(path)
    part = _part_of(path)
    try:
        _write(part, data, mode)
        _give_name(part, path)
    except FileExistsError as problem:
        raise _is_there(path) from problem
    except OSError as problem:
        raise RootToolError("file", f"{path}: {problem.strerror}") from problem
    finally:
        part.unlink(missing_ok=True)


def write_public(path: Path, key: PublicKey) -> None:
    """Write a public key as one line of hexadecimal digits."""
    write_new(path, key.data.hex().encode() + b"\n")


def write_json(path: Path, value: object) -> None:
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


def read_object(path: Path) -> dict[str, object]:
    """Return a file's JSON object."""
    try:
        value = json.loads(read(path))
    except (ValueError, RecursionError) as problem:
        raise RootToolError("json", f"{path} is not JSON") from problem
    if not isinstance(value, dict):
        raise RootToolError("json", f"{path} is not a JSON object")
    return value


def read_public(path: Path) -> PublicKey:
    """Return the public key of a file of hexadecimal digits."""
    try:
        return PublicKey(bytes.fromhex(read(path).decode("ascii").strip()))
    except TrustError as problem:
        raise RootToolError("key", f"{path}: {problem}") from problem
    except ValueError as problem:
        raise RootToolError("key", f"{path} holds no public key in hexadecimal") from problem


@contextlib.contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a folder to fill, for its owner alone; it gets its name once it is whole.

    ``path`` must not exist or be empty. When filling it fails, nothing is left of it.
    """
    refuse_unless_empty(path)
    part = _part_of(path)
    try:
        part.mkdir(parents=True, mode=FOLDER_MODE)
        yield part
    except OSError as problem:
        shutil.rmtree(part, ignore_errors=True)
        raise RootToolError("file", f"{path}: {problem.strerror}") from problem
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    _name_folder(part, path)


def refuse_if_there(path: Path) -> None:
    """Raise RootToolError where there is a file, before any work is done for it."""
    if path.exists():
        raise _is_there(path)


def refuse_unless_empty(path: Path) -> None:
    """Raise RootToolError where there is a file, or a folder that holds anything."""
    if path.is_dir():
        if any(path.iterdir()):
            raise RootToolError("exists", f"{path} is not empty; nothing is overwritten")
    else:
        refuse_if_there(path)


def _part_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")


def _write(path: Path, data: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _give_name(part: Path, path: Path) -> None:
    """Link, which never overwrites; a memory stick's file system has no links."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:
        refuse_if_there(path)
        part.rename(path)


def _name_folder(part: Path, path: Path) -> None:
    try:
        part.rename(path)
    except OSError as problem:
        raise RootToolError(
            "file", f"{path}: {problem.strerror}; all of it stands in {part}: rename that"
        ) from problem


def _is_there(path: Path) -> RootToolError:
    return RootToolError("exists", f"{path} is there already; nothing is overwritten")
