"""Traces of the firmware core as SPIN reads them, and as they may not be.

A trace is what one model can see of a day's events. SPIN gets all of a model's traces in one C
array beside one driver, and is asked for a run of the model to each trace's end. Nothing here
knows what the model permits. The corrupted ones are true traces with one thing changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.stimulation.limits import absolute_limits
from shared.stimulation.schedule import SLICE_US_MAX
from shared.wire.records import CloseCause
from tests.model.schedules import MAKE_UP_WITHIN_S, PRESCRIPTION, Event

Step = tuple[str, int]
Trace = tuple[Step, ...]

_LIMITS = PRESCRIPTION.limits
_PART = PRESCRIPTION.parts[0]


@dataclass(frozen=True)
class View:
    """What one model sees: its name for each event, whether it sees time, and its real figures."""

    model: str
    names: dict[str, str]
    timed: bool
    figures: dict[str, int]
    sees_reboot_close: bool = True
    other_records: str | None = None

    def name_of(self, event: Event) -> str | None:
        """Return the model's name of an event; None when it does not see it."""
        by_reboot = event.name == "RECORD_SESSION_CLOSED" and event.figure == CloseCause.REBOOT
        if by_reboot and not self.sees_reboot_close:
            return None
        other = self.other_records if event.name.startswith("RECORD_") else None
        return self.names.get(event.name, other)

    def trace(self, events: Sequence[Event]) -> Trace:
        """Return the day as the model sees it."""
        steps: list[Step] = []
        now_ms = events[0].at_ms
        for event in events[1:]:
            name = self.name_of(event)
            if name is None:
                continue
            if self.timed and event.at_ms > now_ms:
                steps.append(("PASS", event.at_ms - now_ms))
                now_ms = event.at_ms
            steps.append((name, event.figure))
        return tuple(steps)


_DOSE = {
    "RECORD_SESSION_OPENED": "OPEN",
    "RECORD_SLICE_RESERVED": "RESERVE",
    "RECORD_SLICE_CLOSED": "CLOSE_SLICE",
    "RECORD_SESSION_CLOSED": "CLOSE_SESSION",
    "CUT": "CUT",
    "BOOT": "BOOT",
}

PULSES = View(
    "pulses",
    {
        "RECORD_SLICE_RESERVED": "RESERVE",
        "RECORD_SLICE_CLOSED": "CLOSE_SLICE",
        "RECORD_HOLD_PLACED": "HOLD",
        "RECORD_HOLD_LIFTED": "LIFT",
        "COUNTER": "COUNTER",
        "LOAD": "LOAD",
        "PULSE": "PULSE",
        "CUT": "CUT",
        "BOOT": "BOOT",
    },
    timed=False,
    figures={},
    other_records="OTHER",
)

SPACING = View(
    "spacing",
    {**_DOSE, "PULSE": "PULSE"},
    timed=True,
    figures={
        "TRAIN_INTERVAL": _PART.interval_ms,
        "INTERVAL": _LIMITS.min_interval_s * 1000,
        "SLICE_LENGTH": SLICE_US_MAX // 1000,
        "SESSION_UNITS": PRESCRIPTION.pulses_per_session,
        "MAKE_UP_WITHIN": MAKE_UP_WITHIN_S * 1000,
    },
    sees_reboot_close=False,
)

WINDOWS = View(
    "windows",
    _DOSE,
    timed=True,
    figures={
        "SESSION_UNITS": PRESCRIPTION.pulses_per_session,
        "DAY": _LIMITS.day_window_s * 1000,
        "DAY_UNITS": _LIMITS.pulses_per_day_window,
        "DAY_SESSIONS": _LIMITS.sessions_per_day_window,
        "CEILING": 24 * 3_600_000,
        "CEILING_UNITS": absolute_limits().ceiling_pulses_per_24h,
        "COURSE_SESSIONS": _LIMITS.course_sessions,
    },
)

