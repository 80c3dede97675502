"""The data of a task: what it is called, how often it's done, where its figures are from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class TaskData:
    """``value`` holds the task's own figures; ``provenance`` says of each whether its source was
    ``read`` or ``recalled``."""

    id: str
    version: int
    title: str
    measures: str
    for_indications: tuple[str, ...]
    every_days: int
    minutes: int
    terms: str
    source: str
    provenance: tuple[tuple[str, str], ...]
    value: Mapping[str, Any]


def read_task(task_id: str) -> TaskData:
    """Return the data of a task by its id."""
    text = (
        resources.files("shared.instruments.tasks").joinpath(f"{task_id}.json").read_text("utf-8")
    )
    value = json.loads(text)
    return TaskData(
        id=value["id"],
        version=value["version"],
        title=value["title"],
        measures=value["measures"],
        for_indications=tuple(value["for_indications"]),
        every_days=value["every_days"],
        minutes=value["minutes"],
        terms=value["terms"],
        source=value["source"],
        provenance=tuple(value["provenance"].items()),
        value=value,
    )
