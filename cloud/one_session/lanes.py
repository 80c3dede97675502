"""A session's drawing: pulses, output, temperature, contact, and what happened, over its minutes.

Pulses, output and pauses are the band's verified record; the rest is the phone's log.
"""

from __future__ import annotations

from dataclasses import dataclass

from cloud.language import _, mark, number, p_, told
from cloud.one_session.log import Happened, Log, Sample
from cloud.one_session.record import SessionRecord, Slice
from cloud.one_session.story import PAUSED, minutes
from cloud.timeline.marks import NOTHING, WIDTH, Lane, Line, Mark, Row, uncrowded

MINUTE_MS = 60_000
BARS, LINES, STRIP = 96.0, 88.0, 40.0
ROOM = 20.0
POINTS_MAX = 240
"""A line of more samples is drawn from every so-manieth; its table has each change."""
FULL_PERCENT = 100
HAPPENED = {
    "armed": mark("Ready: waits for the band's button"),
    "stimulating": mark("Pulses are given"),
    "paused": mark("Paused"),
    "repositioning": mark("Asks to seat the band anew"),
    "closing": mark("The session closes"),
    "idle": mark("At rest"),
    "fault": mark("The band reports a fault"),
    "stop": mark("STOP was touched"),
    "pause": mark("A pause was asked for"),
    "go-on": mark("“Go on” was touched"),
    "end-here": mark("“End here” was touched"),
    "still-here": mark("“Still here” was touched"),
    "repositioned": mark("The band was seated anew"),
    "softer": mark("Softer was asked for"),
    "link lost": mark("Phone and band lost each other"),
    "link back": mark("Phone and band found each other again"),
    "ended": mark("The session ended"),
}
TOUCHES = frozenset({"stop", "pause", "go-on", "end-here", "still-here", "repositioned", "softer"})


@dataclass(frozen=True)
class Drawing:
    """The lanes over ``length`` minutes, with ticks at whole ones."""

    length: float
    lanes: tuple[Lane, ...]
    ticks: tuple[int, ...]

    @property
    def step(self) -> float:
        """How wide a minute is."""
        return WIDTH / self.length


def drawing(found: SessionRecord, log: Log | None) -> Drawing:
    """Return the drawing; without a log it has the record's lanes alone."""
    begins_ms = _begins(found, log)
    last = [each.wall_ms - begins_ms for each in log.samples[-1:]] if log else []
    length = max(1.0, max([found.length_ms, *last]) / MINUTE_MS * 1.04)
    lanes = [_pulses(found, length), _output(found, length), _interruptions(found, length)]
    if log is not None:
        lanes += [
            _temperature(log.samples, begins_ms),
            _contact(log.samples, begins_ms),
            _happened(log.events, begins_ms, length),
        ]
    every = 1 + int(length) // 15
    return Drawing(length, tuple(lanes), tuple(range(0, int(length) + 1, every)))


def _begins(found: SessionRecord, log: Log | None) -> int:
    """The session's beginning by the wall clock: the band's, else the phone's."""
    if found.opened_wall_ms is not None:
        return found.opened_wall_ms
    if log is None:
        return 0
    first: list[Happened | Sample] = [*log.events[:1], *log.samples[:1]]
    return min((each.wall_ms for each in first), default=0)


def _pulses(found: SessionRecord, length: float) -> Lane:
    top = max((each.charged for each in found.slices), default=1)
    marks = [_slice(each, top, last=each is found.slices[-1]) for each in found.slices]
    return Lane(
        id="slices",
        title=_("Pulses"),
        height=BARS,
        caption=_("Slices of the session, from the band's verified record"),
        heads=(
            _("Train"),
            _("Slice"),
            _("Reserved"),
            _("Commanded"),
            _("Measured"),
            _("%% of output").replace("%%", "%"),
        ),
        empty=_("No pulse was given"),
        rows=tuple(
            Row(
                -1,
                minutes(each.at_ms),
                (
                    number(each.train),
                    number(each.number),
                    number(each.reserved),
                    _figure(each.commanded),
                    _figure(each.measured),
                    number(each.percent_mso),
                ),
            )
            for each in found.slices
        ),
        marks=uncrowded(marks, length),
        notes=(_("hatched: reserved, never closed"),)
        if any(each.commanded is None for each in found.slices)
        else (),
    )


def _slice(each: Slice, top: int, *, last: bool) -> Mark:
    height = round((BARS - ROOM - 4) * each.charged / top, 1)
    return Mark(
        at=each.at_ms / MINUTE_MS,
        shape="bar",
        kind="partial" if each.commanded is None else "whole",
        y=BARS - 2 - height,
        height=height,
        days=0.2,
        label=number(each.charged) if last else "",
        label_y=BARS - 6 - height,
    )


def _output(found: SessionRecord, length: float) -> Lane:
    changes = [
        each
        for before, each in zip([None, *found.slices], found.slices, strict=False)
        if before is None or before.percent_mso != each.percent_mso
    ]
    points = [
        (each.at_ms / MINUTE_MS, _level(each.percent_mso, FULL_PERCENT)) for each in found.slices
    ]
    return Lane(
        id="output",
        title=_("Output"),
        height=LINES,
        caption=_("Percent of maximum output, from the band's verified record, where it changed"),
        heads=(_("%% of output").replace("%%", "%"),),
        empty=_("No pulse was given"),
        rows=tuple(Row(-1, minutes(each.at_ms), (number(each.percent_mso),)) for each in changes),
        marks=uncrowded(
            [
                Mark(
                    at=each.at_ms / MINUTE_MS,
                    shape="dot",
                    kind="score",
                    y=_level(each.percent_mso, FULL_PERCENT),
                    label=_("{percent} %").format(percent=number(each.percent_mso)),
                    label_y=_level(each.percent_mso, FULL_PERCENT) - 10,
                    beside=True,
                )
                for each in changes
            ],
            length,
        ),
        line=Line(tuple(points)) if len(points) > 1 else None,
        notes=(_("0 to 100 %"),),
    )


