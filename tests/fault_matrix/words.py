"""What a screen says, as sentences, and what of it a fault added.

A day without the fault says much too: only what it doesn't say is what the patient was told
because of the fault. Figures that change by themselves don't make a sentence another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields

from mobile.presenters import page
from mobile.presenters.views import Chip, Notice, PageView, Row, View

_SENTENCES = ("title", "lead", "detail", "body", "subtitle", "sentence", "summary", "busy", "note")
_FIGURES = re.compile(r"\d+(?:[.:]\d+)*")
_DAYS = re.compile(r"\b(today|tomorrow|yesterday|[A-Z][a-z]+day)\b", re.IGNORECASE)

RAW = re.compile(
    r"0x|ATT|\b(?:frame|batch|request|status)\b|\bms\b|Error|Exception|Traceback|\bNone\b|\bnull\b|b'|\{|\}|\b\w+_\w+\b|\bTrue\b|\bFalse\b"
)
"""What no person should have to read."""


@dataclass(frozen=True)
class Said:
    """One sentence of a screen; a row of the day's table is said beside the point."""

    text: str
    in_a_row: bool = False

    @property
    def meaning(self) -> str:
        """The same for sentences that differ in figures and hours only."""
        return _DAYS.sub("DAY", _FIGURES.sub("#", self.text))


def said_by(view: View) -> Iterator[Said]:
    """Every sentence that stands on this screen, notices first."""
    values = {each.name: getattr(view, each.name) for each in fields(view)}
    for value in values.values():
        if isinstance(value, Notice):
            yield Said(f"{value.title}: {value.body}")
    for value in values.values():
        if isinstance(value, Chip):
            yield Said(value.text)
    for name in _SENTENCES:
        if isinstance(text := values.get(name), str):
            yield Said(text)
    for name in ("reasons", "steps"):
        yield from (Said(text) for text in values.get(name, ()))
    yield from _rows(values.get("rows", ()))
    if isinstance(view, PageView):
        for block in view.blocks:
            yield from _said_in(block)


def _said_in(block: page.Block) -> Iterator[Said]:
    """Every sentence of a page's block."""
    match block:
        case page.Heading(text=text) | page.Words(text=text):
            yield Said(text)
        case page.Box(notice=notice):
            yield Said(f"{notice.title}: {notice.body}")
        case page.Labels(chips=chips):
            yield from (Said(chip.text) for chip in chips)
        case page.Steps(steps=steps):
            yield from (Said(step) for step in steps)
        case page.Rows(rows=rows):
            yield from _rows(rows)
        case page.Group(blocks=blocks):
            for each in blocks:
                yield from _said_in(each)


def _rows(rows: Iterable[object]) -> Iterator[Said]:
    for row in rows:
        if isinstance(row, Row):
            yield Said(f"{row.label}: {row.value}", in_a_row=True)


def key_of(view: View) -> tuple[str, ...]:
    """The same for screens that differ in figures only, and in what can be touched not at all."""
    touchable = (getattr(view, name, None) for name in ("button", "waiting"))
    name = view.name if isinstance(view, PageView) else type(view).__name__
    return (name, *(said.meaning for said in said_by(view)), *map(str, touchable))


@dataclass
class Words:
    """Everything that was said, each once, in order."""

    said: dict[str, Said] = field(default_factory=dict)

    def say(self, text: str) -> None:
        """Take one sentence that stands on no screen."""
        said = Said(text)
        self.said.setdefault(said.meaning, said)

    def hear(self, view: View) -> None:
        """Take one screen."""
        for said in said_by(view):
            self.said.setdefault(said.meaning, said)

    def beyond(self, usual: Iterable[str]) -> tuple[Said, ...]:
        """What a usual day doesn't say."""
        known = frozenset(usual)
        return tuple(said for meaning, said in self.said.items() if meaning not in known)
