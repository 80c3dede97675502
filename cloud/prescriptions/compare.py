"""The draft beside the prescription in force and the limits, line by line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shared.dose.envelope import Violation
from shared.dose.prescription import Prescription
from shared.stimulation.catalogue import CatalogueEntry, catalogue
from shared.stimulation.limits import absolute_limits
from shared.stimulation.pattern import PatternKind

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
    "intensity_percent": "Intensity, %",
    "interval_ms": "Time between trains, ms",
    "bursts_per_train": "Length of a train",
    "pulses_per_session": "Pulses of a session",
    "day_window_s": "Day window, s",
    "pulses_per_day_window": "Pulses in the day window",
    "sessions_per_day_window": "Sessions in the day window",
    "pulses_per_week": "Pulses of a week",
    "course_sessions": "Sessions of the course",
    "min_interval_s": "Time between sessions, s",
    "protocol_id": "Protocol",
    "percent_mso": "Motor threshold, % of output",
    "research_reason": "Reason of a research or off-label use",
}


@dataclass(frozen=True)
class Broken:
    """A broken limit in words, with its sources and the input that it hangs on."""

    sentence: str
    sources: tuple[str, ...]
    input: str


@dataclass(frozen=True)
class Line:
    """One line of the comparison."""

    name: str
    before: str
    draft: str
    limit: str
    input: str

    @property
    def changed(self) -> bool:
        """Whether the draft differs from what is in force."""
        return self.before not in ("", self.draft)


def compare(before: Prescription | None, draft: Prescription) -> tuple[Line, ...]:
    """Return the lines that a prescriber looks at."""
    entry = catalogue().entry(draft.protocol_id)
    return (
        _line(
            "Intensity",
            before,
            draft,
            _intensity,
            f"{entry.parts[0].intensity_percent} %",
            "intensity_percent",
        ),
        _line(
            "Pulses a day / week / course",
            before,
            draft,
            _pulses,
            _pulses_most(entry),
            "pulses_per_day_window",
        ),
        _line(
            "Sessions a week / course",
            before,
            draft,
            _sessions,
            _sessions_most(draft),
            "course_sessions",
        ),
        _line("Longest train", before, draft, _train, _train_most(draft, entry), "trains"),
        _line("Day window", before, draft, _window, "18 to 24 h", "day_window_h"),
    )


def in_words(violations: tuple[Violation, ...]) -> tuple[Broken, ...]:
    """Return the broken limits for the page: one line for each, whoever else says the same."""
    sources: dict[tuple[str, str], list[str]] = {}
    for each in violations:
        field = each.field.rsplit(".", 1)[-1]
        name = _NAMES.get(field, field.replace("_", " ").capitalize())
        key = (f"{name}: {each.value} is not allowed, {each.limit}", _INPUTS.get(field, ""))
        sources.setdefault(key, []).append(each.source)
    return tuple(
        Broken(sentence, tuple(filter(None, found)), name)
        for (sentence, name), found in sources.items()
    )


def _line(
    name: str,
    before: Prescription | None,
    draft: Prescription,
    say: Callable[[Prescription], str],
    limit: str,
    input_: str,
) -> Line:
    return Line(name, say(before) if before else "", say(draft), limit, input_)


def _intensity(each: Prescription) -> str:
    part = each.parts[0]
    return f"{part.intensity_percent} %, {each.percent_mso()} % of output"


def _pulses(each: Prescription) -> str:
    limits = each.limits
    return (
        f"{limits.pulses_per_day_window:,} / {limits.pulses_per_week:,} / {limits.course_pulses:,}"
    )


def _sessions(each: Prescription) -> str:
    return f"{each.limits.sessions_per_week} / {each.limits.course_sessions}"


def _sessions_most(each: Prescription) -> str:
    published = catalogue().entry(each.protocol_id).limits
    return f"{published.sessions_per_week} / {published.course_sessions}"


def _train(each: Prescription) -> str:
    return f"{each.parts[0].pattern.train_us / 1_000_000:g} s"


def _window(each: Prescription) -> str:
    return f"{each.limits.day_window_s // 3600} h"


def _pulses_most(entry: CatalogueEntry) -> str:
    limits, pulses = entry.limits, entry.pulses_per_session
    week, course = limits.sessions_per_week * pulses, limits.course_sessions * pulses
    return f"{limits.pulses_per_day_window:,} / {week:,} / {course:,}"


def _train_most(draft: Prescription, entry: CatalogueEntry) -> str:
    part, limits = draft.parts[0], absolute_limits()
    if entry.outside_train_table:
        return f"{entry.parts[0].pattern.train_us / 1_000_000:g} s, by exception"
    if part.pattern.kind is PatternKind.THETA_BURST:
        longest = "ctbs_train_s_max" if part.trains == 1 else "itbs_train_s_max"
        return f"{limits.theta_burst[longest]} s"
    return _milliseconds(limits.train_ms_max(part.pattern.rate_mhz / 1000, part.intensity_percent))


def _milliseconds(value: int | None) -> str:
    return "not in the table" if value is None else f"{value / 1000:g} s"
