"""What a phone tells of a person's care, each inside a `CareBody` that is sealed to the care key.

Which fields a rule reads is the worker's matter; what a person wrote is as long as they're allowed
and no longer. Times are the phone's, in Unix milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar

from shared.care.card import SENTENCE_CHARACTERS
from shared.trust.statements import ID_BYTES
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.fields import wire

CARE_BYTES_MAX = 32_000
ENTRY_CHARACTERS = 2_000
GRADE_MAX = 3
"""Grades of screening.json: none, mild, moderate, severe."""


class CareKind(IntEnum):
    """What an item of care tells of."""

    SIDE_EFFECTS = 1
    RED_FLAG = 2
    SCREENING = 3
    CONSENT = 4
    HOMEWORK = 5
    MEDICINE = 6
    MESSAGE = 7
    TASK = 8
    CHECKIN = 9
    TRAINING = 10
    PHONE_LOST = 11


@dataclass(frozen=True)
class CareBody:
    """One item of care: what it is, when and whose; ``body`` is the packed thing itself."""

    kind: CareKind = wire(1)
    at_ms: int = wire(2)
    patient_id: bytes = wire(3, length=ID_BYTES)
    body: bytes = wire(4, minimum=1, maximum=CARE_BYTES_MAX)


@dataclass(frozen=True)
class Graded:
    """A side effect and how strong it was."""

    id: str = wire(1, minimum=1, maximum=32)
    grade: int = wire(2, maximum=GRADE_MAX)


@dataclass(frozen=True)
class SideEffects:
    """How it was after a session; ``softer`` says that the person wants less next time."""

    KIND: ClassVar[CareKind] = CareKind.SIDE_EFFECTS

    session_id: bytes = wire(1, length=ID_BYTES)
    rules_version: int = wire(2, minimum=1)
    grades: tuple[Graded, ...] = wire(3, maximum=32)
    softer: bool = wire(4)
    text: str = wire(5, maximum=4 * ENTRY_CHARACTERS, default="")


@dataclass(frozen=True)
class RedFlag:
    """Something grave happened, or was touched. ``slip``: the person says it didn't (R21)."""

    KIND: ClassVar[CareKind] = CareKind.RED_FLAG

    what: str = wire(1, minimum=1, maximum=32)
    session_id: bytes | None = wire(2, length=ID_BYTES, default=None)
    slip: bool = wire(3, default=False)


@dataclass(frozen=True)
class ScreeningTold:
    """An answer before a session that the clinic is to know of, and what it did."""

    KIND: ClassVar[CareKind] = CareKind.SCREENING

    question: str = wire(1, minimum=1, maximum=32)
    answer: str = wire(2, minimum=1, maximum=32)
    action: str = wire(3, minimum=1, maximum=16)
    detail: str = wire(4, maximum=400, default="")


@dataclass(frozen=True)
class Consent:
    """A section of the consent was given, or taken back."""

    KIND: ClassVar[CareKind] = CareKind.CONSENT

    section: str = wire(1, minimum=1, maximum=32)
    given: bool = wire(2)
    version: int = wire(3, minimum=1, default=1)


@dataclass(frozen=True)
class Told:
    """One field of a form, by name, in the person's words."""

    name: str = wire(1, minimum=1, maximum=32)
    text: str = wire(2, maximum=4 * ENTRY_CHARACTERS)


@dataclass(frozen=True)
class Homework:
    """An entry of what is done between sessions; a later one of the same id takes its place.

    ``form`` names it: thought-record, activity-plan, note. ``removed`` takes the entry back.
    """

    KIND: ClassVar[CareKind] = CareKind.HOMEWORK

    form: str = wire(1, minimum=1, maximum=32)
    entry_id: bytes = wire(2, length=ID_BYTES)
    texts: tuple[Told, ...] = wire(3, maximum=12)
    removed: bool = wire(4, default=False)


