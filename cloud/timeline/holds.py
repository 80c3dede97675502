"""The lane of what kept the band still, by its record, and of what was only asked for.

Each line says who placed it, in the words of `cloud.holds.placing`.
"""

from __future__ import annotations

from cloud.dose.closures import FAULT, SCREENING
from cloud.dose.models import Closure
from cloud.holds.models import Hold
from cloud.holds.placing import (
    BY_BAND,
    SCREENING_RULE,
    Placed,
    Placers,
    by_record_in_words,
)
from cloud.holds.reasons import in_words
from cloud.language import _, told
from cloud.timeline.axis import Axis
from cloud.timeline.gathered import Gathered
from cloud.timeline.marks import NOTHING, Lane, Mark, Row, uncrowded

HEIGHT = 44.0


def holds_lane(gathered: Gathered, axis: Axis, *, now_ms: int) -> Lane:
    """Return the lane of what kept the band still: by its record, or only asked for yet."""
    spans = sorted(
        [*_closed(gathered, axis), *_asked_holds(gathered, axis, now_ms)],
        key=lambda each: each[0].at,
    )
    return Lane(
        id="holds",
        title=_("Holds"),
        height=HEIGHT,
        caption=_("What kept the band from treating, and who placed it"),
        heads=(_("Until"), _("What"), _("By whom"), _("Whether it stopped the band")),
        empty=_("Nothing held in these days"),
        rows=tuple(row for _mark, row in spans),
        marks=uncrowded((each for each, _row in spans), axis.window.days),
    )


def _closed(gathered: Gathered, axis: Axis) -> list[tuple[Mark, Row]]:
    """Days on which something kept the band still, by its own verified record."""
    asked = {each.hold_id.hex(): each for each in gathered.holds}
    found = []
    for each in gathered.closures:
        first = max(0, axis.window.place(each.from_day))
        last = axis.window.days if each.until_day is None else axis.window.place(each.until_day) + 1
        words = _what(each, asked.get(each.cause))
        placed = _by_whom(each, asked.get(each.cause), gathered.placers)
        span = Mark(
            at=first,
            shape="span",
            kind="in-force",
            y=8,
            height=HEIGHT - 16,
            days=max(1, min(last, axis.window.days) - first),
            label=f"{words}. {placed}",
            label_y=HEIGHT / 2 + 5,
            beside=True,
        )
        until = _("still in force") if each.until_day is None else axis.day(last - 1)
        cells = (until, words, placed, _("in force"))
        found.append((span, Row(first, axis.day(first), cells)))
    return found


def _asked_holds(gathered: Gathered, axis: Axis, now_ms: int) -> list[tuple[Mark, Row]]:
    """From when a hold was asked for until the band's record had it: no band was stopped by it."""
    found = []
    for each in gathered.holds:
        ends_ms = each.in_force_ms or each.ended_ms or now_ms
        begins, ends = max(0.0, axis.at(each.asked_ms)), min(axis.at(ends_ms), axis.window.days)
        if ends <= 0 or begins >= axis.window.days:
            continue
        span = Mark(
            at=begins,
            shape="span",
            kind="asked",
            y=8,
            height=HEIGHT - 16,
            days=round(max(ends - begins, 0.02), 3),
        )
        still = each.in_force_ms is None and each.ended_ms is None
        until = _("not in force yet") if still else axis.when(ends_ms)
        place, placed = int(begins), gathered.placers.asked(each)
        cells = (until, in_words(each.reason), placed, _("asked, not in force"))
        found.append((span, Row(place, axis.day(place), cells)))
    return found


def _what(closure: Closure, asked: Hold | None) -> str:
    if closure.cause == FAULT:
        return _("A fault of the band")
    if closure.cause == SCREENING:
        return _("Postponed by a safety question")
    reason = closure.hold_reason if asked is None else asked.reason
    return _("Hold placed in the app or by the band") if reason is None else in_words(reason)


def _by_whom(closure: Closure, asked: Hold | None, placers: Placers) -> str:
    if closure.cause == FAULT:
        return _("Placed by the band itself")
    if closure.cause == SCREENING:
        return told(BY_BAND).format(rule=SCREENING_RULE)
    if asked is not None:
        return placers.asked(asked)
    kind, source, reason = closure.hold_kind, closure.hold_source, closure.hold_reason
    if kind is None or source is None or reason is None:
        return NOTHING
    return by_record_in_words(Placed(kind, source, reason))
