"""One page for the next visit: how far the course is, how the person was, room to write.

In the language spoken; who reads from the right gets the page in English, since the library shapes
no such script without a further one. Days are written as numbers, for any reader.
"""

from __future__ import annotations

from collections.abc import Sequence

from fpdf import FPDF

from mobile.exporting.facts import OwnRecord, Scored, SessionLine
from mobile.kit.tokens import FOLDER, Look, Rgba, read_tokens
from mobile.language import ENGLISH, Sentence, current, told

_FONTS = FOLDER / "fonts"
_FACE = "Atkinson"
_WIDTH_MM, _SIDE_MM, _TOP_MM = 210.0, 18.0, 16.0
_INNER_MM = _WIDTH_MM - 2 * _SIDE_MM
LATEST_SESSIONS, LATEST_SCORES = 12, 6
_ROOM_LINES = 4


def visit_page(record: OwnRecord) -> bytes:
    """Return the page as PDF."""
    page = _Page(record)
    page.head()
    page.course()
    page.sessions(record.sessions[-LATEST_SESSIONS:])
    page.scores(record.checkins[-LATEST_SCORES:])
    page.room_to_write()
    page.foot()
    return bytes(page.pdf.output())


class _Page:
    """A sheet that is filled from the top."""

    def __init__(self, record: OwnRecord) -> None:
        self.record = record
        self.colours = read_tokens(Look.LIGHT).colours
        self.pdf = pdf = FPDF(format="A4")
        pdf.set_auto_page_break(False)
        pdf.set_margins(_SIDE_MM, _TOP_MM, _SIDE_MM)
        pdf.add_font(_FACE, "", _FONTS / "AtkinsonHyperlegibleNext-Regular.ttf")
        pdf.add_font(_FACE, "B", _FONTS / "AtkinsonHyperlegibleNext-Bold.ttf")
        pdf.set_title(_("For your next visit"))
        pdf.set_creator("Circlet")
        pdf.set_creation_date(record.now.here)
        pdf.add_page()

    def head(self) -> None:
        """Whose it is, and of when."""
        record = self.record
        self._line(_("For your next visit"), size=22, bold=True, colour="teal", after_mm=1)
        made = _("{initials}, {clinic}, made {when}").format(
            initials=record.initials,
            clinic=record.clinic_name,
            when=self._when(record.now.wall_ms),
        )
        self._line(made, colour="ink_soft", after_mm=4)

    def course(self) -> None:
        """How far it is, as a bar with its words."""
        record = self.record
        count = max(record.sessions_planned, len(record.sessions), 1)
        words = _("Complete sessions: {done} of {count}").format(done=record.completed, count=count)
        self._line(words, size=15, bold=True, after_mm=2)
        top = self.pdf.get_y()
        self._box(_SIDE_MM, top, _INNER_MM, 4, "line")
        self._box(_SIDE_MM, top, _INNER_MM * min(1.0, record.completed / count), 4, "data")
        self.pdf.set_y(top + 6)
        self._line(
            _("{treatment}. {pulses} pulses in all.").format(
                treatment=record.treatment, pulses=record.pulses
            ),
            colour="ink_soft",
            after_mm=4,
        )

    def sessions(self, sessions: Sequence[SessionLine]) -> None:
        """The latest sessions, one line each."""
        self._heading(_("Latest sessions"))
        if not sessions:
            self._line(_("None yet."), colour="ink_soft")
        for session in sessions:
            words = (
                _("complete")
                if session.completed
                else _("{given} of {planned} pulses").format(
                    given=session.charged_pulses, planned=session.planned_pulses
                )
            )
            self._row(
                _("Session {number}").format(number=session.number),
                self._when(session.ended_ms),
                words,
            )

    def scores(self, checkins: Sequence[Scored]) -> None:
        """The latest check-ins; a score's own label stands below them."""
        self._heading(_("Latest check-ins"))
        if not checkins:
            self._line(_("None yet."), colour="ink_soft")
        for checkin in checkins:
            score = (
                _("no score")
                if checkin.score is None
                else _("{score} of {maximum}").format(score=checkin.score, maximum=checkin.maximum)
            )
            band = f" ({_(checkin.band)})" if checkin.band else ""
            self._row(_(checkin.title), self._when(checkin.answered_ms), f"{score}{band}")
        for label in sorted({_(checkin.label) for checkin in checkins if checkin.label}):
            self._line(label, size=9, colour="ink_soft")

    def room_to_write(self) -> None:
        """Lines for what the person wants to ask."""
        self._heading(_("What I want to ask"))
        for _number in range(_ROOM_LINES):
            self.pdf.set_y(self.pdf.get_y() + 8)
            self._box(_SIDE_MM, self.pdf.get_y(), _INNER_MM, 0.3, "ink_soft")

    def foot(self) -> None:
        """Where the figures come from."""
        self.pdf.set_y(-22)
        words = _(
            "Made on the patient's phone from the band's record up to line {number}. The clinic's "
            "own, verified record may hold more."
        ).format(number=self.record.record_number)
        self._line(words, size=9, colour="ink_soft")

    def _heading(self, text: str) -> None:
        self.pdf.set_y(self.pdf.get_y() + 4)
        self._line(text, size=13, bold=True, after_mm=1)

    def _row(self, first: str, second: str, third: str) -> None:
        pdf = self.pdf
        self._ink("ink", size=11, bold=False)
        for text, width in ((first, 0.34), (second, 0.33)):
            pdf.cell(_INNER_MM * width, 6, text)
        pdf.cell(0, 6, third, new_x="LMARGIN", new_y="NEXT")

    def _line(
        self,
        text: str,
        *,
        size: float = 11,
        bold: bool = False,
        colour: str = "ink",
        after_mm: float = 0,
    ) -> None:
        self._ink(colour, size=size, bold=bold)
        self.pdf.multi_cell(0, size * 0.5, text, new_x="LMARGIN", new_y="NEXT")
        self.pdf.set_y(self.pdf.get_y() + after_mm)

    def _ink(self, colour: str, *, size: float, bold: bool) -> None:
        self.pdf.set_font(_FACE, "B" if bold else "", size)
        self.pdf.set_text_color(*_rgb(self.colours[colour]))

    def _box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        if width <= 0:
            return
        self.pdf.set_fill_color(*_rgb(self.colours[colour]))
        self.pdf.rect(x, y, width, height, style="F")

    def _when(self, wall_ms: int | None) -> str:
        if wall_ms is None:
            return ""
        return self.record.now.local(wall_ms).strftime("%Y-%m-%d %H:%M")


def _(text: str) -> str:
    """Say a text as everywhere, but in English where the language is one that isn't shaped here."""
    return Sentence(text, ENGLISH) if current().is_mirrored else told(text)


def _rgb(colour: Rgba) -> tuple[int, int, int]:
    red, green, blue = (round(part * 255) for part in colour[:3])
    return red, green, blue
