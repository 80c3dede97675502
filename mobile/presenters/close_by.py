"""Somebody close as pages: what they may see, their invitation, how it stands, and taking it back.

Nothing is chosen in advance. What stands here of the clinic is what it has answered, and no more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from mobile.language import _
from mobile.presenters.page import (
    Block,
    Box,
    Choices,
    Field,
    Group,
    Heading,
    PageView,
    Push,
    Rows,
    Steps,
    Words,
)
from mobile.presenters.pieces import Choice, Notice, Row, Tone
from mobile.presenters.reach import Reach, clinic_calls
from mobile.presenters.standing import Known, Standing
from mobile.presenters.words import Now, day_and_time
from shared.care.caregiver import NAME_CHARACTERS, Shown

SHOWN, NAME_FIELD = "shown", "close-name"


@dataclass(frozen=True)
class CloseFacts:
    """How it stands with one person. ``standing`` is of the last word that was said here, None
    where another phone said it. ``link`` and ``code`` are empty where there's no invitation."""

    now: Now
    reach: Reach
    name: str
    shown: frozenset[Shown]
    standing: Standing | None
    code: str = ""
    link: str = ""
    until_ms: int = 0
    joined_ms: int = 0
    ended_ms: int = 0
    by_clinic: bool = False
    withdrawn: bool = False

    @property
    def shown_name(self) -> str:
        """The person's name, or a word for them where this phone doesn't know it."""
        return self.name or _("Somebody close")

    @property
    def waits(self) -> bool:
        """Whether the last word hasn't reached the clinic."""
        return self.standing is not None and self.standing.known is Known.NOT_SENT

    @property
    def was_refused(self) -> bool:
        """Whether the clinic's server didn't take it."""
        return self.standing is not None and self.standing.known is Known.REFUSED


def choose_page(
    chosen: frozenset[Shown],
    *,
    name: str | None,
    before: CloseFacts | None = None,
) -> PageView:
    """Return the page to choose on; ``name`` is None where it's the same person as before.

    ``before`` is who it was about last, where that's over.
    """
    whom: tuple[Block, ...] = ()
    if name is not None:
        whom = (Field(NAME_FIELD, _("Name"), name, limit=NAME_CHARACTERS),)
    foot = Push(_("Invite them"), "invite", strong=True)
    if name is None:
        foot = Push(_("Save"), "save", strong=True)
    return PageView(
        name="close-by-choose",
        title=_("What they may see"),
        blocks=(
            *(_over(before) if before is not None else ()),
            Words(
                _(
                    "One person whom you trust may see a little of your treatment, in a browser. "
                    "You choose what. Nothing is ticked for you, and you can take it back at any "
                    "time."
                )
            ),
            *whom,
            Choices(
                tuple(Choice(str(int(each)), words_of(each)) for each in Shown),
                frozenset(str(int(each)) for each in chosen),
                SHOWN,
                many=True,
            ),
            Words(_never(), soft=True),
        ),
        foot=(foot, Push(_("Back"), "back")),
        help_button=_("Emergency"),
    )


def words_of(shown: Shown) -> str:
    """Return one thing in plain words."""
    return {
        Shown.SESSIONS: _("Your sessions: done, cut short or missed, with day and hour"),
        Shown.NEXT: _("Your next session: from when it may be"),
        Shown.ATTENTION: _(
            "What needs attention: that the treatment is on hold, or that band or phone need a "
            "network"
        ),
        Shown.SCORES: _(
            "Results of your mood questions: the score and what it's called, not your answers"
        ),
    }[shown]


def short_words_of(shown: Shown) -> str:
    """Return one thing's name."""
    return {
        Shown.SESSIONS: _("Your sessions"),
        Shown.NEXT: _("Your next session"),
        Shown.ATTENTION: _("What needs attention"),
        Shown.SCORES: _("Results of check-ins"),
    }[shown]


def close_page(facts: CloseFacts, *, untold: bool = False) -> PageView:
    """Return how it stands with the person who is let in or invited; ``untold`` says that the phone
    couldn't keep that it was taken back."""
    rows = tuple(
        Row(short_words_of(each), _("Shown") if each in facts.shown else _("Not shown"))
        for each in Shown
    )
    return PageView(
        name="close-by",
        title=facts.shown_name,
        subtitle=_("What they may see"),
        blocks=(
            *(_untold(facts.reach) if untold else ()),
            Box(replace(_state(facts), tone=Tone.PLAIN) if untold else _state(facts)),
            *_invitation(facts),
            Rows(rows),
            Words(_never(), soft=True),
        ),
        foot=(
            *_hand_on(facts),
            Push(_("Change it"), "change"),
            Push(_("Take it all back"), "ask-withdraw", danger=True),
            Push(_("Back"), "back"),
        ),
        help_button=_("Emergency"),
    )


def still_page(facts: CloseFacts) -> PageView:
    """Return the page while the clinic hasn't heard yet that it was taken back."""
    return PageView(
        name="close-by-still",
        title=_("What they may see"),
        blocks=_over(facts),
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
    )


def ask_page(facts: CloseFacts) -> PageView:
    """Return the question before it's taken back, with what that does."""
    body = _(
        "{name} sees nothing any more from the moment in which your clinic hears of it, and is "
        "signed out at once. What they have seen they know. To show them something again, you "
        "invite them anew."
    ).format(name=facts.shown_name)
    return PageView(
        name="close-by-ask",
        title=_("Take it all back?"),
        blocks=(Box(Notice(facts.shown_name, body, Tone.WAIT)),),
        foot=(
            Push(_("Take it back"), "withdraw", danger=True),
            Push(_("Keep sharing"), "keep", strong=True),
        ),
        help_button=_("Emergency"),
    )