def _interruptions(found: SessionRecord, length: float) -> Lane:
    marks, rows = [], []
    for each in found.pauses:
        ends_ms = each.resumed_ms or found.ended_ms or found.length_ms
        words = told(PAUSED[each.cause])
        marks.append(
            Mark(
                at=each.at_ms / MINUTE_MS,
                shape="span",
                kind="in-force",
                y=6,
                height=STRIP - 12,
                days=max(0.02, (ends_ms - each.at_ms) / MINUTE_MS),
                label=words,
                label_y=STRIP / 2 + 5,
                beside=True,
            )
        )
        went_on = NOTHING if each.resumed_ms is None else minutes(each.resumed_ms)
        rows.append(Row(-1, minutes(each.at_ms), (words, went_on)))
    return Lane(
        id="pauses",
        title=_("Interruptions"),
        height=STRIP,
        caption=_("When the pulses ended for a while, from the band's verified record"),
        heads=(_("Why"), _("Went on after")),
        empty=_("Nothing interrupted it"),
        rows=tuple(rows),
        marks=uncrowded(marks, length),
    )


def _temperature(samples: tuple[Sample, ...], begins_ms: int) -> Lane:
    every = 1 + len(samples) // POINTS_MAX
    values = [each.measured.coil_temperature_c for each in samples]
    top, low = max(values, default=1) + 2, min(values, default=0) - 2
    points = [
        (_at(each.wall_ms, begins_ms), _level(each.measured.coil_temperature_c - low, top - low))
        for each in samples[::every]
    ]
    warmest = max(samples, key=lambda each: each.measured.coil_temperature_c, default=None)
    marks = []
    if warmest is not None:
        y = _level(warmest.measured.coil_temperature_c - low, top - low)
        words = _("{degrees} °C").format(degrees=number(warmest.measured.coil_temperature_c))
        at = _at(warmest.wall_ms, begins_ms)
        marks = [Mark(at, "dot", "score", y=y, label=words, label_y=y + 20)]
    return Lane(
        id="temperature",
        title=_("Temperature"),
        height=LINES,
        caption=_("Temperature of the coil where it changed, from the phone's log; not verified"),
        heads=(_("°C"),),
        empty=_("The log has no sample"),
        rows=tuple(
            Row(-1, minutes(max(0, each.wall_ms - begins_ms)), (number(value),))
            for each, value, before in zip(samples, values, [None, *values], strict=False)
            if value != before
        ),
        marks=tuple(marks),
        line=Line(tuple(points)) if len(points) > 1 else None,
        notes=(_("of the coil, in °C"),),
    )


def _contact(samples: tuple[Sample, ...], begins_ms: int) -> Lane:
    states = [(each.measured.contact, each.measured.position_ok) for each in samples]
    changes = [
        index for index, state in enumerate(states) if index == 0 or state != states[index - 1]
    ]
    marks, rows = [], []
    for at, index in enumerate(changes):
        begins = _at(samples[index].wall_ms, begins_ms)
        until = changes[at + 1] if at + 1 < len(changes) else len(samples) - 1
        words = _seat(*states[index])
        rows.append(Row(-1, minutes(max(0, samples[index].wall_ms - begins_ms)), (words,)))
        good = all(states[index])
        marks.append(
            Mark(
                at=begins,
                shape="span",
                kind="seated" if good else "in-force",
                y=12 if good else 6,
                height=STRIP - (24 if good else 12),
                days=max(0.02, _at(samples[until].wall_ms, begins_ms) - begins),
            )
        )
    return Lane(
        id="contact",
        title=_("Contact"),
        height=STRIP,
        caption=_("How the band sat where that changed, from the phone's log; not verified"),
        heads=(_("How it sat"),),
        empty=_("The log has no sample"),
        rows=tuple(rows),
        marks=tuple(marks),
        notes=(_("hatched: lost"),),
    )


def _seat(contact: bool, position: bool) -> str:
    if contact and position:
        return _("in contact, in its place")
    return _("in contact, not in its place") if contact else _("no contact")


def _happened(events: tuple[Happened, ...], begins_ms: int, length: float) -> Lane:
    return Lane(
        id="happened",
        title=p_("on the phone", "What the patient saw and did"),
        height=STRIP,
        caption=_("States of the band as the phone showed them, and touches, from its log"),
        heads=(_("What"),),
        empty=_("The log has nothing of it"),
        rows=tuple(
            Row(-1, minutes(max(0, each.wall_ms - begins_ms)), (_words(each.name),))
            for each in events
        ),
        marks=uncrowded(
            [
                Mark(
                    at=_at(each.wall_ms, begins_ms),
                    shape="dot" if each.name in TOUCHES else "diamond",
                    kind="patient" if each.name in TOUCHES else "record",
                    y=STRIP / 2,
                )
                for each in events
            ],
            length,
        ),
        notes=(_("circle: a touch"),),
    )


def _words(name: str) -> str:
    return told(HAPPENED.get(name, name))


def _at(wall_ms: int, begins_ms: int) -> float:
    return round(max(0, wall_ms - begins_ms) / MINUTE_MS, 3)


def _level(value: float, top: float) -> float:
    return round(LINES - 4 - (LINES - 4 - ROOM) * value / top, 1)


def _figure(value: int | None) -> str:
    return NOTHING if value is None else number(value)
