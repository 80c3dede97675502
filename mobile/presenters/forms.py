"""What can be written between sessions: each form's steps and fields, as data.

The texts are English that is said in the person's language; what a form is about is a therapist's,
how it's worded is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from mobile.language import mark

THOUGHT_RECORD, ACTIVITY_PLAN, MEDICINE, NOTE = (
    "thought-record",
    "activity-plan",
    "medicine",
    "note",
)
LEVEL_MAX = 100
LINE_CHARACTERS, PAGE_CHARACTERS = 80, 600


class Kind(Enum):
    """What a field takes."""

    TEXT = auto()
    LEVEL = auto()
    DAY = auto()
    TIME = auto()


@dataclass(frozen=True)
class FieldSpec:
    """One line to fill in; ``title`` is what stands above it, on the page and when it's read."""

    id: str
    title: str
    kind: Kind = Kind.TEXT
    lines: int = 1

    @property
    def limit(self) -> int:
        """Return how many characters it holds."""
        return PAGE_CHARACTERS if self.lines > 1 else LINE_CHARACTERS


@dataclass(frozen=True)
class Step:
    """One page of a form. One that is for ``later`` is left out when the entry is new."""

    title: str
    help: str
    fields: tuple[FieldSpec, ...]
    later: bool = False


@dataclass(frozen=True)
class Form:
    """A form: its names, what stands in its empty list, and its steps."""

    id: str
    title: str
    new: str
    about: str
    steps: tuple[Step, ...]
    headline: str
    """The field that stands for the entry in a list."""
    afterwards: str = ""
    """What is asked once it's over, as a button's words."""

    @property
    def fields(self) -> tuple[FieldSpec, ...]:
        """Return every field in order."""
        return tuple(field for step in self.steps for field in step.fields)


_THOUGHT_RECORD = Form(
    id=THOUGHT_RECORD,
    title=mark("Thought record"),
    new=mark("Write down a thought"),
    about=mark(
        "When a thought pulls you down, write it here step by step. It often looks different on "
        "paper."
    ),
    headline="situation",
    steps=(
        Step(
            mark("What happened?"),
            mark("Where you were, who was there, what you did. A few words are enough."),
            (FieldSpec("situation", mark("The situation"), lines=4),),
        ),
        Step(
            mark("What went through your mind?"),
            mark("The thought as it came, even if it sounds odd now."),
            (FieldSpec("thought", mark("The thought"), lines=4),),
        ),
        Step(
            mark("What did you feel?"),
            mark("0 is not at all, 100 is as strong as it can be."),
            (
                FieldSpec("feeling", mark("The feeling")),
                FieldSpec("strength", mark("How strong, 0 to 100"), Kind.LEVEL),
            ),
        ),
        Step(
            mark("What speaks for the thought?"),
            mark("Only what somebody else could have seen or heard too."),
            (FieldSpec("for", mark("What speaks for it"), lines=4),),
        ),
        Step(
            mark("What speaks against it?"),
            mark("Also small things, and times when it was different."),
            (FieldSpec("against", mark("What speaks against it"), lines=4),),
        ),
        Step(
            mark("A kinder view"),
            mark("What would you say to a friend who thought this?"),
            (
                FieldSpec("kinder", mark("A kinder view"), lines=4),
                FieldSpec("strength-after", mark("The feeling now, 0 to 100"), Kind.LEVEL),
            ),
        ),
    ),
)

_ACTIVITY_PLAN = Form(
    id=ACTIVITY_PLAN,
    title=mark("Activity plan"),
    new=mark("Plan something"),
    about=mark("Plan one small thing that does you good. Small is right: ten minutes count."),
    headline="activity",
    afterwards=mark("Say how it went"),
    steps=(
        Step(
            mark("What would you like to do?"),
            mark("A walk, a call, some music: something that you can begin without much ado."),
            (FieldSpec("activity", mark("The activity"), lines=3),),
        ),
        Step(
            mark("When?"),
            mark("Tied to something that happens anyway it's easiest: after breakfast, say."),
            (FieldSpec("when", mark("When")),),
        ),
        Step(
            mark("How did it go?"),
            mark("It counts too if it went differently, or not at all."),
            (FieldSpec("outcome", mark("How it went"), lines=4),),
            later=True,
        ),
    ),
)

_MEDICINE = Form(
    id=MEDICINE,
    title=mark("Medicine log"),
    new=mark("Note a medicine"),
    about=mark(
        "What you take, and when. A medicine that you begin, stop or change matters for your "
        "sessions: the questions before a session ask for it."
    ),
    headline="name",
    steps=(
        Step(
            mark("Which medicine?"),
            mark("Touch one, or write its name as it stands on the box."),
            (
                FieldSpec("name", mark("The medicine")),
                FieldSpec("dose", mark("How much, if you know")),
            ),
        ),
        Step(
            mark("When did you take it?"),
            mark("The day, and the time by the clock."),
            (
                FieldSpec("day", mark("Day"), Kind.DAY),
                FieldSpec("time", mark("Time, as 18:30"), Kind.TIME),
            ),
        ),
    ),
)

_NOTE = Form(
    id=NOTE,
    title=mark("Notes"),
    new=mark("Write a note"),
    about=mark("Whatever you want to remember, for yourself or for your next visit."),
    headline="note",
    steps=(
        Step(
            mark("Your note"),
            mark("It's kept locked on this phone."),
            (FieldSpec("note", mark("The note"), lines=8),),
        ),
    ),
)

FORMS: tuple[Form, ...] = (_THOUGHT_RECORD, _ACTIVITY_PLAN, _MEDICINE, _NOTE)


def form_of(form_id: str) -> Form:
    """Return the form of an id; raise KeyError where there is none."""
    return {form.id: form for form in FORMS}[form_id]
