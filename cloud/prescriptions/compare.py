"""The draft beside the prescription in force and the limits, line by line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cloud.language import _, n_, number
from cloud.prescriptions.phases import in_a_week, phase_words
from cloud.prescriptions.preview import spoken
from cloud.prescriptions.thresholds import is_given
from shared.dose.prescription import Phase, Prescription, ThresholdKind
from shared.stimulation.catalogue import CatalogueEntry, catalogue
from shared.stimulation.limits import AbsoluteLimits, absolute_limits
from shared.stimulation.pattern import PatternKind

DAY_S = 86_400
_Row = tuple[str, Callable[[Prescription], str], str, str, str]
"""A line's name, what it says of a version, the limit, the limit's source, and its input."""


@dataclass(frozen=True)
class Line:
    """One line of the comparison; ``source`` says where the limit comes from."""

    name: str
    before: str
    draft: str
    limit: str
    source: str
    input: str

    @property
    def changed(self) -> bool:
        """Whether the draft differs from what is in force."""
        return self.before not in ("", self.draft)


@dataclass(frozen=True)
class LargeStep:
    """A step of the output that has to be meant twice, in percent of maximum output."""

    before: int
    after: int


def large_step(before: Prescription | None, draft: Prescription) -> LargeStep | None:
    """Return the step of the strongest part's output, if that or the threshold's is larger than
    R14's.

    A raised intensity asks as much of the brain as a raised threshold does, so both are asked for.
    """
    if before is None or not is_given(draft.threshold):
        return None
    old, new = (max(map(each.percent_mso, range(len(each.parts)))) for each in (before, draft))
    threshold = abs(draft.threshold.percent_mso - before.threshold.percent_mso)
    most = absolute_limits().caps["threshold_step_percent_mso_without_flag"]
    return LargeStep(old, new) if max(abs(new - old), threshold) > most else None


def compare(
    before: Prescription | None, draft: Prescription, *, completed: int = 0
) -> tuple[Line, ...]:
    """Return the lines that a prescriber looks at: dose by session, day, week, phase and course.

    The week is that of the phase in which so many ``completed`` sessions of the course have put it.
    """
    entry, limits = catalogue().entry(draft.protocol_id), absolute_limits()
    published, pulses = entry.limits, entry.pulses_per_session
    catalogued, own = entry.source, _("this product's own figure")
    intensity = f"{entry.parts[0].intensity_percent} %"
    longest, train_source = _train_most(draft, entry)
    window = _("{least} to {most} h").format(
        least=limits.caps["day_window_h"][0], most=limits.caps["day_window_h"][1]
    )
    day = _dose(published.sessions_per_day_window, published.pulses_per_day_window)
    (present,) = entry.phases_between(completed, completed + 1) or entry.phases[-1:]
    week = _dose(present.sessions_per_week, present.sessions_per_week * pulses)
    course = _dose(published.course_sessions, published.course_sessions * pulses)
    rows: tuple[_Row, ...] = (
        (_("Intensity"), _intensity, intensity, catalogued, "intensity_percent"),
        (_("Threshold"), _threshold, _threshold_most(limits), own, "threshold_percent"),
        (_("One session"), _session, *_session_most(draft), "trains"),
        (_("Longest train"), _train, longest, train_source, "trains"),
        (_("Day window"), _window, window, own, "day_window_h"),
        (_("In the day window"), _day, day, catalogued, "pulses_per_day_window"),
        (
            _("In a week, now") if draft.phases or (before and before.phases) else _("In a week"),
            lambda each: _week(each, completed),
            week,
            catalogued,
            "trains",
        ),
        *_phases(before, draft, entry),
        (_("In the course"), _course, course, catalogued, "course_sessions"),
    )
    return tuple(
        Line(name, say(before) if before else "", say(draft), limit, source, input_)
        for name, say, limit, source, input_ in rows
    )


def _intensity(each: Prescription) -> str:
    part = each.parts[0]
    if not is_given(each.threshold):
        return _("{percent} % of a threshold that is not given").format(
            percent=part.intensity_percent
        )
    return _("{percent} %, {output} % of output").format(
        percent=part.intensity_percent, output=each.percent_mso()
    )


def _threshold(each: Prescription) -> str:
    found = each.threshold
    if found.kind is ThresholdKind.NONE:
        return _("none: fixed output")
    if not is_given(found):
        return _("not stated")
    days = (found.lock_s - found.measured_s) // DAY_S
    return n_(
        "{percent} % of output, for {days} day", "{percent} % of output, for {days} days", days
    ).format(percent=found.percent_mso, days=days)


def _threshold_most(limits: AbsoluteLimits) -> str:
    days = limits.caps["threshold_age_days_max"]
    return n_("for {days} day", "for {days} days", days).format(days=days)


def _session(each: Prescription) -> str:
    return _("{count} pulses, {length}").format(
        count=number(each.pulses_per_session), length=spoken(each.plan.duration_us)
    )


def _session_most(draft: Prescription) -> tuple[str, str]:
    limits = absolute_limits()
    most, source = limits.caps["pulses_per_session_max"], _("this product's own figure")
    if any(part.pattern.kind is PatternKind.THETA_BURST for part in draft.parts):
        most, source = limits.theta_burst["pulses_per_session_max"], limits.theta_burst_source
    return _("{count} pulses").format(count=number(most)), source


def _day(each: Prescription) -> str:
    return _dose(each.limits.sessions_per_day_window, each.limits.pulses_per_day_window)


def _week(each: Prescription, completed: int) -> str:
    phase = each.phase(completed)
    if phase is None and each.phases:
        return _("none: every phase is done")
    return _dose(*in_a_week(each, phase))


def _phases(
    before: Prescription | None, draft: Prescription, entry: CatalogueEntry
) -> tuple[_Row, ...]:
    """Return a row for each phase of either version."""
    had = before.phases if before else ()
    rows = max(len(had), len(draft.phases))
    return tuple(_phase_row(place, entry) for place in range(rows))


def _phase_row(place: int, entry: CatalogueEntry) -> _Row:
    published = entry.phases[place] if len(entry.phases) > max(1, place) else None
    most = _("no phase")
    if published is not None:
        given = (published.sessions, published.sessions_per_week, published.min_interval_s)
        most = phase_words(Phase(*given))
    name = _("Phase {place}").format(place=place + 1)
    return name, lambda each: _phase(each, place), most, entry.source, "course_sessions"


def _phase(each: Prescription, place: int) -> str:
    if place >= len(each.phases):
        return _("no phase")
    phase = each.phases[place]
    dose = n_(
        "{phase}: {pulses} pulse a week",
        "{phase}: {pulses} pulses a week",
        in_a_week(each, phase)[1],
    )
    return dose.format(phase=phase_words(phase), pulses=number(in_a_week(each, phase)[1]))


def _course(each: Prescription) -> str:
    return _dose(each.limits.course_sessions, each.limits.course_pulses)


def _dose(sessions: int, pulses: int) -> str:
    return n_(
        "{count} session, {pulses} pulses", "{count} sessions, {pulses} pulses", sessions
    ).format(count=sessions, pulses=number(pulses))


def _train(each: Prescription) -> str:
    return f"{number(each.parts[0].pattern.train_us / 1_000_000)} s"


def _window(each: Prescription) -> str:
    return f"{each.limits.day_window_s // 3600} h"


def _train_most(draft: Prescription, entry: CatalogueEntry) -> tuple[str, str]:
    part, limits = draft.parts[0], absolute_limits()
    if entry.outside_train_table:
        seconds = number(entry.parts[0].pattern.train_us / 1_000_000)
        return _("{seconds} s, by exception").format(seconds=seconds), entry.source
    if part.pattern.kind is PatternKind.THETA_BURST:
        longest = "ctbs_train_s_max" if part.trains == 1 else "itbs_train_s_max"
        return f"{number(limits.theta_burst[longest])} s", limits.theta_burst_source
    most = limits.train_ms_max(part.pattern.rate_mhz / 1000, part.intensity_percent)
    return _milliseconds(most), limits.train_source


def _milliseconds(value: int | None) -> str:
    return _("not in the table") if value is None else f"{number(value / 1000)} s"
