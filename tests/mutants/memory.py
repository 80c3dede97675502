"""What the run of all tests taught, kept for the next run.

A test is learned anew when its own file changed; all are when the product or what tests stand on
did. Not for verdicts: no change is judged by an earlier run.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.blocks import Block


@dataclass(frozen=True)
class Lesson:
    """What one test taught."""

    passed: bool
    usual_s: float
    blocks: frozenset[Block]


class Memory:
    """Lessons of earlier runs that still hold."""

    def __init__(self, root: Path, kept: Path, files: Iterable[str]) -> None:
        self._root = root
        self._kept = kept
        self._ground = _digest(root / path for path in files)
        self._by_file: dict[str, str] = {}
        self._lessons: dict[tuple[str, str], Lesson] = {}
        if kept.exists():
            ground, lessons = pickle.loads(kept.read_bytes())
            self._lessons = lessons if ground == self._ground else {}

    def recall(self, test: str) -> Lesson | None:
        """Return what this test taught, None when its file is another one now."""
        return self._lessons.get((test, self._file_of(test)))

    def keep(self, lessons: Mapping[str, Lesson]) -> None:
        """Keep these for the next run."""
        found = {(test, self._file_of(test)): lesson for test, lesson in lessons.items()}
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        self._kept.write_bytes(pickle.dumps((self._ground, found)))

    def _file_of(self, test: str) -> str:
        path = test.partition("::")[0]
        if path not in self._by_file:
            self._by_file[path] = _digest([self._root / path])
        return self._by_file[path]


def ground(root: Path, product: Iterable[str], tests: Iterable[str]) -> list[str]:
    """Return the files that every test stands on: the product's, and the tests' that are none."""
    around = (path for name in tests for path in sorted((root / name).rglob("*.py")))
    shared = (path for path in around if not path.name.startswith("test_"))
    return [*product, *(str(path.relative_to(root)) for path in shared)]


def _digest(paths: Iterable[Path]) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()
