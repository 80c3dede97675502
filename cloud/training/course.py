"""The course as it stands in course.toml: parts, facts with their sources, questions, changes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cloud.errors import NotFound
from cloud.language import mark

FILE = Path(__file__).with_name("course.toml")
CHECKED = {
    "read": mark("read"),
    "abstract read": mark("its abstract was read"),
    "recalled": mark("cited without the paper at hand"),
    "own": mark("this product's own, not from the literature"),
}
"""How far a source was looked at, in words."""


@dataclass(frozen=True)
class Fact:
    """One paragraph, where it comes from, and how far that was looked at."""

    text: str
    source: str
    checked: str

    @property
    def checked_words(self) -> str:
        """How far the source was looked at, in words."""
        return CHECKED[self.checked]


@dataclass(frozen=True)
class Answer:
    """An answer that may be chosen, and why it is right or wrong."""

    text: str
    why: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question with one right answer."""

    prompt: str
    answers: tuple[Answer, ...]

    def __post_init__(self) -> None:
        if sum(each.right for each in self.answers) != 1:
            raise ValueError(f"questions: {self.prompt!r} has not one right answer")


@dataclass(frozen=True)
class Part:
    """A part; its ``version`` is that of the course in which it changed last."""

    id: str
    version: int
    title: str
    facts: tuple[Fact, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Change:
    """What a version of the course changed."""

    version: int
    text: str


@dataclass(frozen=True)
class Course:
    """The course of one version."""

    version: int
    parts: tuple[Part, ...]
    changes: tuple[Change, ...]

    def __post_init__(self) -> None:
        newest = max(each.version for each in self.parts)
        if newest > self.version or self.version not in {each.version for each in self.changes}:
            raise ValueError(f"version: {self.version} is older than a part, or changes nothing")

    def part(self, part_id: str) -> Part:
        """Return a part; raise NotFound."""
        for each in self.parts:
            if each.id == part_id:
                return each
        raise NotFound("The course has no such part.")

    def after(self, part: Part) -> Part | None:
        """Return the part that follows, None after the last."""
        at = self.parts.index(part) + 1
        return self.parts[at] if at < len(self.parts) else None


@cache
def course() -> Course:
    """Return the course."""
    return read_course(FILE.read_text("utf-8"))


def read_course(text: str) -> Course:
    """Return the course that a TOML file says; raise ValueError, KeyError or TypeError else."""
    said = tomllib.loads(text)
    return Course(
        version=said["version"],
        parts=tuple(_part(each) for each in said["parts"]),
        changes=tuple(Change(**each) for each in said["changes"]),
    )


def _part(said: dict[str, Any]) -> Part:
    facts = tuple(Fact(**each) for each in said["facts"])
    if any(each.checked not in CHECKED for each in facts):
        raise ValueError(f"checked: {said['id']} has a source of unknown standing")
    return Part(
        id=said["id"],
        version=said["version"],
        title=said["title"],
        facts=facts,
        questions=tuple(_question(each) for each in said["questions"]),
    )


def _question(said: dict[str, Any]) -> Question:
    return Question(said["prompt"], tuple(Answer(**each) for each in said["answers"]))
