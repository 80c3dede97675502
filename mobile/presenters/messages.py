"""Messages with the clinic: the list, one message, and an answer in few touches.

The line "not read at night" stands wherever something can be written, with whom to call instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _, n_
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
    Words,
)
from mobile.presenters.pieces import Choice, Notice, Row, Tone
from mobile.presenters.standing import Standing, standing_words
from mobile.presenters.words import Now, clock_time, day_and_time, first_capital
from shared.care.card import SENTENCE_CHARACTERS, ClinicCard, dialled
from shared.care.hours import Whom, closes_at, next_opening, reach

CALL_ME = "call-me"
SENTENCES, CALLS = "sentences", "calls"
_FIRST_WORDS = 60


@dataclass(frozen=True)
class Letter:
    """One message. ``standing`` is of the person's own; ``new`` of the clinic's unread ones."""

    id: str
    author: str
    text: str
    wall_ms: int
    new: bool = False
    call_me: bool = False
    standing: Standing | None = None

    @property
    def mine(self) -> bool:
        """Whether the person wrote it."""
        return self.standing is not None


@dataclass(frozen=True)
class LettersFacts:
    """Every message, newest first, and what the clinic says of itself."""

    now: Now
    card: ClinicCard
    letters: tuple[Letter, ...]


@dataclass(frozen=True)
class AnswerFacts:
    """An answer on its way: what is chosen and written so far."""

    now: Now
    card: ClinicCard
    answered: Letter | None
    sentence_id: str = ""
    call_me: bool = False
    text: str = ""
    problem: str | None = None


def list_page(facts: LettersFacts) -> PageView:
    """Return the list, or what stands there before the first message."""
    if facts.letters:
        rows = tuple(_row(letter, facts.now) for letter in facts.letters)
        blocks: tuple[Block, ...] = (Rows(rows),)
    else:
        blocks = (
            Group(
                (
                    Heading(_("No messages yet")),
                    Words(_("When your clinic writes to you, it stands here."), soft=True),
                )
            ),
        )
    return PageView(
        name="messages",
        title=_("Messages"),
        subtitle=facts.card.clinic_name,
        blocks=(*blocks, night_box(facts.card, facts.now), *call_rows(facts.card, facts.now)),
        foot=(Push(_("Write to the clinic"), "write", strong=True), Push(_("Back"), "back")),
        help_button=_("Emergency"),
    )


def letter_page(facts: LettersFacts, letter: Letter, answers: tuple[Letter, ...]) -> PageView:
    """Return one message with what was answered to it, and how far each answer came."""
    blocks: list[Block] = [Group(_letter(letter, facts.now))]
    if answers:
        blocks.append(Heading(_("Your answer") if len(answers) == 1 else _("Your answers")))
        blocks += [Group(_letter(answer, facts.now)) for answer in answers]
    foot: tuple[Push, ...] = (Push(_("Back"), "back"),)
    if not letter.mine:
        foot = (Push(_("Answer"), "answer", strong=True), *foot)
    return PageView(
        name="message",
        title=_("Your message") if letter.mine else _("A message"),
        subtitle=first_capital(day_and_time(facts.now, letter.wall_ms)),
        blocks=tuple(blocks),
        foot=foot,
        help_button=_("Emergency"),
        place=letter.id,
    )


def answer_page(facts: AnswerFacts) -> PageView:
    """Return the page to answer by a touch, in few words, or by asking for a call."""
    ready = facts.card.ready_sentences
    blocks: list[Block] = [night_box(facts.card, facts.now)]
    if facts.problem is not None:
        blocks.insert(0, Box(Notice(_("Nothing to send yet"), facts.problem, Tone.WAIT)))
    if ready:
        blocks.append(
            Choices(
                tuple(Choice(each.id, each.text) for each in ready),
                frozenset({facts.sentence_id} - {""}),
                SENTENCES,
            )
        )
    blocks.append(
        Field(
            "text",
            _("Or in your own words, at most {limit} characters").format(limit=SENTENCE_CHARACTERS)
            if ready
            else _("Your message, at most {limit} characters").format(limit=SENTENCE_CHARACTERS),
            facts.text,
            lines=4,
            limit=SENTENCE_CHARACTERS,
        )
    )
    chosen = frozenset({CALL_ME}) if facts.call_me else frozenset()
    blocks.append(Choices((Choice(CALL_ME, _("Please call me")),), chosen, CALLS, many=True))
    return PageView(
        name="answer",
        title=_("Your answer") if facts.answered else _("Write to the clinic"),
        subtitle=facts.card.clinic_name,
        blocks=tuple(blocks),
        foot=(Push(_("Send"), "send", strong=True), Push(_("Back"), "back")),
        help_button=_("Emergency"),
    )


def nothing_to_send() -> str:
    """Return the word where nothing was chosen or written."""
    return _("Choose a sentence, write a few words, or ask for a call.")


def unread_words(unread: int) -> str:
    """Return what the day's page says of messages."""
    if not unread:
        return _("Nothing new")
    return n_("{count} new message", "{count} new messages", unread).format(count=unread)


def night_box(card: ClinicCard, now: Now) -> Box:
    """Return the line that stands above everything that can be written."""
    return Box(Notice(_("Not read at night"), _when_read(card, now), Tone.PLAIN))


def call_rows(card: ClinicCard, now: Now) -> tuple[Rows, ...]:
    """Return whom to call for what can't wait."""
    found = reach(card, now.wall_ms)
    label = {
        Whom.CLINIC: _("Can't wait? Your clinic answers now"),
        Whom.ON_CALL: _("Can't wait? Somebody is on call"),
        Whom.EMERGENCY: _("Can't wait? The emergency number"),
    }[found.whom]
    action = f"dial:{found.number}" if dialled(found.number) else None
    return (Rows((Row(label, found.number, action),)),)


def _when_read(card: ClinicCard, now: Now) -> str:
    closes_ms, opens_ms = closes_at(card, now.wall_ms), next_opening(card, now.wall_ms)
    if closes_ms is not None:
        return _("Your clinic reads messages until {time} today.").format(
            time=clock_time(now, closes_ms)
        )
    if opens_ms is not None:
        return _("Your clinic reads messages again {when}.").format(
            when=day_and_time(now, opens_ms)
        )
    return _("Your clinic reads messages when it's open.")


def _row(letter: Letter, now: Now) -> Row:
    if letter.mine:
        label = _("You, {when}").format(when=day_and_time(now, letter.wall_ms))
    elif letter.new:
        label = _("New from {who}, {when}").format(
            who=letter.author, when=day_and_time(now, letter.wall_ms)
        )
    else:
        label = _("{who}, {when}").format(who=letter.author, when=day_and_time(now, letter.wall_ms))
    return Row(label, _first_words(_said(letter)), f"message/{letter.id}")


def _letter(letter: Letter, now: Now) -> tuple[Block, ...]:
    who = _("You") if letter.mine else letter.author
    blocks: list[Block] = [
        Words(
            _("{who}, {when}").format(who=who, when=day_and_time(now, letter.wall_ms)),
            soft=True,
            small=True,
        ),
        Words(_said(letter)),
    ]
    if letter.standing is not None:
        blocks.append(Words(standing_words(letter.standing, now), soft=True, small=True))
    return tuple(blocks)


def _said(letter: Letter) -> str:
    if not letter.call_me:
        return letter.text
    return f"{letter.text}\n{_('Please call me')}".strip()


def _first_words(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= _FIRST_WORDS:
        return line
    return f"{line[:_FIRST_WORDS].rsplit(' ', 1)[0]} ..."
