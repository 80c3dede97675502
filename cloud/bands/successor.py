"""The prescription by which a course goes on with another band (R24), from what the form says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from cloud.bands.predecessor import Predecessor
from cloud.errors import Refused
from cloud.language import mark
from cloud.prescriptions import thresholds
from cloud.prescriptions.drafts import DAY_S, INSTALL_WITHIN_DAYS, VALID_DAYS
from cloud.steps.threshold import read_measurement
from shared.dose.changes import Issue, replace_device
from shared.dose.prescription import Limits, Prescription, Replacement, Threshold, ThresholdKind
from shared.trust import sign1


class Surety(StrEnum):
    """How the new band is sure that the old one treats no more: one of R24's three."""

    LAST_WORD = "last-word"
    IN_HAND = "in-hand"
    PLAN_ENDED = "plan-ended"


SAYS = {
    Surety.LAST_WORD: mark("It retired, and its signed last record is here"),
    Surety.IN_HAND: mark("It's in the clinic's hands, which I sign"),
    Surety.PLAN_ENDED: mark("Nobody has it; its plan's end is waited for"),
}


@dataclass(frozen=True)
class Way:
    """A surety with its words, and whether it can be chosen."""

    surety: Surety
    words: str
    open: bool


def ways_of(predecessor: Predecessor, *, now_s: int) -> tuple[Way, ...]:
    """Return the three ways; a plan's end is waited for only where the successor's own time to be
    installed reaches beyond it."""
    near = predecessor.plan_ends_s <= now_s + INSTALL_WITHIN_DAYS * DAY_S
    open_ = {
        Surety.LAST_WORD: predecessor.last_word is not None,
        Surety.IN_HAND: True,
        Surety.PLAN_ENDED: near,
    }
    return tuple(Way(each, words, open_[each]) for each, words in SAYS.items())


def read_surety(form: Mapping[str, str], predecessor: Predecessor, *, now_s: int) -> Surety:
    """Return what was chosen; raise Refused for what can't be."""
    chosen = {way.surety.value: way for way in ways_of(predecessor, now_s=now_s)}
    way = chosen.get(form.get("surety", ""))
    if way is None or not way.open:
        raise Refused("Say how it is sure that the old band treats no more.", code="surety")
    return way.surety


def successor(
    predecessor: Predecessor,
    device_id: bytes,
    serial: int,
    form: Mapping[str, str],
    *,
    now_s: int,
) -> Prescription:
    """Return the course for the other band; raise Refused for a form that isn't complete, or a
    course of which nothing is left."""
    before, surety = predecessor.before, read_surety(form, predecessor, now_s=now_s)
    if before.second_threshold is not None:
        raise Refused(
            "A course at two sites can't go on with another band. End it, and prescribe anew."
        )
    begins_s = max(now_s, predecessor.plan_ends_s) if surety is Surety.PLAN_ENDED else now_s
    by_word = surety is Surety.LAST_WORD and predecessor.last_word is not None
    replacement = Replacement(
        old_device_id=predecessor.device.device_id,
        old_not_after_s=predecessor.plan_ends_s,
        in_clinics_hands=surety is Surety.IN_HAND,
        opening=predecessor.opening(by_last_word=by_word),
        final_head_hash=sign1.name_of(predecessor.last_word or b"") if by_word else None,
    )
    _require_rest(replacement, before.limits)
    made = replace_device(
        before,
        Issue(serial, now_s, begins_s + INSTALL_WITHIN_DAYS * DAY_S),
        threshold=_threshold(before.threshold, device_id, form, now_s),
        replacement=replacement,
    )
    return _in_time(made, predecessor.course_ends_s, begins_s)


def _require_rest(replacement: Replacement, limits: Limits) -> None:
    opening = replacement.opening
    sessions_left = limits.course_sessions - opening.course_sessions
    if sessions_left <= 0 or opening.course_pulses >= limits.course_pulses:
        raise Refused("Nothing is left of the course. End it, or prescribe anew.", code="rest")


def _threshold(
    before: Threshold, device_id: bytes, form: Mapping[str, str], now_s: int
) -> Threshold:
    """The threshold is stated anew for the new band (R24); a fixed output needs none."""
    percent = 100
    if before.kind is not ThresholdKind.NONE:
        percent = read_measurement(form).percent
    return replace(
        before,
        percent_mso=percent,
        measured_s=now_s,
        warn_s=now_s + thresholds.WARN_DAYS * DAY_S,
        lock_s=now_s + thresholds.LOCK_DAYS * DAY_S,
        demo=True,
        device_id=device_id,
    )


def _in_time(made: Prescription, course_ends_s: int | None, begins_s: int) -> Prescription:
    """The course ends when it would have: the new band counts its days from its own first session.

    Raise Refused where it is over.
    """
    until_s, limits = begins_s + VALID_DAYS * DAY_S, made.limits
    if course_ends_s is not None:
        days = (course_ends_s - begins_s) // DAY_S
        if days < 1:
            raise Refused("The course is over by its days. Prescribe anew.", code="rest")
        until_s, limits = min(until_s, course_ends_s), replace(limits, course_days=days)
    return replace(made, limits=limits, not_before_s=begins_s, not_after_s=until_s)