COMMAND = View(
    "command",
    {
        "NONCE": "NONCE",
        "ASKED_ARM": "ARM",
        "ASKED_OPEN_START_WINDOW": "OPEN_WINDOW",
        "ASKED_BEAT": "BEAT",
        "ASKED_STILL_HERE": "STILL_HERE",
        "ASKED_RESUME": "RESUME",
        "ASKED_STOP": "STOP",
        "ASKED_CLOSE": "LEAVE",
        "PRESS": "PRESS",
        "PULSE": "PULSE",
        "RECORD_SESSION_OPENED": "GO",
        "RECORD_SESSION_RESUMED": "GO",
        "RECORD_SESSION_PAUSED": "PAUSE",
        "RECORD_SESSION_CLOSED": "LEAVE",
        "RECORD_HOLD_PLACED": "LEAVE",
        "CUT": "CUT",
    },
    timed=True,
    figures={
        "ARMED_FOR": 120_000,
        "WINDOW_FOR": 30_000,
        "PAUSED_FOR": 600_000,
        "BEAT_LIMIT": PRESCRIPTION.beat_limit_ms,
        "ANSWER_WITHIN": 20_000,
    },
)

VIEWS = (PULSES, SPACING, WINDOWS, COMMAND)


@dataclass(frozen=True)
class Corruption:
    """One thing changed in a true trace, so that no device may have done it."""

    name: str
    view: View
    change: Callable[[list[Step]], list[Step] | None]
    """None when the trace has no place for it."""


def _positions(steps: Sequence[Step], name: str) -> list[int]:
    return [index for index, step in enumerate(steps) if step[0] == name]


def _without(name: str) -> Callable[[list[Step]], list[Step] | None]:
    def change(steps: list[Step]) -> list[Step] | None:
        found = _positions(steps, name)
        return [*steps[: found[0]], *steps[found[0] + 1 :]] if found else None

    return change


def _without_all(name: str) -> Callable[[list[Step]], list[Step] | None]:
    def change(steps: list[Step]) -> list[Step] | None:
        return [step for step in steps if step[0] != name] if _positions(steps, name) else None

    return change


def _twice(name: str) -> Callable[[list[Step]], list[Step] | None]:
    def change(steps: list[Step]) -> list[Step] | None:
        found = _positions(steps, name)
        return [*steps[: found[0] + 1], *steps[found[0] :]] if found else None

    return change


def _pulse_after(name: str) -> Callable[[list[Step]], list[Step] | None]:
    def change(steps: list[Step]) -> list[Step] | None:
        found = _positions(steps, name)
        if not found:
            return None
        return [*steps[: found[-1] + 1], ("PULSE", 1), *steps[found[-1] + 1 :]]

    return change


def _hasten(name: str, after: str, to_ms: int) -> Callable[[list[Step]], list[Step] | None]:
    """Let no more than ``to_ms`` lie between an ``after`` and the ``name`` that follows it, where
    nothing but time and power lay between them and the session before, if any, was whole."""

    def change(steps: list[Step]) -> list[Step] | None:
        for index in _positions(steps, name):
            since = max(_positions(steps[:index], after), default=-1)
            between = steps[since + 1 : index]
            quiet = {step[0] for step in between} <= {"PASS", "CUT", "BOOT"}
            waited_ms = sum(figure for step, figure in between if step == "PASS")
            if since >= 0 and quiet and waited_ms > to_ms and _is_whole(steps[: since + 1], name):
                return [*steps[: since + 1], *_shortened(between, to_ms), *steps[index:]]
        return None

    return change


def _is_whole(steps: list[Step], name: str) -> bool:
    if name != "OPEN":
        return True
    opened = _positions(steps, "OPEN")[-1]
    charged = sum(figure for step, figure in steps[opened:] if step == "CLOSE_SLICE")
    return charged == PRESCRIPTION.pulses_per_session


def _shortened(between: list[Step], to_ms: int) -> list[Step]:
    shorter = []
    for name, figure in between:
        left = min(figure, to_ms) if name == "PASS" else figure
        to_ms -= left if name == "PASS" else 0
        shorter.append((name, left))
    return shorter


def _without_touch(steps: list[Step]) -> list[Step] | None:
    """Take away the press that a start follows."""
    for index in _positions(steps, "PRESS"):
        follows = next((step for step, _ in steps[index + 1 :] if step != "PASS"), "")
        if follows == "GO":
            return [*steps[:index], *steps[index + 1 :]]
    return None


