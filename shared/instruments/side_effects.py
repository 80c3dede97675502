"""Side effects after a session: the list, its grades, and which of them are red flags (R9, R21).

A red flag holds at once. Grades are 1 (mild) to 3 (severe); 0 is none and is never stored.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from shared.instruments.items import AnswerError


@dataclass(frozen=True)
class RedFlag:
    """Holds from a grade on. ``sign`` is the hold's reason on the record; those of a seizure or a
    stroke stay until a person lifts them, whatever ``undo_s`` seconds are left to take it back."""

    hold_from_grade: int
    undo_s: int
    sign: str
    emergency_words: bool = False
    safety_plan: bool = False


@dataclass(frozen=True)
class SideEffect:
    """One thing that may be noticed. From ``ask_from_grade`` on somebody at the clinic asks."""

    id: str
    text: str
    ask_from_grade: int | None = None
    red_flag: RedFlag | None = None

    @property
    def holds_ungraded(self) -> bool:
        """Whether each grade of it is a red flag, so that none has to be asked."""
        return self.red_flag is not None and self.red_flag.hold_from_grade == 1

    def holds(self, grade: int) -> bool:
        """Whether this grade of it is a red flag."""
        return self.red_flag is not None and grade >= self.red_flag.hold_from_grade

    def asks(self, grade: int) -> bool:
        """Whether the clinic is asked to call."""
        return self.ask_from_grade is not None and grade >= self.ask_from_grade


@dataclass(frozen=True)
class Grade:
    """How much of it, with its words."""

    number: int
    text: str


@dataclass(frozen=True)
class SideEffectRules:
    """One version of the list. From ``advice_from_grade`` on the clinic's advice is shown."""

    version: int
    advice_from_grade: int
    effects: tuple[SideEffect, ...]
    grades: tuple[Grade, ...]

    def find(self, effect_id: str) -> SideEffect:
        """Return an effect by its id; raise AnswerError for an unknown one."""
        for effect in self.effects:
            if effect.id == effect_id:
                return effect
        raise AnswerError("effect", f"{effect_id!r:.40} is not on the list")

    def red_flag(self, noticed: Mapping[str, int]) -> SideEffect | None:
        """Return the gravest red flag among what was noticed: emergencies first.

        Raise AnswerError for an effect or a grade that the list doesn't have.
        """
        flags = [effect for effect in self._graded(noticed) if effect.holds(noticed[effect.id])]
        urgent = [e for e in flags if e.red_flag is not None and e.red_flag.emergency_words]
        return next(iter([*urgent, *flags]), None)

    def needs_advice(self, noticed: Mapping[str, int]) -> tuple[SideEffect, ...]:
        """Return what was noticed so strongly that the advice is shown."""
        return tuple(e for e in self._graded(noticed) if noticed[e.id] >= self.advice_from_grade)

    def _graded(self, noticed: Mapping[str, int]) -> tuple[SideEffect, ...]:
        numbers = {grade.number for grade in self.grades}
        for effect_id, grade in noticed.items():
            if grade not in numbers:
                raise AnswerError(effect_id, f"grade {grade} is not one of {sorted(numbers)}")
            self.find(effect_id)
        return tuple(effect for effect in self.effects if effect.id in noticed)


@functools.cache
def side_effect_rules() -> SideEffectRules:
    """Return the list that ships with this version."""
    text = resources.files("shared.instruments").joinpath("side_effects.json").read_text("utf-8")
    value = json.loads(text)
    return SideEffectRules(
        version=value["version"],
        advice_from_grade=value["advice_from_grade"],
        effects=tuple(_effect(item) for item in value["effects"]),
        grades=tuple(Grade(item["number"], item["text"]) for item in value["grades"]),
    )


def _effect(item: Mapping[str, Any]) -> SideEffect:
    flag = item.get("red_flag")
    return SideEffect(
        id=item["id"],
        text=item["text"],
        ask_from_grade=item.get("ask_from_grade"),
        red_flag=None if flag is None else RedFlag(**flag),
    )
