"""Broken limits for who prescribes: in the field's own unit, and in plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cloud.language import _, mark, number, told
from cloud.language.stored import stored
from shared.dose.envelope import Violation

_INPUTS = {
    "intensity_percent": "intensity_percent",
    "trains": "trains",
    "bursts_per_train": "trains",
    "pulses_per_session": "trains",
    "day_window_s": "day_window_h",
    "pulses_per_day_window": "pulses_per_day_window",
    "pulses_per_week": "trains",
    "course_sessions": "course_sessions",
    "protocol_id": "protocol_id",
    "kind": "protocol_id",
    "percent_mso": "threshold_percent",
    "research_reason": "research_reason",
}
_NAMES = {
    "intensity_percent": mark("Intensity, %"),
    "interval_ms": mark("Time between trains"),
    "bursts_per_train": mark("Length of a train"),
    "pulses_per_session": mark("Pulses of a session"),
    "day_window_s": mark("Day window"),
    "pulses_per_day_window": mark("Pulses in the day window"),
    "sessions_per_day_window": mark("Sessions in the day window"),
    "pulses_per_week": mark("Pulses of a week"),
    "course_sessions": mark("Sessions of the course"),
    "course_pulses": mark("Pulses of the course"),
    "min_interval_s": mark("Time between sessions"),
    "protocol_id": mark("Protocol"),
    "percent_mso": mark("Motor threshold, % of output"),
}
_UNITS = {
    **dict.fromkeys(("pulses_per_session", "pulses_per_day_window", "pulses_per_week"), (1, "")),
    "course_pulses": (1, ""),
    "interval_ms": (1_000, "s"),
    "bursts_per_train": (1_000, "s"),
    "day_window_s": (3_600, "h"),
    "min_interval_s": (3_600, "h"),
}
"""By what a field's figures are divided to be in the unit that its input asks for."""
_RULES = {
    "R8": mark("the band's rule for its day window"),
    "R13": mark("what the stimulator can give"),
    "R14": mark("the band's rule for a threshold"),
}
_RULE_BESIDE = re.compile(r" ?\(R\d+\)")
_STEP = re.compile(r"(\d+) to (\d+)")


@dataclass(frozen=True)
class Broken:
    """A broken limit in words, with its sources and the input that it hangs on."""

    sentence: str
    sources: tuple[str, ...]
    input: str


def in_words(violations: tuple[Violation, ...]) -> tuple[Broken, ...]:
    """Return the broken limits for the page: one line for each, whoever else says the same."""
    sources: dict[tuple[str, str], list[str]] = {}
    for each in violations:
        field = each.field.rsplit(".", 1)[-1]
        key = (_sentence(field, each), _INPUTS.get(field, ""))
        sources.setdefault(key, []).append(_source(each.source))
    return tuple(
        Broken(sentence, tuple(filter(None, found)), name)
        for (sentence, name), found in sources.items()
    )


def _sentence(field: str, broken: Violation) -> str:
    step = _STEP.fullmatch(broken.value)
    if field == "research_reason":
        return _("Name the reason of the research or off-label use, or the ethics approval.")
    if field == "percent_mso" and step is not None:
        return _(
            "Motor threshold: from {before} to {after} % of output is a large step. "
            "Say that it is meant."
        ).format(before=step[1], after=step[2])
    return _("{name}: {value} is not allowed, {limit}").format(
        name=told(_NAMES.get(field, field.replace("_", " ").capitalize())),
        value=stored(_in_unit(broken.value, field)),
        limit=stored(_in_unit(broken.limit, field)),
    )


def _in_unit(text: str, field: str) -> str:
    """Return a value or a limit with its figures in the unit of the field's input."""
    if field not in _UNITS or not re.search(r"\d", text):
        return text
    divisor, unit = _UNITS[field]
    said = re.sub(r"\d+", lambda found: number(int(found[0]) / divisor), text.removesuffix(" ms"))
    return f"{said} {unit}" if unit else said


def _source(source: str) -> str:
    if source in _RULES:
        return told(_RULES[source])
    return _RULE_BESIDE.sub("", told(source))
