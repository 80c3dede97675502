"""Another clinic, another band, and the band going back: what moves, and the last steps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from mobile.language import _, n_
from mobile.presenters.page import Block, Box, Group, Heading, PageView, Push, Rows, Steps, Words
from mobile.presenters.pieces import Notice, Row, Tone
from shared.care.card import ClinicCard, dialled


@dataclass(frozen=True)
class ChangeFacts:
    """``waiting`` counts what this clinic hasn't been sent; ``asked`` that the person was told
    that it would be lost."""

    card: ClinicCard
    waiting: int
    reachable: bool
    band_is_free: bool
    asked: bool = False


class Going(Enum):
    """How far the band is on its way back."""

    NO_WORD = auto()
    READY = auto()
    HANDED_OVER = auto()
    ALL_SENT = auto()


@dataclass(frozen=True)
class ReturnFacts:
    """``near`` is whether the band is connected; ``waiting`` counts what isn't sent yet."""

    card: ClinicCard
    going: Going
    near: bool
    waiting: int
    problem: str | None = None


def change_page(facts: ChangeFacts) -> PageView:
    """Return the page about going on at another clinic."""
    blocks: list[Block] = [
        Group(
            (
                Heading(_("What moves with you")),
                Words(
                    _(
                        "The band, if your new clinic takes it over, with its whole record. Its "
                        "limits go on counting, whoever treats you."
                    )
                ),
                Words(_("Your notes, messages and check-ins on this phone stay on it.")),
            )
        ),
        Group(
            (
                Heading(_("What doesn't")),
                Words(
                    _(
                        "Your plan ends here; the new clinic signs one of its own. It doesn't see "
                        "what you told {clinic}: export it from the history, if it should."
                    ).format(clinic=facts.card.clinic_name)
                ),
            )
        ),
        Heading(_("The steps")),
        Steps(
            (
                _("Tell {clinic}. It signs that it lets the band go.").format(
                    clinic=facts.card.clinic_name
                ),
                _("On the page 'The band goes back', let the band go."),
                _("Your new clinic gives you a code. Enter it here."),
                _("Connect the band once more. It asks for its button."),
            )
        ),
    ]
    if facts.waiting:
        blocks.insert(0, _unsent(facts))
    elif not facts.band_is_free:
        blocks.insert(
            0,
            Box(
                Notice(
                    _("The band still belongs to {clinic}").format(clinic=facts.card.clinic_name),
                    _("A new clinic can't use it before it's let go. It may bring another band."),
                    Tone.PLAIN,
                )
            ),
        )
    first = n_("Send it first", "Send them first", facts.waiting)
    send = (Push(first, "send-first", strong=True),) if facts.waiting else ()
    begin = Push(_("I have a code of the new clinic"), "begin", strong=not facts.waiting)
    if facts.asked:
        begin = Push(_("Go on, and lose what isn't sent"), "begin", danger=True)
    return PageView(
        name="change-of-clinic",
        title=_("Another clinic"),
        subtitle=facts.card.clinic_name,
        blocks=tuple(blocks),
        foot=(*send, begin, Push(_("Back"), "back")),
        help_button=_("Emergency"),
        place="asked" if facts.asked else "",
    )


def another_band_page(card: ClinicCard, *, band_is_free: bool) -> PageView:
    """Return the page about going on with another band of the same clinic; ``band_is_free`` is
    whether the old one has been let go."""
    blocks: list[Block] = [
        Group(
            (
                Heading(_("What goes on")),
                Words(
                    _(
                        "Your course goes on where the old band stopped: what it gave counts. Your "
                        "notes, messages and check-ins stay on this phone."
                    )
                ),
            )
        ),
        Heading(_("The steps")),
        Steps(
            (
                _("Your clinic signs your plan for the new band, and gives you a code."),
                _("Enter the code here. What isn't sent yet is sent afterwards."),
                _("Connect the new band. It asks for its button."),
            )
        ),
        _clinic(card),
    ]
    if not band_is_free:
        still = Notice(
            _("Does the old band still work?"),
            _("Let it go first, on the page 'The band goes back': then nothing of it is lost."),
            Tone.PLAIN,
        )
        blocks.insert(0, Box(still))
    return PageView(
        name="another-band",
        title=_("Another band"),
        subtitle=card.clinic_name,
        blocks=tuple(blocks),
        foot=(
            Push(_("I have a code for the new band"), "begin", strong=True),
            Push(_("Back"), "back"),
        ),
        help_button=_("Emergency"),
    )


def return_page(facts: ReturnFacts) -> PageView:
    """Return the page on which the band leaves its person."""
    title, body, tone = _going(facts)
    blocks: list[Block] = [Box(Notice(title, body, tone))]
    if facts.problem is not None:
        blocks.append(Box(Notice(_("It didn't work yet"), facts.problem, Tone.WAIT)))
    blocks += [
        Heading(_("The steps")),
        Steps(
            (
                _("Your clinic signs that the band may go."),
                _("Keep the band near and let it go here. It gives its last record and ends."),
                _("Wait until everything is with your clinic."),
                _("Pack the band with its charger, and hand it in or post it as your letter says."),
            )
        ),
        Words(
            _(
                "Afterwards the band starts no session any more. Your own record stays on this "
                "phone until you erase it."
            ),
            soft=True,
        ),
        _clinic(facts.card),
    ]
    foot: tuple[Push, ...] = (Push(_("Back"), "back"),)
    if facts.going is Going.READY:
        missing = "" if facts.near else _("Bring the band near")
        foot = (Push(_("Let the band go"), "let-go", strong=True, why_not=missing), *foot)
    elif facts.going is Going.HANDED_OVER:
        foot = (Push(_("Send everything now"), "send-all", strong=True), *foot)
    return PageView(
        name="return-band",
        title=_("The band goes back"),
        subtitle=facts.card.clinic_name,
        blocks=tuple(blocks),
        foot=foot,
        help_button=_("Emergency"),
    )


def _going(facts: ReturnFacts) -> tuple[str, str, Tone]:
    if facts.going is Going.NO_WORD:
        return (
            _("Your clinic hasn't signed yet"),
            _("When your course is over, it signs that the band may go. Then it goes on here."),
            Tone.PLAIN,
        )
    if facts.going is Going.READY:
        near = _("Touch the button below: it can't be taken back.")
        far = _("Bring the band near this phone first.")
        return (_("The band may go"), near if facts.near else far, Tone.WAIT)
    if facts.going is Going.HANDED_OVER:
        title = n_(
            "{count} item waits for a network", "{count} items wait for a network", facts.waiting
        )
        return (
            title.format(count=facts.waiting),
            _("The band has ended. Its last record isn't with your clinic yet."),
            Tone.WAIT,
        )
    return (
        _("All is done"),
        _("Everything is with your clinic. The band may be packed. Thank you for all your care."),
        Tone.OK,
    )


def _unsent(facts: ChangeFacts) -> Box:
    title = n_("{count} item isn't sent yet", "{count} items aren't sent yet", facts.waiting)
    body = n_(
        "After the change nothing more can be sent to {clinic}. Send it first.",
        "After the change nothing more can be sent to {clinic}. Send them first.",
        facts.waiting,
    )
    if not facts.reachable:
        body = _("{clinic} can't be reached just now. Take this phone to a network first.")
    return Box(
        Notice(
            title.format(count=facts.waiting),
            body.format(clinic=facts.card.clinic_name),
            Tone.WAIT,
        )
    )


def _clinic(card: ClinicCard) -> Rows:
    action = f"dial:{card.day_number}" if dialled(card.day_number) else None
    return Rows((Row(card.clinic_name, card.day_number, action),))
