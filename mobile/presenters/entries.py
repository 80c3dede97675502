"""Between sessions: lists of what was written, one entry to read, and its form step by step."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mobile.language import _, n_, told
from mobile.presenters import forms
from mobile.presenters.forms import LEVEL_MAX, FieldSpec, Form, Kind, Step
from mobile.presenters.page import (
    Block,
    Box,
    Choices,
    Count,
    Field,
    Group,
    Heading,
    PageView,
    Push,
    Rows,
    Words,
)
from mobile.presenters.pieces import Choice, Notice, Row, Tone
from mobile.presenters.words import Now, day, day_and_time, first_capital

TODAY, YESTERDAY, THAT_DAY = "today", "yesterday", "that-day"
ANOTHER = ""
"""The choice that makes room for a name to be written."""
TAKEN = "taken"
"""What a day and a time come to, in Unix milliseconds: kept instead of both."""
_CLOCK = re.compile(r"([0-9]{1,2})[:.]?([0-9]{2})")
_HEADLINE_CHARACTERS = 70


@dataclass(frozen=True)
class Entry:
    """Something that was written, by its note's id; times are those of the phone."""

    id: str
    form: str
    entry_id: str
    texts: Mapping[str, str]
    written_ms: int

    @property
    def at_ms(self) -> int:
        """When it was: when a medicine was taken, else when it was written."""
        return int(self.texts.get(TAKEN) or self.written_ms)


@dataclass(frozen=True)
class SharingFacts:
    """Whether the person agreed that the clinic reads what they write, and who that is."""

    clinic_name: str
    shared: bool


@dataclass(frozen=True)
class ListFacts:
    """A form's entries, newest first; what is unfinished, and what was just removed."""

    now: Now
    form: Form
    entries: tuple[Entry, ...]
    sharing: SharingFacts
    unfinished: str | None = None
    removed: bool = False


@dataclass(frozen=True)
class StepFacts:
    """A step of a form that is being filled in. ``number`` counts from 1."""

    now: Now
    form: Form
    step: Step
    number: int
    count: int
    texts: Mapping[str, str]
    suggestions: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(frozen=True)
class HubFacts:
    """How much there is of each, by form."""

    clinic_name: str
    counts: Mapping[str, int] = field(default_factory=dict)
    unfinished: frozenset[str] = frozenset()
    messages: str = ""


def hub_page(facts: HubFacts) -> PageView:
    """Return the page from which all that is done between sessions is reached."""
    rows = [Row(_("Messages"), facts.messages, "messages")]
    rows += [Row(told(form.title), _counted(facts, form.id), form.id) for form in forms.FORMS]
    return PageView(
        name="between",
        title=_("Between sessions"),
        subtitle=facts.clinic_name,
        blocks=(
            Rows(tuple(rows)),
            Words(_("Nothing here is a duty. It's there when it helps you."), soft=True),
        ),
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
    )


def list_page(facts: ListFacts) -> PageView:
    """Return a form's list, or what it's for while it's empty."""
    blocks: list[Block] = []
    if facts.removed:
        blocks += [
            Box(Notice(_("Removed"), _("It's gone from this list."), Tone.PLAIN)),
            Push(_("Undo"), "undo"),
        ]
    if facts.unfinished is not None:
        row = Row(_("Not finished yet"), _short(facts.unfinished), "go-on")
        blocks.append(Rows((row,)))
    if facts.entries:
        rows = tuple(
            Row(
                first_capital(day_and_time(facts.now, entry.at_ms)),
                headline(facts.form, entry.texts),
                f"entry/{entry.id}",
            )
            for entry in facts.entries
        )
        blocks.append(Rows(rows))
    elif not facts.removed:
        blocks.append(Group((Heading(_("Nothing here yet")), Words(told(facts.form.about)))))
    blocks.append(Words(sharing_words(facts.sharing), soft=True, small=True))
    new = _("Go on where you were") if facts.unfinished is not None else told(facts.form.new)
    return PageView(
        name=f"entries-{facts.form.id}",
        title=told(facts.form.title),
        blocks=tuple(blocks),
        foot=(Push(new, "go-on", strong=True), Push(_("Back"), "back")),
        help_button=_("Emergency"),
    )


