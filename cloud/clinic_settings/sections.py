"""The sections of the settings: which field stands where, with its limit in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cloud.clinic_settings.form import DAY_NAMES, LABELS
from cloud.language import _, told
from cloud.oncall.rota import DAYS


class Kind(StrEnum):
    """How a field is typed: in one line, an entry a line, or a box to tick."""

    LINE = "line"
    LINES = "lines"
    BOX = "box"


@dataclass(frozen=True)
class Field:
    """A field with its label; ``hint`` says what it takes, ``size`` its characters or rows."""

    name: str
    kind: Kind
    label: str
    hint: str
    size: int


@dataclass(frozen=True)
class Section:
    """Fields that belong together; ``lead`` is said before them."""

    id: str
    title: str
    lead: str
    fields: tuple[Field, ...]


def sections() -> tuple[Section, ...]:
    """Return the sections, in the language spoken."""
    return (_numbers(), _hours(), _medicines(), _asked())


def label_of(name: str) -> str:
    """Return a field's label in words."""
    if name in DAY_NAMES:
        return _("Open, {day}").format(day=told(DAYS[DAY_NAMES.index(name)]))
    return told(LABELS[name]) if name in LABELS else name


def _numbers() -> Section:
    return Section(
        "numbers",
        _("Crisis and telephone numbers"),
        "",
        (
            _line("emergency_number", _("What to dial for an ambulance. 2 to 15 digits.")),
            _line("day_number", _("Who answers while the clinic is open. 2 to 15 digits.")),
            _line(
                "on_call_number",
                _("Who answers at other hours. Left empty, the phones say that nobody is on call."),
            ),
            _lines("crisis_lines", _("One a line, Name: number. At most 8."), 4),
            _lines(
                "safety_plan",
                _("Shown at thoughts of self-harm. At most 10 lines of 200 characters."),
                5,
            ),
        ),
    )


def _hours() -> Section:
    return Section(
        "hours",
        _("Opening hours"),
        _("8:00-12:00, 13:00-17:00; empty: closed"),
        (
            *(_line(name, "", 80) for name in DAY_NAMES),
            _lines("closed_days", _("One date a line, like 2026-12-25. At most 60."), 3),
            _line("zone", _("A name like Europe/Berlin."), 64),
            _line("clinic_name", _("At most 128 characters."), 128),
        ),
    )


def _medicines() -> Section:
    return Section(
        "medicines",
        _("Medicine list"),
        _(
            "A change of a medicine that is not called harmless holds the session until a person "
            "has looked at it."
        ),
        (
            _lines("harmless", _("One a line, at most 80 characters. A change is a note only."), 5),
            _lines("holding", _("One a line. At most 200 medicines in both lists."), 7),
        ),
    )


def _asked() -> Section:
    return Section(
        "asked",
        _("What the phones ask"),
        "",
        (
            _box("asks_pregnancy", _("Ask whether somebody could be pregnant")),
            _box("ear_protection", _("Ask for ear protection")),
            _lines("instruments", _("One a line, name: days, like phq-9: 7. At most 12."), 4),
            _lines(
                "ready_sentences", _("One a line, name: answer. At most 12, of 120 characters."), 4
            ),
            _box("lessons", _("Ask everybody for the lessons once more")),
        ),
    )


def _line(name: str, hint: str, size: int = 40) -> Field:
    return Field(name, Kind.LINE, label_of(name), hint, size)


def _lines(name: str, hint: str, rows: int) -> Field:
    return Field(name, Kind.LINES, label_of(name), hint, rows)


def _box(name: str, words: str) -> Field:
    return Field(name, Kind.BOX, words, "", 0)