def _fuller_charge(steps: list[Step]) -> list[Step] | None:
    found = _positions(steps, "CLOSE_SLICE")
    if not found or steps[found[0]][1] == 0:
        return None
    return [*steps[: found[0]], ("CLOSE_SLICE", steps[found[0]][1] - 1), *steps[found[0] + 1 :]]


def _wider_reserve(steps: list[Step]) -> list[Step] | None:
    found = _positions(steps, "RESERVE")
    if not found:
        return None
    whole = PRESCRIPTION.pulses_per_session + 1
    return [*steps[: found[0]], ("RESERVE", whole), *steps[found[0] + 1 :]]


CORRUPTIONS = (
    Corruption("fired without a reserve", PULSES, _without("RESERVE")),
    Corruption("fired before the counter stepped", PULSES, _without("COUNTER")),
    Corruption("fired without a loaded countdown", PULSES, _without("LOAD")),
    Corruption("fired behind the slice's close", PULSES, _pulse_after("CLOSE_SLICE")),
    Corruption("fired under a hold", PULSES, _pulse_after("HOLD")),
    Corruption("charged one pulse too few", PULSES, _fuller_charge),
    Corruption("released twice", PULSES, _twice("CLOSE_SLICE")),
    Corruption("train too early", SPACING, _hasten("RESERVE", "CLOSE_SLICE", 7_990)),
    Corruption("session too early", SPACING, _hasten("OPEN", "CLOSE_SESSION", 14_300_000)),
    Corruption("reserved past the session's end", SPACING, _wider_reserve),
    Corruption("fired outside a slice", SPACING, _pulse_after("CLOSE_SLICE")),
    Corruption("session in a full window", WINDOWS, _hasten("OPEN", "CLOSE_SESSION", 71_700_000)),
    Corruption("reserved past the session's end", WINDOWS, _wider_reserve),
    Corruption("started without arming", COMMAND, _without("ARM")),
    Corruption("armed twice by one request", COMMAND, _twice("ARM")),
    Corruption("started without the window", COMMAND, _without("OPEN_WINDOW")),
    Corruption("started without the button", COMMAND, _without_touch),
    Corruption("fired after STOP", COMMAND, _pulse_after("STOP")),
    Corruption("fired in a pause", COMMAND, _pulse_after("PAUSE")),
    Corruption("fired after a cut", COMMAND, _pulse_after("CUT")),
    Corruption("fired without beats", COMMAND, _without_all("BEAT")),
    Corruption("went on without a touch", COMMAND, _without("RESUME")),
    Corruption("a command taken twice", COMMAND, _twice("RESUME")),
)


def corrupted(corruption: Corruption, traces: Sequence[Trace]) -> Trace | None:
    """Return the first trace in which there is a place for the corruption, changed."""
    for trace in traces:
        changed = corruption.change(list(trace))
        if changed is not None and tuple(changed) != trace:
            return tuple(changed)
    return None


def header(view: View, traces: Sequence[Trace]) -> str:
    """Return all traces as the C that the driver in guards.h reads; TRACE in the environment says
    which. The event that nothing took is told at the end."""
    names = sorted({"END", "PASS", *view.names.values(), view.other_records or "END"})
    codes = {name: code for code, name in enumerate(names, 1)}
    begins: list[int] = []
    rows: list[str] = []
    for trace in traces:
        begins.append(len(rows))
        rows += [f"{{{codes[name]},{figure}}}" for name, figure in (*trace, ("END", 0))]
    enum = ",".join(f"EVENT_{name}={code}" for name, code in codes.items())
    return _C.format(enum=enum, events=",\n".join(rows), begins=",".join(map(str, begins)))


_C = """#include <stdio.h>
#include <stdlib.h>
enum {{{enum}}};
static const int events[][2] = {{
{events}}};
static const int begins[] = {{{begins}}};
static int furthest = -1;
static int begin(void) {{ return begins[atoi(getenv("TRACE"))]; }}
static void tell(void) {{ fprintf(stderr, "%d", furthest - begin()); }}
static int first_event(void) {{
    if (furthest < 0) {{ furthest = begin(); atexit(tell); }}
    return begin();
}}
static void has_reached(int position) {{ if (position > furthest) furthest = position; }}
"""