def not_chosen() -> Notice:
    """Return the word where the invitation lacks a name or a choice."""
    return Notice(
        _("Something is missing"), _("Write a name, and choose at least one thing."), Tone.WAIT
    )


def cannot_hand_on() -> Notice:
    """Return the word where no other app takes the link."""
    return Notice(
        _("Nothing opened"),
        _("No other app takes it here. Write the address and the code down, or read them out."),
        Tone.WAIT,
    )


def message_of(facts: CloseFacts) -> str:
    """Return what is handed on to another app, for the person who is invited."""
    words = _("With this link you can see what I share of my treatment. It works once, for 7 days.")
    return f"{words}\n{facts.link}"


def short_state(facts: CloseFacts | None) -> str:
    """Return how it stands, for the line in the settings."""
    if facts is None:
        return _("Nothing")
    if facts.withdrawn and not facts.ended_ms:
        return _("Taken back, not sent yet") if facts.waits else _("Nothing")
    if facts.ended_ms:
        return _("Nothing")
    if facts.joined_ms:
        return _("What you chose")
    return _("Invited")


def _never() -> str:
    return _(
        "They never see what you write, your messages, or your answers one by one. They do see "
        "your name and your clinic's numbers. Each look of theirs stands under Who looked."
    )


def _state(facts: CloseFacts) -> Notice:
    name = facts.shown_name
    if facts.was_refused:
        body = _("Your clinic's server didn't take your last choice. Take it back and invite anew.")
        return Notice(_("Not done"), body, Tone.STOP)
    if facts.joined_ms:
        title = _("{name} can see what you chose").format(name=name)
        since = day_and_time(facts.now, facts.joined_ms)
        body = _("In since {when}.").format(when=since)
        if facts.waits:
            body = _("Not sent yet: until then they see what you chose before.")
        return Notice(title, body, Tone.WAIT if facts.waits else Tone.OK)
    if facts.waits:
        body = _("The invitation works as soon as this phone has reached your clinic.")
        return Notice(_("Not sent yet"), body, Tone.WAIT)
    if facts.until_ms and facts.now.wall_ms > facts.until_ms:
        body = _("Nobody used it in its 7 days. Take it back, then invite anew.")
        return Notice(_("The invitation is over"), body, Tone.WAIT)
    body = _("Nobody sees anything yet. The invitation is for one person, and works once.")
    return Notice(_("{name} is invited").format(name=name), body, Tone.PLAIN)


def _is_ready(facts: CloseFacts) -> bool:
    over = facts.now.wall_ms > facts.until_ms
    return bool(facts.link) and not (facts.joined_ms or over or facts.was_refused)


def _invitation(facts: CloseFacts) -> tuple[Block, ...]:
    """The link and the code, once they lead somewhere."""
    if not _is_ready(facts):
        return ()
    address = facts.link.partition("#")[0]
    until = day_and_time(facts.now, facts.until_ms)
    return (
        Group(
            (
                Heading(_("The invitation")),
                Steps(
                    (
                        _("They open this address: {address}").format(address=_in_two(address)),
                        _("They type this code: {code}").format(code=facts.code),
                        _("They make a passkey on their own device."),
                    )
                ),
                Words(
                    _(
                        "Good until {until}. Whoever has the code first gets in: give it to {name} "
                        "alone."
                    ).format(until=until, name=facts.shown_name),
                    soft=True,
                ),
            )
        ),
    )


def _hand_on(facts: CloseFacts) -> tuple[Push, ...]:
    return (Push(_("Send the link"), "hand-on", strong=True),) if _is_ready(facts) else ()


def _over(facts: CloseFacts) -> tuple[Block, ...]:
    """How it ended; that it has ended is said once the clinic has said so."""
    name = facts.shown_name
    if facts.withdrawn and facts.was_refused:
        body = _("Your clinic's server didn't take it. Call your clinic: they can end it at once.")
        notice = Notice(_("Not done: {name} may still see it").format(name=name), body, Tone.STOP)
        return (*clinic_calls(facts.reach), Box(notice))
    if facts.withdrawn and facts.waits:
        body = _(
            "It goes as soon as there's a network. If it must end now, call your clinic: they can "
            "end it at once."
        )
        title = _("Not sent yet: {name} still sees it").format(name=name)
        return (*clinic_calls(facts.reach), Box(Notice(title, body, Tone.WAIT)))
    title = _("{name} sees nothing any more").format(name=name)
    if facts.by_clinic:
        return (Box(Notice(title, _("Your clinic ended it. Ask them why."), Tone.PLAIN)),)
    return (Box(Notice(title, _("It has ended at your clinic, too."), Tone.OK)),)


def _untold(reach: Reach) -> tuple[Block, ...]:
    body = _(
        "It couldn't be kept on this phone, so your clinic isn't told, and they still see it. Call "
        "your clinic: they can end it at once."
    )
    return (*clinic_calls(reach), Box(Notice(_("Your wish isn't kept"), body, Tone.WAIT)))


def _in_two(address: str) -> str:
    """An address to read off, its host above its path: so no line breaks within a word."""
    scheme, mark, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return f"\n{scheme}{mark}{host}{slash}" + (f"\n{path}" if path else "")