def entry_page(entry: Entry, form: Form, sharing: SharingFacts, now: Now) -> PageView:
    """Return one entry to read, with its ways to change and to remove it."""
    filled = [each for each in form.fields if entry.texts.get(each.id)]
    sheet: list[Block] = []
    for each in filled:
        sheet.append(Words(told(each.title), soft=True, small=True))
        sheet.append(Words(_shown(each, entry.texts[each.id], now)))
    if entry.texts.get(TAKEN):
        sheet.append(Words(_("Taken"), soft=True, small=True))
        sheet.append(Words(first_capital(day_and_time(now, entry.at_ms))))
    written = _("Written {when}").format(when=day_and_time(now, entry.written_ms))
    foot: tuple[Push, ...] = (
        Push(_("Change it"), "change"),
        Push(_("Remove it"), "remove", danger=True),
        Push(_("Back"), "back"),
    )
    if form.afterwards and not _is_told(form, entry.texts):
        foot = (Push(told(form.afterwards), "afterwards", strong=True), *foot)
    return PageView(
        name=f"entry-{form.id}",
        title=told(form.title),
        subtitle=written,
        blocks=(Group(tuple(sheet)), Words(sharing_words(sharing), soft=True, small=True)),
        foot=foot,
        help_button=_("Emergency"),
        place=entry.id,
    )


def step_page(facts: StepFacts) -> PageView:
    """Return one step to fill in; nothing has to be."""
    is_last = facts.number == facts.count
    blocks: list[Block] = []
    if facts.count > 1:
        blocks.append(Count(facts.number, facts.count))
    blocks += [Words(told(facts.step.title), large=True), Words(told(facts.step.help), soft=True)]
    if facts.problem is not None:
        blocks.append(Box(Notice(_("One thing to look at"), facts.problem, Tone.WAIT)))
    for each in facts.step.fields:
        blocks += _field(each, facts)
    blocks.append(Push(_("Don't keep this"), "discard"))
    return PageView(
        name=f"form-{facts.form.id}",
        title=told(facts.form.title),
        subtitle=_step_words(facts),
        blocks=tuple(blocks),
        foot=(
            Push(_("Keep it") if is_last else _("Next"), "next", strong=True),
            Push(_("Back"), "back"),
        ),
        help_button=_("Emergency"),
        place=str(facts.number),
    )


def problem_of(step: Step, texts: Mapping[str, str]) -> str | None:
    """Return what can't be kept as it stands on this step, in words; None where all can."""
    for each in step.fields:
        text = texts.get(each.id, "").strip()
        if each.kind is Kind.LEVEL and text and not (text.isdecimal() and int(text) <= LEVEL_MAX):
            return _("Write a number from 0 to 100, or leave it empty.")
        if each.kind is Kind.TIME and _clock(text) is None:
            return _("Write the time as hours and minutes: 18:30.")
    return None


def taken_ms(texts: Mapping[str, str], now: Now) -> int:
    """Return the instant that a day and a time by the clock name.

    An hour that comes twice in autumn is its first; one that is left out in spring, the hour after.
    """
    hour, minute = _clock(texts.get("time", "")) or (now.here.hour, now.here.minute)
    on = now.here.date()
    if texts.get("day") == YESTERDAY:
        on -= timedelta(days=1)
    elif texts.get("day") == THAT_DAY:
        on = now.local(int(texts[TAKEN])).date()
    at = datetime(on.year, on.month, on.day, hour, minute, tzinfo=now.zone)
    return round(at.timestamp()) * 1000


def begun(form: Form, texts: Mapping[str, str], now: Now) -> dict[str, str]:
    """Return what stands in the form when it's opened: the hour, and what was kept before."""
    opened = dict(texts)
    if any(each.kind is Kind.TIME for each in form.fields):
        at_ms = int(texts[TAKEN]) if texts.get(TAKEN) else now.wall_ms
        opened["day"] = THAT_DAY if texts.get(TAKEN) else TODAY
        opened["time"] = f"{now.local(at_ms):%H:%M}"
    return opened


