"""What the run of all tests taught, kept for whoever writes tests and runs again at once.

A test is learned anew when its own file changed, or one of the product's that it passes; not when
what the tests stand on did. Not for verdicts: no change is judged by an earlier run.
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

    def __init__(self, root: Path, kept: Path) -> None:
        self._root = root
        self._kept = kept
        self._digests: dict[str, str] = {}
        self._lessons: dict[str, tuple[Lesson, str]] = {}

    def open(self) -> None:
        """Use what an earlier run kept."""
        if self._kept.exists():
            self._lessons = pickle.loads(self._kept.read_bytes())

    def recall(self, test: str) -> Lesson | None:
        """Return what this test taught, None when that was about other files."""
        lesson, files = self._lessons.get(test, (None, ""))
        return lesson if lesson is not None and files == self._files(test, lesson) else None

    def keep(self, lessons: Mapping[str, Lesson]) -> None:
        """Keep these for the next run."""
        found = {test: (lesson, self._files(test, lesson)) for test, lesson in lessons.items()}
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        self._kept.write_bytes(pickle.dumps(found))

    def _files(self, test: str, lesson: Lesson) -> str:
        paths = {test.partition("::")[0], *(path for path, _ in lesson.blocks)}
        return _digest(self._digest_of(path) for path in sorted(paths))

    def _digest_of(self, path: str) -> str:
        if path not in self._digests:
            file = self._root / path
            self._digests[path] = _digest([file.read_text() if file.exists() else ""])
        return self._digests[path]


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