@dataclass(frozen=True)
class MedicineTaken:
    """A line of the medicine log."""

    KIND: ClassVar[CareKind] = CareKind.MEDICINE

    entry_id: bytes = wire(1, length=ID_BYTES)
    name: str = wire(2, minimum=1, maximum=320)
    dose: str = wire(3, maximum=160)
    taken_ms: int = wire(4)
    removed: bool = wire(5, default=False)


@dataclass(frozen=True)
class MessageOut:
    """The person's word to the clinic: a ready sentence by id, own words, or "call me".

    ``answers`` is the id of the message that it answers.
    """

    KIND: ClassVar[CareKind] = CareKind.MESSAGE

    text: str = wire(1, maximum=4 * SENTENCE_CHARACTERS)
    sentence_id: str = wire(2, maximum=32, default="")
    call_me: bool = wire(3, default=False)
    answers: bytes | None = wire(4, length=ID_BYTES, default=None)

    def __post_init__(self) -> None:
        if len(self.text) > SENTENCE_CHARACTERS:
            raise WireError("text", f"has {len(self.text)} characters, more than 120")
        if not (self.text.strip() or self.sentence_id or self.call_me):
            raise WireError("text", "says nothing, and asks for no call")


@dataclass(frozen=True)
class TaskFigure:
    """One figure of a task: thousandths, milliseconds or a count, as its name says."""

    name: str = wire(1, minimum=1, maximum=32)
    value: int = wire(2)


@dataclass(frozen=True)
class TaskResult:
    """A short task's figures; what they can't tell stands beside them wherever they're shown."""

    KIND: ClassVar[CareKind] = CareKind.TASK

    task: str = wire(1, minimum=1, maximum=32)
    version: int = wire(2, minimum=1)
    figures: tuple[TaskFigure, ...] = wire(3, minimum=1, maximum=32)


@dataclass(frozen=True)
class CheckinAnswers:
    """Answers to an instrument; ``pack_serial`` is 0 where the words were the product's own."""

    KIND: ClassVar[CareKind] = CareKind.CHECKIN

    instrument: str = wire(1, minimum=1, maximum=32)
    version: int = wire(2, minimum=1)
    answers: tuple[int, ...] = wire(3, minimum=1, maximum=64)
    language: str = wire(4, minimum=2, maximum=8)
    pack_serial: int = wire(5, default=0)


@dataclass(frozen=True)
class TrainingDone:
    """The lessons of this version were gone through."""

    KIND: ClassVar[CareKind] = CareKind.TRAINING

    version: int = wire(1, minimum=1)
    lessons_serial: int = wire(2)


@dataclass(frozen=True)
class PhoneLost:
    """Another phone is gone, and these days of its answers never came, as far as anybody knows."""

    KIND: ClassVar[CareKind] = CareKind.PHONE_LOST

    missing_days: tuple[str, ...] = wire(1, maximum=120)
    unsent: tuple[str, ...] = wire(2, maximum=200, default=())


CareItem = (
    SideEffects
    | RedFlag
    | ScreeningTold
    | Consent
    | Homework
    | MedicineTaken
    | MessageOut
    | TaskResult
    | CheckinAnswers
    | TrainingDone
    | PhoneLost
)

BODIES: dict[CareKind, type[Any]] = {
    kind.KIND: kind
    for kind in (
        SideEffects,
        RedFlag,
        ScreeningTold,
        Consent,
        Homework,
        MedicineTaken,
        MessageOut,
        TaskResult,
        CheckinAnswers,
        TrainingDone,
        PhoneLost,
    )
}


def pack(item: CareItem, *, at_ms: int, patient_id: bytes) -> bytes:
    """Return the bytes to seal; raise WireError where a field is past its limit."""
    return fields.pack(CareBody(item.KIND, at_ms, patient_id, fields.pack(item)))


def unpack(data: bytes) -> tuple[CareBody, CareItem]:
    """Return what was told, and the frame around it; raise WireError for anything else."""
    frame = fields.unpack(CareBody, data)
    item: CareItem = fields.unpack(BODIES[frame.kind], frame.body)
    return frame, item
