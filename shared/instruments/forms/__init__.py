"""The forms that ship with this version, as data, and their reader.

Each file carries where its figures are from, and of each part whether that source was read or only
recalled. All wording is this product's own.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from shared.instruments.items import After, AnswerKind, Answers, Item, Response
from shared.instruments.questionnaire import (
    Band,
    Change,
    Questionnaire,
    ScoreKind,
    Scoring,
    Task,
)

FORMS = (
    "phq-9",
    "gad-7",
    "pcl-5",
    "ocd-own",
    "pain-nrs",
    "headache-diary",
    "sleep-mood",
    "hand-function",
)
"""Every form, by id; the two tasks without questions stand in `tasks`."""


@functools.cache
def form(form_id: str) -> Questionnaire:
    """Return a form in own wording; raise KeyError for an id that isn't one of ``FORMS``."""
    if form_id not in FORMS:
        raise KeyError(form_id)
    text = resources.files(__package__).joinpath(f"{form_id}.json").read_text("utf-8")
    return _read(json.loads(text))


def phq9() -> Questionnaire:
    """Return the nine questions on depression (Kroenke, Spitzer, Williams 2001), own wording."""
    return form("phq-9")


def _read(value: Mapping[str, Any]) -> Questionnaire:
    answers = {name: _answers(one) for name, one in value["answers"].items()}
    task = value.get("task")
    return Questionnaire(
        id=value["id"],
        version=value["version"],
        title=value["title"],
        measures=value["measures"],
        for_indications=tuple(value["for_indications"]),
        lead=value["lead"],
        items=tuple(_item(item, answers) for item in value["items"]),
        scoring=_scoring(value["score"]),
        change=_change(value.get("change", {})),
        wording_label=value["wording_label"],
        every_days=value["every_days"],
        minutes=value["minutes"],
        terms=value["terms"],
        source=value["source"],
        provenance=tuple(value["provenance"].items()),
        panel_loinc=value.get("panel_loinc"),
        total_loinc=value.get("total_loinc"),
        task=None if task is None else Task(task),
    )


def _answers(value: Mapping[str, Any]) -> Answers:
    kind = AnswerKind(value["kind"])
    if kind is AnswerKind.CHOICE:
        return Answers(kind, tuple(Response(**one) for one in value["responses"]))
    numbers = [Response(n, str(n)) for n in range(value["from"], value["to"] + 1)]
    also = [Response(**one) for one in value.get("also", ())]
    return Answers(kind, (*numbers, *also), value["low"], value["high"])


def _item(value: Mapping[str, Any], answers: Mapping[str, Answers]) -> Item:
    return Item(
        id=value["id"],
        prompt=value["prompt"],
        answers=answers[value["answers"]],
        loinc=value.get("loinc"),
        after=tuple(After(**one) for one in value.get("after", ())),
        safety_plan_from=value.get("safety_plan_from"),
    )


def _scoring(value: Mapping[str, Any]) -> Scoring:
    return Scoring(
        kind=ScoreKind(value["kind"]),
        maximum=value.get("maximum", 0),
        item=value.get("item"),
        bands=tuple(Band(b["from"], b["to"], b["name"]) for b in value.get("bands", ())),
    )


def _change(value: Mapping[str, Any]) -> Change:
    return Change(
        points=value.get("meaningful_points"),
        percent=value.get("meaningful_percent"),
        response_share_percent=value.get("response_share_percent"),
        remission_below=value.get("remission_below"),
    )
