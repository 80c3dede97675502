"""Writing a small file so that it is either the old one or the new one, never a mixture.

For the parts that keep a value in a file of their own. Not for logs, which only append.
"""

from __future__ import annotations

import os
from pathlib import Path


def replace_file(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write `content` beside `path` and put it in its place in one step."""
    fresh = path.with_name(path.name + ".new")
    file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        write_whole(file, content)
        if durable:
            os.fsync(file)
    finally:
        os.close(file)
    os.replace(fresh, path)
    if durable:
        sync_folder(path.parent)


def write_whole(file: int, content: bytes) -> None:
    """Write all of `content`, however many calls the operating system takes for it."""
    view = memoryview(content)
    while view:
        view = view[os.write(file, view) :]


def sync_folder(folder: Path) -> None:
    """Make a rename or a creation in `folder` last."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
