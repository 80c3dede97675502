"""A clinic's rota and settings for alerts, and whether "now" alerts may ring."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cloud.alerts.recipients import may_be_told, replacing
from cloud.channels.models import Channel
from cloud.channels.service import channels_of
from cloud.errors import NotFound, Refused
from cloud.language import _
from cloud.oncall.models import AlertSettings, Drill, RotaTurn
from cloud.oncall.rota import DAY_MINUTES, WEEK_MINUTES, Turn, gaps
from cloud.people.models import Member
from cloud.people.service import is_here

LEVELS = (1, 2)
STEP_MINUTES = (2, 120)
PROVEN_MS = 8 * 86_400_000
"""A drill proves its channel for a week and a day, until the next is answered (own choice)."""


def settings_of(session: Session, clinic_id: str) -> AlertSettings:
    """Return the clinic's settings, those by default where it set none."""
    found = session.get(AlertSettings, clinic_id)
    if found is not None:
        return found
    return AlertSettings(
        clinic_id=clinic_id, rings_since_ms=None, quiet_from=0, quiet_to=0, step_minutes=10
    )


def set_hours(
    session: Session, clinic_id: str, *, quiet_from: int, quiet_to: int, step_minutes: int
) -> None:
    """Set quiet hours and the ladder's step."""
    if not (0 <= quiet_from < DAY_MINUTES and 0 <= quiet_to < DAY_MINUTES):
        raise Refused("A time of day is from 0:00 to 23:59.", code="quiet")
    lowest, highest = STEP_MINUTES
    if not lowest <= step_minutes <= highest:
        raise Refused(
            "A step of the ladder has {lowest} to {highest} minutes.",
            code="step",
            lowest=lowest,
            highest=highest,
        )
    kept = _kept(session, clinic_id)
    kept.quiet_from, kept.quiet_to, kept.step_minutes = quiet_from, quiet_to, step_minutes


def turns_of(session: Session, clinic_id: str) -> Sequence[RotaTurn]:
    """Return the rota: by level, in the order of the week."""
    return session.scalars(
        select(RotaTurn)
        .where(RotaTurn.clinic_id == clinic_id)
        .order_by(RotaTurn.level, RotaTurn.from_minute, RotaTurn.turn_id)
    ).all()


def rota_of(session: Session, clinic_id: str) -> tuple[Turn, ...]:
    """Return the rota as plain values."""
    return tuple(
        Turn(each.level, each.staff_id, each.from_minute, each.to_minute)
        for each in turns_of(session, clinic_id)
    )


def add_turn(session: Session, clinic_id: str, turn: Turn) -> bytes:
    """Add a weekly turn; return its id.

    Raise NotFound for nobody of the clinic, and Refused for a member who is told of no patient.
    """
    if turn.level not in LEVELS:
        raise Refused("A turn is of the first or the second on call.", code="level")
    if not (0 <= turn.from_minute < WEEK_MINUTES and 0 <= turn.to_minute < WEEK_MINUTES):
        raise Refused("A turn begins and ends within the week.", code="turn")
    if not is_here(session, clinic_id, turn.staff_id):
        raise NotFound("There is no such member.")
    if turn.staff_id not in may_be_told(session, clinic_id, of_patient=True):
        raise Refused(
            "{name} can't be on call: only a prescriber or the care team is told of a patient.",
            code="staff",
            name=session.get_one(Member, (clinic_id, turn.staff_id)).name,
        )
    turn_id = secrets.token_bytes(16)
    session.add(
        RotaTurn(
            clinic_id=clinic_id,
            turn_id=turn_id,
            level=turn.level,
            staff_id=turn.staff_id,
            from_minute=turn.from_minute,
            to_minute=turn.to_minute,
        )
    )
    session.flush()
    return turn_id


def remove_turn(session: Session, clinic_id: str, turn_id: bytes) -> None:
    """Take a turn off the rota."""
    session.execute(
        delete(RotaTurn).where(RotaTurn.clinic_id == clinic_id, RotaTurn.turn_id == turn_id)
    )


def remove_turns_of(session: Session, clinic_id: str, staff_id: bytes) -> None:
    """Take a member off the rota."""
    session.execute(
        delete(RotaTurn).where(RotaTurn.clinic_id == clinic_id, RotaTurn.staff_id == staff_id)
    )