def kept(form: Form, texts: Mapping[str, str], now: Now) -> dict[str, str]:
    """Return what is kept of a form that was filled in."""
    told_ = {each.id: texts.get(each.id, "").strip() for each in form.fields}
    if any(each.kind is Kind.TIME for each in form.fields):
        told_[TAKEN] = str(taken_ms(texts, now))
        del told_["day"], told_["time"]
    return {name: text for name, text in told_.items() if text}


def says_anything(form: Form, texts: Mapping[str, str]) -> bool:
    """Return whether anything was written; day and time alone say nothing."""
    return any(
        texts.get(each.id, "").strip()
        for each in form.fields
        if each.kind not in (Kind.DAY, Kind.TIME)
    )


def headline(form: Form, texts: Mapping[str, str]) -> str:
    """Return what stands for an entry in a list: one line of it."""
    first = texts.get(form.headline, "") or next((text for text in texts.values() if text), "")
    return _short(first)


def sharing_words(sharing: SharingFacts) -> str:
    """Return who reads what is written here."""
    if sharing.shared:
        return _(
            "Your therapist at {clinic} can read this. You can change that in the settings."
        ).format(clinic=sharing.clinic_name)
    return _("This stays on this phone. Nobody else reads it.")


def nothing_to_keep() -> str:
    """Return the word where nothing was written at all."""
    return _("There is nothing here to keep yet. A word or two is enough.")


def _counted(facts: HubFacts, form_id: str) -> str:
    if form_id in facts.unfinished:
        return _("One is not finished yet")
    count = facts.counts.get(form_id, 0)
    if not count:
        return _("Nothing here yet")
    return n_("{count} entry", "{count} entries", count).format(count=count)


def _step_words(facts: StepFacts) -> str:
    if facts.count == 1:
        return ""
    return _("Step {number} of {count}").format(number=facts.number, count=facts.count)


def _field(spec: FieldSpec, facts: StepFacts) -> list[Block]:
    text = facts.texts.get(spec.id, "")
    if spec.kind is Kind.DAY:
        days = [Choice(TODAY, _("Today")), Choice(YESTERDAY, _("Yesterday"))]
        if facts.texts.get(TAKEN):
            that_day = first_capital(day(facts.now, int(facts.texts[TAKEN])))
            days.insert(0, Choice(THAT_DAY, _("As it was: {day}").format(day=that_day)))
        return [Choices(tuple(days), frozenset({text or TODAY}), spec.id)]
    blocks: list[Block] = []
    if spec.id == facts.form.headline and facts.suggestions:
        known = text in facts.suggestions
        choices = tuple(Choice(each, each) for each in facts.suggestions)
        other = Choice(ANOTHER, _("Another one"))
        blocks.append(Choices((*choices, other), frozenset({text if known else ANOTHER}), spec.id))
        if known:
            return blocks
    digits = spec.kind is Kind.LEVEL
    blocks.append(
        Field(
            spec.id,
            told(spec.title),
            text,
            lines=spec.lines,
            digits=digits,
            limit=3 if digits else spec.limit,
        )
    )
    return blocks


def _shown(spec: FieldSpec, text: str, now: Now) -> str:
    if spec.kind is Kind.LEVEL:
        level = int(text) if text.isdecimal() else text
        return _("{level} of {most}").format(level=level, most=LEVEL_MAX)
    return text


def _is_told(form: Form, texts: Mapping[str, str]) -> bool:
    later = [each for step in form.steps if step.later for each in step.fields]
    return all(texts.get(each.id) for each in later)


def _clock(text: str) -> tuple[int, int] | None:
    match = _CLOCK.fullmatch(text.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    return int(match[1]), int(match[2])


def _short(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= _HEADLINE_CHARACTERS:
        return line
    return f"{line[:_HEADLINE_CHARACTERS].rsplit(' ', 1)[0]} ..."
