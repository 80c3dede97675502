"""What must stand when a session opens or goes on, by the signed bytes that the device was given.

Permissions by the wall clock that the device may believe, locks by true elapsed time (R5).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tests.campaign.schedules.oracle import figures as f
from tests.campaign.schedules.oracle.door import Door

if TYPE_CHECKING:
    from tests.campaign.schedules.oracle.sessions import Session

Wrong = Iterator[tuple[str, str]]


def missing(
    door: Door, session: Session, at_us: int, *, opens: bool, earlier: Sequence[Session]
) -> Wrong:
    """Yield everything that speaks against firing from this touch on."""
    yield from _authority(door, session, at_us)
    yield from _clearance(door, session, at_us, opens=opens)
    if opens:
        yield from _gates(door, session, at_us)
        if session.make_up:
            yield from _make_up(door, session, at_us, earlier)


def _authority(door: Door, session: Session, at_us: int) -> Wrong:
    known, body = door.known, session.plan.body
    now_s = door.wall.s(at_us)
    newest = known.titration if session.titration else known.plan
    if newest is None or newest.hash != session.plan.hash:
        yield "authority", "a session goes by an older prescription"
    if body[1] == f.END:
        yield "authority", "a session goes by a prescription that ended"
    if known.owner is None or known.owner.patient != session.patient:
        yield "authority", "a session of somebody whose device this isn't"
    if door.holds.standing(at_us):
        yield "hold", "a session goes on though treatment is held"
    if at_us < known.postponed_us:
        yield "gates", "a session opens though it was put off"
    revoked = known.revoked.get(session.plan.signer[:8])
    if revoked is not None and (
        revoked[0] == f.COMPROMISED or now_s is None or now_s >= revoked[1]
    ):
        yield "authority", "a session goes by a prescription whose signer was revoked"
    if now_s is None:
        yield "authority", "a session goes on without a trusted clock"
        return
    if not body[25] <= now_s < body[26]:
        yield "authority", "a session outside its prescription's validity"
    for threshold in (body[15], body.get(28)):
        if threshold is None or threshold[1] == f.NO_THRESHOLD or session.titration:
            continue
        if now_s >= threshold[5]:
            yield "authority", "a session on an old threshold"


def _clearance(door: Door, session: Session, at_us: int, *, opens: bool) -> Wrong:
    known = door.known
    word, now_s = known.clearance, door.wall.s(at_us)
    if word is None:
        yield "clearance", "a session without clearance"
        return
    if now_s is not None and now_s >= word[2] + session.plan.body[20]:
        yield "clearance", "a session on an old clearance"
    if word[3] > known.serial:
        yield "clearance", "a session though a newer serial was named"
    if word[4] > door.holds.newest:
        yield "clearance", "a session though a hold was on its way"
    if word[5] > known.revocations:
        yield "clearance", "a session though a revocation was on its way"


def _gates(door: Door, session: Session, at_us: int) -> Wrong:
    known, asked = door.known, session.plan.body[17]
    outcome, answered_us, confirmed = known.gates or (0, -(10**18), ())
    fresh = at_us - answered_us <= f.SCREENING_US
    if f.G_SCREENING in asked and not (fresh and outcome == f.PASS):
        yield "gates", "a session without a fresh screening"
    for gate in (f.G_ATTENDED, f.G_EARS):
        if gate in asked and not (fresh and gate in confirmed):
            yield "gates", f"a session without gate {gate} confirmed"
    if f.G_TRAINING in asked and not known.trained:
        yield "gates", "a session without training"
    covered = known.supervised_us is not None and at_us - known.supervised_us <= f.SUPERVISED_US
    if f.G_SUPERVISED in asked and not covered:
        yield "gates", "a session without supervision"
    known.supervised_us = None if not covered else known.supervised_us


def _make_up(door: Door, session: Session, at_us: int, earlier: Sequence[Session]) -> Wrong:
    within_s = session.plan.body.get(22)
    before = next((each for each in reversed(earlier) if each.pulses and each is not session), None)
    if within_s is None or before is None:
        yield "make-up", "a make-up that nothing allows"
        return
    if before.make_up or before.titration or before.patient != session.patient:
        yield "make-up", "a make-up of something that can't be made up"
    if before.plan.hash != session.plan.hash:
        yield "make-up", "a make-up by another prescription"
    if before.ended_by_fault_or_hold:
        yield "make-up", "a make-up after a hold or an end"
    if before.stopped and before.session_id not in door.known.answered:
        yield "make-up", "a make-up after STOP without answers"
    if before.session_id in door.known.flagged:
        yield "make-up", "a make-up after a red flag"
