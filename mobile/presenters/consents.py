"""Consent as pages: what is shared in general, each section with a yes and a no, and the list."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from mobile.language import _, told
from mobile.presenters.consent_sections import SECTIONS, Section
from mobile.presenters.page import (
    Ask,
    Block,
    Box,
    Choices,
    Group,
    Heading,
    PageView,
    Push,
    Rows,
    Words,
)
from mobile.presenters.pieces import Choice, Notice, Row, Tone
from mobile.presenters.reach import Reach, clinic_calls

YES, NO = "yes", "no"


def sharing_page(clinic_name: str) -> PageView:
    """Return what comes first: with whom this phone speaks, and with whom it doesn't."""
    return PageView(
        name="sharing",
        title=_("What is shared"),
        subtitle=clinic_name,
        blocks=(
            Words(_("You're connected with {clinic}.").format(clinic=clinic_name)),
            Words(
                _(
                    "On the next pages you choose what your clinic may see. Nothing is ticked for "
                    "you, and you can take each yes back later."
                )
            ),
            Group(
                (
                    Words(_("Only your clinic gets what you agree to. Nobody else, and no maker.")),
                    Words(_("This app has no advertising, and counts nobody's steps.")),
                    Words(_("Everything on this phone is stored locked, with a key of its own.")),
                )
            ),
        ),
        foot=(Push(_("Go on"), "next", strong=True),),
        help_button=_("Emergency"),
    )


def section_page(
    section: Section, number: int, count: int, *, reach: Reach, chosen: bool | None
) -> PageView:
    """Return one section; ``number`` counts from 1. Nothing is chosen in advance."""
    refused = section.needed and chosen is False
    picked = frozenset[str]() if chosen is None else frozenset({YES if chosen else NO})
    return PageView(
        name="consent",
        title=told(section.title),
        subtitle=_("Part {number} of {count}").format(number=number, count=count),
        blocks=(
            *(_refused(reach) if refused else ()),
            Ask(
                _("May your clinic have this?"),
                about=(Group(_explained(section, reach.clinic_name)),),
            ),
            Choices((Choice(YES, _("Yes")), Choice(NO, _("No"))), picked, section.id),
        ),
        foot=(
            Push(_("Next"), "next", strong=True, why_not=_not_yet(chosen, refused=refused)),
            Push(_("Back"), "back"),
        ),
        help_button=_("Emergency"),
        place=section.id,
    )


def _not_yet(chosen: bool | None, *, refused: bool) -> str:
    """Return why the next part can't follow yet."""
    if chosen is None:
        return _("First touch an answer")
    return _("Not possible without it") if refused else ""


def _refused(reach: Reach) -> tuple[Block, ...]:
    """A no stands as it was said; who else can help is one touch away."""
    notice = Notice(
        _("Without this one there's no treatment at home"),
        _("That's your right. Your clinic talks with you about other ways."),
        Tone.WAIT,
    )
    return (*clinic_calls(reach)[:1], Box(notice))


def list_page(given: Mapping[str, bool]) -> PageView:
    """Return all sections and what holds; each opens its own page."""
    return PageView(
        name="consents",
        title=_("What is shared"),
        blocks=(
            Words(
                _("Touch one to read it, or to take it back. A yes can be given again later."),
                soft=True,
            ),
            Rows(
                tuple(
                    Row(
                        told(section.title),
                        _("Shared") if given.get(section.id) else _("Not shared"),
                        f"section-{section.id}",
                    )
                    for section in SECTIONS
                )
            ),
        ),
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
        place="list",
    )


class Band(Enum):
    """What a withdrawal has done to the band."""

    OPEN = auto()
    ON_ITS_WAY = auto()
    HELD = auto()


def one_page(
    section: Section,
    *,
    clinic_name: str,
    holds: bool,
    asked: bool,
    band: Band = Band.OPEN,
    untold: Reach | None = None,
) -> PageView:
    """Return one section later on; taking it back is asked once more, with what it stops.

    ``untold`` is whom to call where the phone couldn't keep that it was taken back.
    """
    if asked:
        title = _("Take it back?")
        foot = (
            Push(_("Take it back"), "withdraw", danger=True),
            Push(_("Keep sharing"), "keep", strong=True),
        )
        blocks = (Box(Notice(told(section.title), told(section.withdrawn), Tone.WAIT)),)
        return PageView("consent-one", title, "", blocks, foot, None, _("Emergency"), "asked")
    change = Push(_("Share it again"), "give")
    if holds:
        change = Push(_("Take it back"), "ask-withdraw", danger=True)
    return PageView(
        name="consent-one",
        title=told(section.title),
        subtitle=_("Shared") if holds else _("Not shared"),
        blocks=(
            *_untold_words(untold),
            *_band_words(band),
            Group(_explained(section, clinic_name)),
        ),
        foot=(change, Push(_("Back"), "back")),
        help_button=_("Emergency"),
        place=section.id,
    )


def _untold_words(untold: Reach | None) -> tuple[Block, ...]:
    if untold is None:
        return ()
    body = _(
        "It couldn't be kept on this phone, so the app doesn't tell your clinic. This phone "
        "locks the band all the same. Call your clinic and say that you take it back."
    )
    notice = Notice(_("Your wish isn't kept"), body, Tone.WAIT)
    return (*clinic_calls(untold), Box(notice))


def _band_words(band: Band) -> tuple[Box, ...]:
    """How the band stands, and who opens it again."""
    if band is Band.OPEN:
        return ()
    title = _("The band is locked")
    if band is Band.ON_ITS_WAY:
        title = _("This phone locks the band as soon as it reaches it")
    body = _("Only your clinic can open it again, also after you say yes here. Please call them.")
    return (Box(Notice(title, body, Tone.WAIT)),)


def words_of(section: Section, clinic_name: str) -> str:
    """Return the section as the person read it; kept with the consent."""
    texts = (section.title, section.what, section.who, section.why, section.withdrawn)
    return "\n".join(told(text).format(clinic=clinic_name) for text in texts)


def _explained(section: Section, clinic_name: str) -> tuple[Heading | Words, ...]:
    return (
        Heading(_("What")),
        Words(told(section.what)),
        Heading(_("With whom")),
        Words(told(section.who).format(clinic=clinic_name)),
        Heading(_("What for")),
        Words(told(section.why)),
        Heading(_("If you take it back")),
        Words(told(section.withdrawn)),
    )
