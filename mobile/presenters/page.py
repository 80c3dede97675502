"""A page put together from blocks: what a new screen is made of, without a widget of its own.

A presenter composes blocks; one screen draws them all. Every page says what now, why, and what if
something is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mobile.presenters.pieces import Call, Chip, Choice, Notice, Row
from mobile.presenters.pieces import Tab as Tab
from mobile.presenters.views import PageView as PageView


@dataclass(frozen=True)
class Heading:
    """The name of what follows."""

    text: str


@dataclass(frozen=True)
class Words:
    """A paragraph. ``soft`` explains, ``small`` is beside the matter, ``large`` is a question."""

    text: str
    soft: bool = False
    small: bool = False
    large: bool = False


@dataclass(frozen=True)
class Ask:
    """What a page asks: it stays in sight while its answers, which are to follow, scroll.

    ``help`` says what counts; ``why`` says what the question is for, in a sheet of its own with
    ``why_title``; ``about`` is what it's of, to be read with it; ``note`` is beside the matter. The
    answers stand low, in reach of a thumb.
    """

    text: str
    help: str = ""
    why: str = ""
    why_title: str = ""
    note: str = ""
    about: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A number that matters, with what it counts."""

    text: str
    note: str


@dataclass(frozen=True)
class Rows:
    """Lines that say how things stand; some lead somewhere."""

    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Choices:
    """Answers to pick. ``chosen`` holds the ids that are; with ``many`` each one toggles.

    ``group`` tells several sets of choices on one page apart: it comes back in `Choose.group`.
    """

    choices: tuple[Choice, ...]
    chosen: frozenset[str] = frozenset()
    group: str = ""
    many: bool = False


@dataclass(frozen=True)
class Scale:
    """Answers that are numbers, beside each other; ``low`` and ``high`` say what the ends mean."""

    choices: tuple[Choice, ...]
    chosen: frozenset[str] = frozenset()
    group: str = ""
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class LongRows:
    """Many lines, such as a year's: only those in sight are made.

    A row of a label alone heads those below it.
    """

    rows: tuple[Row, ...]


class PadKind(StrEnum):
    """What is on a pad: a light to answer, or two targets to tap in turn."""

    LIGHT = "light"
    TARGETS = "targets"


@dataclass(frozen=True)
class Pad:
    """A surface at the foot that measures touches and tells each as `Padded(name, run, ...)`.

    A new ``run`` begins anew. A light comes ``wait_ms`` after it and goes after ``limit_ms``
    without an answer; targets end ``limit_ms`` after the first touch.
    """

    name: str
    kind: PadKind
    run: int
    limit_ms: int
    wait_ms: int = 0
    words: str = ""
    targets: tuple[str, ...] = ()


class Mark(StrEnum):
    """What a day of the calendar was, or is to be."""

    NONE = "none"
    DONE = "done"
    PARTIAL = "partial"
    MISSED = "missed"
    PLANNED = "planned"


@dataclass(frozen=True)
class DayCell:
    """A day: its number, and its mark; ``today`` has a frame of its own."""

    text: str
    mark: Mark = Mark.NONE
    today: bool = False


@dataclass(frozen=True)
class Week:
    """Seven days; ``label`` stands above where a month begins."""

    cells: tuple[DayCell, ...]
    label: str = ""


@dataclass(frozen=True)
class Calendar:
    """Weeks below each other; ``legend`` says each mark in a word, ``words`` the whole for who
    can't see it."""

    weekdays: tuple[str, ...]
    weeks: tuple[Week, ...]
    legend: tuple[tuple[Mark, str], ...]
    words: str


@dataclass(frozen=True)
class Zone:
    """A named range of values behind a chart, both ends included."""

    lowest: float
    highest: float
    name: str


@dataclass(frozen=True)
class Tick:
    """A place on the time axis, in days, with its word."""

    at: float
    text: str


@dataclass(frozen=True)
class Axis:
    """The time that all charts of one page share, in days from its beginning."""

    days: float
    ticks: tuple[Tick, ...]


@dataclass(frozen=True)
class Dot:
    """A value at a time."""

    at: float
    value: float


class BarKind(StrEnum):
    """How a session's bar looks: whole, lighter with its number, or a cross."""

    WHOLE = "whole"
    PARTIAL = "partial"
    MISSED = "missed"


@dataclass(frozen=True)
class Bar:
    """A session's dose at a time; ``label`` is a partial one's number."""

    at: float
    value: float
    kind: BarKind
    label: str = ""


@dataclass(frozen=True)
class Chart:
    """Values over time. ``zones`` lie behind, ``line`` steps where what is prescribed changes,
    ``last`` labels the newest value, ``key`` says which direction is better and what the ranges
    are, ``words`` say it all for who can't see it."""

    title: str
    highest: float
    words: str
    lowest: float = 0
    zones: tuple[Zone, ...] = ()
    dots: tuple[Dot, ...] = ()
    bars: tuple[Bar, ...] = ()
    line: tuple[Dot, ...] = ()
    line_name: str = ""
    last: str = ""
    key: str = ""


@dataclass(frozen=True)
class Charts:
    """Charts below each other over one time axis."""

    axis: Axis
    charts: tuple[Chart, ...]


@dataclass(frozen=True)
class Box:
    """A coloured word; with ``action`` it's touched as a whole."""

    notice: Notice
    action: str | None = None


@dataclass(frozen=True)
class Labels:
    """Chips beside each other."""

    chips: tuple[Chip, ...]


@dataclass(frozen=True)
class Steps:
    """What to do, in order."""

    steps: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """A line to type into. What is typed comes as `Typed(name, text)`, letter by letter.

    ``text`` is what stands there when the page opens; ``lines`` above 1 makes room for more;
    ``secret`` shows dots; ``digits`` asks for the number keyboard; ``limit`` is in characters.
    """

    name: str
    label: str
    text: str = ""
    lines: int = 1
    secret: bool = False
    digits: bool = False
    limit: int = 200


@dataclass(frozen=True)
class Drawing:
    """A picture from the kit, by name, and its words for who can't see it."""

    name: str
    words: str


@dataclass(frozen=True)
class BandSeat:
    """A live picture of the band on a head: whether it touches, and whether it's in its place.

    None where the band's last word is not of now. ``words`` say the same.
    """

    initials: str
    contact: bool | None
    position_ok: bool | None
    words: str


@dataclass(frozen=True)
class Count:
    """A bar: so many of so many."""

    done: int
    count: int


@dataclass(frozen=True)
class Push:
    """A button; ``strong`` for the one that leads on, ``danger`` for what removes or takes back.

    With ``why_not`` it can't be touched, and says that instead: what is missing, in a few words.
    """

    text: str
    action: str
    strong: bool = False
    danger: bool = False
    why_not: str = ""

    @property
    def enabled(self) -> bool:
        """Whether it can be touched."""
        return not self.why_not


@dataclass(frozen=True)
class Group:
    """A white sheet around blocks that belong together."""

    blocks: tuple[Block, ...]


Block = (
    Heading
    | Words
    | Ask
    | Figure
    | Rows
    | Choices
    | Scale
    | LongRows
    | Calendar
    | Charts
    | Pad
    | Box
    | Labels
    | Steps
    | Field
    | Drawing
    | BandSeat
    | Count
    | Push
    | Call
    | Group
)
