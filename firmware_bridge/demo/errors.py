"""What can be wrong with a demonstration's folder."""

from __future__ import annotations

from pathlib import Path


class KeysUnusable(Exception):
    """The folder of keys lacks a file, or holds one that doesn't read."""

    code = "demo.keys"

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
