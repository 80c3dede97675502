"""What each screen shows: frozen values, words already chosen, nothing left to decide.

One view is shown at a time. Every view says what now, why, and what if something is wrong. A start
imports this; what pages are made of is in `page`, which it does without.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mobile.language import _
from mobile.presenters.pieces import Call, Chip, Choice, Notice, Row, Tab, Tone

if TYPE_CHECKING:
    from mobile.presenters.page import BandSeat, Block, Push

__all__ = [
    "AfterView",
    "Call",
    "Chip",
    "Choice",
    "HelpView",
    "MessageView",
    "Notice",
    "PageView",
    "PairView",
    "ReadyView",
    "Row",
    "SessionView",
    "Tab",
    "TodayView",
    "Tone",
    "View",
    "WelcomeView",
    "screen_of",
]


@dataclass(frozen=True)
class WelcomeView:
    """Enrolment: the code from the clinic's letter and the birth date.

    ``code`` is what a letter's link has typed already.
    """

    title: str
    body: str
    code_hint: str
    birth_date_hint: str
    button: str
    busy: str | None = None
    problem: Notice | None = None
    help_button: str | None = None
    code: str = ""
    languages: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class PairView:
    """Connect the band, step by step. ``number`` is the six digits to compare.

    ``waiting`` says what is waited for, ``seconds_left`` how long at most; ``cancel`` leads out.
    """

    title: str
    step: str
    body: str
    number: str | None
    question: str | None
    choices: tuple[Choice, ...]
    note: str | None = None
    button: str | None = None
    problem: Notice | None = None
    button_action: str = "find-band"
    drawing: str = "band"
    help_button: str | None = None
    waiting: str | None = None
    seconds_left: int | None = None
    cancel: Choice | None = None


@dataclass(frozen=True)
class TodayView:
    """The day at a glance: one card that says what now, rows that say how things stand.

    ``call`` is whom to call, in the card; ``later`` is told below it: what comes unless something
    changes.
    """

    greeting: str
    subtitle: str
    sessions_done: int
    sessions_planned: int
    chip: Chip
    lead: str | None
    title: str
    detail: str | None
    body: str
    reasons: tuple[str, ...]
    button: str | None
    button_action: str | None
    rows: tuple[Row, ...]
    notice: Notice | None = None
    call: Call | None = None
    later: Notice | None = None
    help_button: str = field(default_factory=lambda: _("Emergency"))


@dataclass(frozen=True)
class ReadyView:
    """Armed: START opens the half minute in which the band's button starts."""

    title: str
    subtitle: str
    initials: str
    body: str
    button: str | None
    waiting: str | None
    seconds_left: int
    chip: Chip
    stop_label: str
    stop_note: str
    notice: Notice | None = None


@dataclass(frozen=True)
class SessionView:
    """A session: ring of trains, time left, pulses; STOP fills the lower third.

    ``pulses`` says of the ``figures`` what is left where there's no room for the trains.
    ``link_lost`` greys the ring: the figures are then the last known ones. ``paused`` offers to go
    on; ``still_here`` asks for a touch. Where the buttons are ``even``, none of them leads.
    ``seat`` shows how the band sits, where it has to be put right.
    """

    title: str
    subtitle: str
    chip: Chip
    trains: int
    train: int
    trains_done: int
    big: str
    big_note: str
    figures: str
    pulses: str
    sentence: str | None
    link_lost: bool
    paused: bool
    still_here: bool
    buttons: tuple[Choice, ...]
    stop_label: str
    stop_note: str
    even: bool = False
    seat: BandSeat | None = None


@dataclass(frozen=True)
class AfterView:
    """After a session: what happened and the side-effect question.

    With ``why_not`` the button can't be touched, and says what is missing.
    """

    title: str
    subtitle: str
    summary: str
    question: str
    choices: tuple[Choice, ...]
    chosen: str | None
    help: str
    red_flag: Notice
    button: str
    why_not: str = ""
    button_action: str = "done"
    red_flag_action: str = "help"
    help_button: str = field(default_factory=lambda: _("Emergency"))


@dataclass(frozen=True)
class HelpView:
    """Emergency and help: the ``first`` sentence, whom to call, what to do, ``others`` to call."""

    title: str
    first: str
    calls: tuple[Call, ...]
    steps: tuple[str, ...]
    button: str
    others: tuple[Call, ...] = ()
    button_action: str = "back"


@dataclass(frozen=True)
class MessageView:
    """A full-screen word about a problem or a wait, with one next step (``home`` unless named).

    ``calls`` say who helps with it; a problem has the ``help_button`` as every page does.
    """

    title: str
    body: str
    tone: Tone
    button: str | None
    button_action: str | None
    calls: tuple[Call, ...] = ()
    help_button: str | None = None


@dataclass(frozen=True)
class PageView:
    """One page. ``tab`` shows the bar of places; ``place`` says when to scroll back to the top."""

    name: str
    title: str
    subtitle: str = ""
    blocks: tuple[Block, ...] = ()
    foot: tuple[Push, ...] = ()
    tab: Tab | None = None
    help_button: str | None = None
    place: str = ""
    notice: Notice | None = field(default=None)


View = (
    WelcomeView
    | PairView
    | TodayView
    | ReadyView
    | SessionView
    | AfterView
    | HelpView
    | MessageView
    | PageView
)

_SCREENS: dict[type[object], str] = {
    WelcomeView: "welcome",
    PairView: "pair",
    TodayView: "today",
    ReadyView: "ready",
    SessionView: "session",
    AfterView: "after",
    HelpView: "help",
    MessageView: "message",
}


def screen_of(view: View) -> str:
    """Return the name by which scripts and tests wait for a view; a page has a name of its own."""
    return view.name if isinstance(view, PageView) else _SCREENS[type(view)]
