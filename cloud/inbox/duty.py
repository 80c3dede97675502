"""Who is on call now and in the days to come, with who stands in and how each is reached."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cloud.alerts.recipients import replacing
from cloud.channels.models import Channel
from cloud.language import told
from cloud.oncall.ladder import FIRST, SECOND
from cloud.oncall.rota import WEEK_MINUTES, Turn, on_call, said

SHOWN_MAX = 8


@dataclass(frozen=True)
class OnDuty:
    """A member on call: name, whom they stand in for, and over which channels they are told."""

    name: str
    stands_in_for: str
    channels: str


@dataclass(frozen=True)
class Stretch:
    """A stretch of the week in which the same people are on call; ``now`` is the one that runs."""

    begin: str
    end: str
    first: tuple[OnDuty, ...]
    second: tuple[OnDuty, ...]
    now: bool


def duty(
    session: Session,
    clinic_id: str,
    turns: Sequence[Turn],
    channels: Sequence[Channel],
    names: Mapping[bytes, str],
    *,
    minute: int,
    now_ms: int,
) -> tuple[Stretch, ...]:
    """Return the stretches from ``minute`` of the week on, a week's at most.

    Leave is said as it stands now. Who is told of no patient is not shown as on call.
    """
    replaces = replacing(session, clinic_id, channels, of_patient=True, now_ms=now_ms)

    def people(level: int, at: int) -> tuple[OnDuty, ...]:
        found = []
        for member in on_call(turns, level, at):
            for each in replaces(member):
                instead = names.get(member, "") if each != member else ""
                found.append(OnDuty(names.get(each, ""), instead, reached_by(each, channels)))
        return tuple(found)

    found = []
    for begin, end in _stretches(turns, minute)[:SHOWN_MAX]:
        first, second = people(FIRST, begin), people(SECOND, begin)
        now = begin == minute
        found.append(Stretch(said(begin), said(end % WEEK_MINUTES), first, second, now))
    return tuple(found)


def reached_by(staff_id: bytes, channels: Sequence[Channel]) -> str:
    """Return over which channels a member is told, in words; empty for none."""
    kinds = (told(each.kind) for each in channels if each.staff_id == staff_id)
    return ", ".join(dict.fromkeys(kinds))


def _stretches(turns: Sequence[Turn], minute: int) -> list[tuple[int, int]]:
    """Return the stretches of a week from ``minute`` on, as minutes of the week."""
    edges = {0} | {(turn.from_minute - minute) % WEEK_MINUTES for turn in turns}
    edges |= {(turn.to_minute - minute) % WEEK_MINUTES for turn in turns}
    found: list[tuple[int, int]] = []
    ordered = [*sorted(edges), WEEK_MINUTES]
    for begin, end in itertools.pairwise(ordered):
        at = (begin + minute) % WEEK_MINUTES
        same = found and _who(turns, found[-1][0]) == _who(turns, at)
        to = (end + minute) % WEEK_MINUTES
        if same:
            found[-1] = (found[-1][0], to)
        else:
            found.append((at, to))
    return found


def _who(turns: Sequence[Turn], minute: int) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    return on_call(turns, FIRST, minute), on_call(turns, SECOND, minute)
