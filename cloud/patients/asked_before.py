"""What is asked in person before somebody is enrolled for treatment at home, and what it does.

Topics are recalled from the TMS Adult Safety Screen (Keel et al. 2001) and Rossi et al. 2009, 2011
and 2021; what an answer does is this product's own rule. No clinician has checked either. Not being
sure counts as yes. Nothing here reaches the band: it asks its own questions before each session.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from cloud.alerts.findings import TODAY, Cause, Finding
from cloud.errors import Refused
from cloud.language import Phrase, mark

NO, YES, UNSURE = "no", "yes", "unsure"
ANSWERS = {NO: mark("No"), YES: mark("Yes"), UNSURE: mark("Not sure")}
REASON_MAX = 400


class Does(Enum):
    """What a yes does."""

    NEVER_HOME = "no enrolment for treatment at home"
    DECIDED = "a prescriber decides, with a written reason"
    TOLD = "the clinic is told"


@dataclass(frozen=True)
class Question:
    """One question; ``words`` is its topic, ``help`` what counts."""

    id: str
    does: Does
    words: str
    help: str = ""


QUESTIONS = (
    Question(
        "implant",
        Does.NEVER_HOME,
        mark("Metal or an electronic device in or near the head"),
        mark("An aneurysm clip, a cochlear implant, a stimulator, a pump, a fragment."),
    ),
    Question("epilepsy", Does.DECIDED, mark("Epilepsy, or a seizure ever")),
    Question("fainting", Does.DECIDED, mark("Fainting spells")),
    Question("head_injury", Does.DECIDED, mark("A head injury with loss of consciousness")),
    Question(
        "pregnancy", Does.DECIDED, mark("Pregnant, or possibly"), mark("No, where it can't be.")
    ),
    Question("hearing", Does.TOLD, mark("Hearing loss, or ringing in the ears")),
)


@dataclass(frozen=True)
class Asked:
    """The answers as they were given, and the reason of who decided."""

    answers: Mapping[str, str]
    reason: str = ""

    def require(self, *, prescriber: bool) -> None:
        """Raise Refused, naming the question, where nobody may be enrolled by these answers."""
        for question in QUESTIONS:
            if self.answers.get(question.id) not in ANSWERS:
                raise Refused("Not answered: {question}.", question=Phrase(question.words))
        for question in self._said(Does.NEVER_HOME):
            raise Refused(
                "Not for treatment at home: {question}.",
                code="never_home",
                question=Phrase(question.words),
            )
        for question in self._said(Does.DECIDED):
            if not prescriber:
                raise Refused(
                    "A prescriber has to decide: {question}.", question=Phrase(question.words)
                )
            if not self.reason.strip():
                raise Refused(
                    "Write down why, all the same: {question}.", question=Phrase(question.words)
                )
        if len(self.reason) > REASON_MAX:
            raise Refused("The reason: {most} characters at most.", most=REASON_MAX)

    def findings(self) -> tuple[Finding, ...]:
        """Return what stays on the list until somebody has seen it, sealed to the patient."""
        reason = self.reason.strip()
        decided = [
            _finding(each, f"Decided all the same: {reason}") for each in self._said(Does.DECIDED)
        ]
        told = [_finding(each, "Ear protection in each session.") for each in self._said(Does.TOLD)]
        return (*decided, *told)

    def _said(self, does: Does) -> tuple[Question, ...]:
        return tuple(
            each for each in QUESTIONS if each.does is does and self.answers.get(each.id) != NO
        )


NOTHING_ASKED = Asked({})


def _finding(question: Question, reason: str) -> Finding:
    title = f"Said before enrolment: {question.words}"
    return Finding(Cause(f"before-enrolment/{question.id}", TODAY, title), reason)
