"""The lane of doses: a bar for each session, beside what was prescribed, and what was missed.

The numbers are those of the verified record; a titration is charged to no course and isn't here.
"""

from __future__ import annotations

from collections import defaultdict

from cloud.language import _, n_, number
from cloud.ledger.models import DeliveredSession
from cloud.timeline.axis import Axis
from cloud.timeline.gathered import Gathered, Plan
from cloud.timeline.marks import NOTHING, Lane, Mark, Row, Rule, uncrowded
from shared.dose.prescription import PrescriptionKind
from shared.wire.records import SessionKind

HEIGHT, BASE, TALLEST = 118.0, 112.0, 84.0
LABEL_GAP = 5.0


def dose_lane(gathered: Gathered, axis: Axis, *, patient: str) -> Lane:
    """Return the lane; ``patient`` begins the address of a session's page."""
    sessions = [each for each in gathered.sessions if each.kind != int(SessionKind.TITRATION)]
    plans = _plans(gathered, axis)
    top = max(
        [*(each.charged_pulses for each in sessions), *(pulses for _at, _days, pulses in plans)],
        default=0,
    )
    marks = [*_bars(sessions, axis, top, patient), *_crosses(gathered)]
    return Lane(
        id="dose",
        title=_("Pulses a session"),
        height=HEIGHT,
        caption=_("Sessions, from verified records"),
        heads=(_("Begun at"), _("Pulses delivered"), _("Planned"), _("What became of it")),
        empty=_("Nothing delivered in these days"),
        rows=tuple(sorted(_rows(gathered, sessions, axis, patient), key=lambda row: row.place)),
        marks=uncrowded(marks, axis.window.days),
        rules=tuple(Rule(at, days, _y(pulses, top), "prescribed") for at, days, pulses in plans),
        notes=_notes(plans),
        summary=_summary(gathered, sessions),
    )


def outcome(row: DeliveredSession) -> str:
    """Return what became of a session: rest, whole, partial or nothing."""
    if not row.charged_pulses:
        return "nothing"
    if row.kind == int(SessionKind.MAKE_UP):
        return "rest"
    return "whole" if row.charged_pulses >= row.planned_pulses else "partial"


def outcome_words(kind: str) -> str:
    """Return the same in words."""
    return {
        "nothing": _("no pulse was given"),
        "rest": _("the rest of a session"),
        "whole": _("whole"),
        "partial": _("partial"),
    }[kind]


def session_address(patient: str, row: DeliveredSession) -> str:
    """Return where a session's own page is."""
    return f"{patient}/sessions/{row.epoch.hex()}/{row.opened_number}"


def _bars(sessions: list[DeliveredSession], axis: Axis, top: int, patient: str) -> list[Mark]:
    by_day: defaultdict[int, list[DeliveredSession]] = defaultdict(list)
    for each in sessions:
        by_day[axis.window.place(each.day)].append(each)
    last = max(by_day, default=None)
    found = []
    for place, of_day in by_day.items():
        for index, row in enumerate(of_day):
            kind = outcome(row)
            height = round(TALLEST * row.charged_pulses / top, 1) if top else 0.0
            told = kind != "whole" or (place == last and index == len(of_day) - 1)
            found.append(
                Mark(
                    at=round(place + (index + 1) / (len(of_day) + 1), 3),
                    shape="bar",
                    kind=kind,
                    y=BASE - height,
                    height=height,
                    days=round(1 / len(of_day), 3),
                    label=number(row.charged_pulses) if told else "",
                    label_y=BASE - height - LABEL_GAP,
                    href=session_address(patient, row),
                )
            )
    return found


def _crosses(gathered: Gathered) -> list[Mark]:
    return [
        Mark(
            at=gathered.window.place(day) + 0.5,
            shape="cross",
            kind="missed",
            y=BASE - 8,
            label=number(count) if count > 1 else "",
            label_y=BASE - 20,
        )
        for day, count in _missed(gathered)
    ]


def _missed(gathered: Gathered) -> list[tuple[int, int]]:
    first, last = gathered.window.first.toordinal(), gathered.window.last.toordinal()
    return [(day, count) for day, count in gathered.missed.items() if first <= day <= last]


def _rows(
    gathered: Gathered, sessions: list[DeliveredSession], axis: Axis, patient: str
) -> list[Row]:
    given = [
        Row(
            place=axis.window.place(each.day),
            day=axis.day(axis.window.place(each.day)),
            cells=(
                f"{axis.times.local(each.opened_ms):%H:%M}" if each.opened_ms else _("not known"),
                number(each.charged_pulses),
                number(each.planned_pulses),
                outcome_words(outcome(each)),
            ),
            href=session_address(patient, each),
        )
        for each in sessions
    ]
    return given + [
        Row(
            place=axis.window.place(day),
            day=axis.day(axis.window.place(day)),
            cells=(
                NOTHING,
                number(0),
                NOTHING,
                n_("{count} session missed", "{count} sessions missed", count).format(count=count),
            ),
        )
        for day, count in _missed(gathered)
    ]


def _plans(gathered: Gathered, axis: Axis) -> list[tuple[float, float, int]]:
    """Where each prescription begins to hold, for how many days, and its pulses a session."""
    plans = [
        each for each in gathered.plans if each.prescription.kind is not PrescriptionKind.TITRATION
    ]
    found = []
    for index, each in enumerate(plans):
        if each.prescription.kind is PrescriptionKind.END:
            continue
        begins = max(0.0, axis.at(each.in_force_ms))
        ends = min(float(axis.window.days), _ends(plans, index, axis))
        if ends > begins:
            found.append((begins, round(ends - begins, 3), each.prescription.pulses_per_session))
    return found


def _ends(plans: list[Plan], index: int, axis: Axis) -> float:
    ends = axis.at(plans[index].prescription.not_after_s * 1000)
    if index + 1 < len(plans):
        ends = min(ends, axis.at(plans[index + 1].in_force_ms))
    return ends


def _y(pulses: int, top: int) -> float:
    return round(BASE - (TALLEST * pulses / top if top else 0), 1)


def _notes(plans: list[tuple[float, float, int]]) -> tuple[str, ...]:
    if not plans:
        return ()
    return (_("prescribed: {pulses}").format(pulses=number(plans[-1][2])),)


def _summary(gathered: Gathered, sessions: list[DeliveredSession]) -> str:
    whole = sum(outcome(each) == "whole" for each in sessions)
    partial = sum(outcome(each) == "partial" for each in sessions)
    return _(
        "{whole} whole sessions, {partial} partial, {missed} missed; {pulses} pulses delivered."
    ).format(
        whole=number(whole),
        partial=number(partial),
        missed=number(sum(count for _day, count in _missed(gathered))),
        pulses=number(sum(each.charged_pulses for each in sessions)),
    )
