"""Questionnaires: items, answers, score and band.

A score of own wording is labelled so wherever it stands; it carries no code of the instrument's
official total.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources


class AnswerError(ValueError):
    """Answers that the questionnaire cannot score; ``field`` names the item."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field


@dataclass(frozen=True)
class Item:
    """One question."""

    id: str
    prompt: str
    loinc: str


@dataclass(frozen=True)
class Response:
    """One of the answers to every item."""

    value: int
    text: str


@dataclass(frozen=True)
class Band:
    """A named range of scores, both ends included."""

    lowest: int
    highest: int
    name: str


@dataclass(frozen=True)
class Score:
    """A total with its band and the label that must stand beside it."""

    total: int
    maximum: int
    band: str
    label: str


@dataclass(frozen=True)
class Questionnaire:
    """One instrument in one wording."""

    id: str
    version: int
    title: str
    lead: str
    items: tuple[Item, ...]
    responses: tuple[Response, ...]
    bands: tuple[Band, ...]
    meaningful_change: int
    wording_label: str
    source: str

    @property
    def maximum(self) -> int:
        """Highest possible total."""
        return len(self.items) * max(response.value for response in self.responses)

    def score(self, answers: Sequence[int]) -> Score:
        """Return the score of one answer for each item; raise AnswerError for anything else."""
        if len(answers) != len(self.items):
            raise AnswerError("answers", f"{len(answers)} given, {len(self.items)} asked")
        allowed = {response.value for response in self.responses}
        for item, answer in zip(self.items, answers, strict=True):
            if answer not in allowed:
                raise AnswerError(item.id, f"{answer} is not one of {sorted(allowed)}")
        total = sum(answers)
        band = next(b.name for b in self.bands if b.lowest <= total <= b.highest)
        return Score(total, self.maximum, band, self.wording_label)


@functools.cache
def phq9() -> Questionnaire:
    """Return the nine questions on depression (Kroenke, Spitzer, Williams 2001), own wording."""
    text = resources.files("shared.instruments").joinpath("phq9.json").read_text("utf-8")
    value = json.loads(text)
    return Questionnaire(
        id=value["id"],
        version=value["version"],
        title=value["title"],
        lead=value["lead"],
        items=tuple(Item(**item) for item in value["items"]),
        responses=tuple(Response(**item) for item in value["responses"]),
        bands=tuple(Band(b["from"], b["to"], b["name"]) for b in value["bands"]),
        meaningful_change=value["meaningful_change"],
        wording_label=value["wording_label"],
        source=value["source"],
    )


SELF_HARM_ITEM = "phq9-9"
"""The item whose answer above 0 always reaches a person."""