def missing_while_ringing(session: Session, clinic_id: str, *, now_ms: int) -> tuple[str, ...]:
    """Return what `lacking` finds where "now" alerts ring; nothing where they don't."""
    rings = settings_of(session, clinic_id).rings_since_ms is not None
    return lacking(session, clinic_id, now_ms=now_ms) if rings else ()


def answering(session: Session, clinic_id: str, *, now_ms: int) -> tuple[Turn, ...]:
    """Return the rota by who is told of a patient in each turn, with who is on leave replaced.

    A turn of one who is told of no patient any more, and for whom nobody stands in, is not in it.
    """
    channels = channels_of(session, clinic_id)
    replaces = replacing(session, clinic_id, channels, of_patient=True, now_ms=now_ms)
    return tuple(
        replace(turn, staff_id=each)
        for turn in rota_of(session, clinic_id)
        for each in replaces(turn.staff_id)
    )


def lacking(session: Session, clinic_id: str, *, now_ms: int) -> tuple[str, ...]:
    """Return what stands in the way of "now" alerts that reach somebody; nothing: they would.

    Only who may be told of a patient answers for an hour (`cloud.alerts.recipients`).
    """
    turns = rota_of(session, clinic_id)
    told = may_be_told(session, clinic_id, of_patient=True)
    found = [*_idle_hours(turns, answering(session, clinic_id, now_ms=now_ms))]
    found += [
        _("{name} is on the rota and is told of no patient: only who treats here is.").format(
            name=_name(session, clinic_id, staff_id)
        )
        for staff_id in dict.fromkeys(turn.staff_id for turn in turns)
        if staff_id not in told
    ]
    proven = {each.staff_id for each in proven_channels(session, clinic_id, now_ms=now_ms)}
    found += [
        _("No channel of {name} is proven by a drill of this week.").format(
            name=_name(session, clinic_id, staff_id)
        )
        for staff_id in dict.fromkeys(turn.staff_id for turn in turns if turn.level == 1)
        if staff_id in told and staff_id not in proven
    ]
    return tuple(found)


def _idle_hours(turns: Sequence[Turn], answered: Sequence[Turn]) -> Iterator[str]:
    """Say when nobody answers: because nobody is on call, or because of who is."""
    empty = gaps(turns, 1)
    for gap in gaps(answered, 1):
        if gap in empty:
            yield _("Nobody is first on call {when}.").format(when=gap.words)
        else:
            yield _("Nobody who may be told of a patient is first on call {when}.").format(
                when=gap.words
            )


def proven_channels(session: Session, clinic_id: str, *, now_ms: int) -> tuple[Channel, ...]:
    """Return the channels of which a drill of this week was answered, and none failed since."""
    newest: dict[bytes, Drill] = {}
    for drill in session.scalars(
        select(Drill)
        .where(Drill.clinic_id == clinic_id, Drill.started_ms > now_ms - PROVEN_MS)
        .order_by(Drill.started_ms)
    ):
        if drill.answered_ms is not None or drill.failed_ms is not None:
            newest[drill.channel_id] = drill
    passed = {key for key, drill in newest.items() if drill.answered_ms is not None}
    return tuple(c for c in channels_of(session, clinic_id) if c.channel_id in passed)


def let_ring(session: Session, clinic_id: str, *, now_ms: int) -> None:
    """Let "now" alerts ring; raise Refused while they would not reach somebody at every hour."""
    missing = lacking(session, clinic_id, now_ms=now_ms)
    if missing:
        sentence = " ".join(missing)
        raise Refused(sentence, code="ring")
    _kept(session, clinic_id).rings_since_ms = now_ms


def stop_ringing(session: Session, clinic_id: str) -> None:
    """Let "now" alerts ring no longer: they stand on the list alone, and the pages say so."""
    _kept(session, clinic_id).rings_since_ms = None


def _name(session: Session, clinic_id: str, staff_id: bytes) -> str:
    return session.get_one(Member, (clinic_id, staff_id)).name


def _kept(session: Session, clinic_id: str) -> AlertSettings:
    kept = settings_of(session, clinic_id)
    session.add(kept)
    session.flush()
    return kept
