"""That the lessons were gone through: kept signed until the band has it, due again when asked for.

The band notes the version on its record (R15); the clinic raises its lessons' serial to have them
gone through once more.
"""

from __future__ import annotations

import logging

from firmware_bridge.link import DeviceRefused
from mobile.engine.caring import tell
from mobile.engine.context import Context
from mobile.engine.present_lock import lock_of
from mobile.presenters.lessons import Heard, Why
from shared.care.bodies import TrainingDone as Told
from shared.dose.reasons import ReasonCode
from shared.trust import sign1
from shared.trust.statements import TrainingDone
from shared.wire.operations import StatusCode

log = logging.getLogger(__name__)

FIRST_VERSION = 1
_WAITING, _DONE = "training-waits", "training-done"


def version_of(context: Context) -> int:
    """Return the version of the lessons that counts: the clinic's serial."""
    return max(FIRST_VERSION, context.card.lessons_serial)


def done_version(context: Context) -> int:
    """Return the newest version gone through, by this phone's word or by the band's record."""
    kept = context.store.settings.get(_DONE)
    on_record = None if context.ledger is None else context.ledger.state.trained
    return max(int(kept) if kept else 0, on_record or 0)


def why(context: Context) -> Why:
    """Return why the lessons are offered, if they're due."""
    done = done_version(context)
    return Why(first_time=done == 0, clinic_asks=0 < done < version_of(context))


def is_due(context: Context) -> bool:
    """Whether the lessons come before the next session: the clinic wants them, or the band does."""
    if why(context).clinic_asks:
        return True
    return any(line.code is ReasonCode.TRAINING_NEEDED for line in lock_of(context).reasons)


def keep_done(context: Context) -> None:
    """Keep, signed, that the lessons of the present version were gone through."""
    version = version_of(context)
    enrolment = context.require_enrolment()
    statement = sign1.sign(
        TrainingDone(enrolment.patient_id, version),
        audience=enrolment.device_id,
        signer=context.app_key,
    )
    with context.store.transaction():
        context.store.settings.put(_WAITING, statement)
        context.store.settings.put(_DONE, str(version).encode())
        tell(context, Told(version, context.card.lessons_serial))


def heard(context: Context) -> Heard:
    """Return whether the band knows of it."""
    return Heard.NOT_YET if context.store.settings.get(_WAITING) else Heard.BY_THE_BAND


async def bring_to_band(context: Context) -> None:
    """Tell the band what waits; raise LinkError where it can't be told."""
    statement = context.store.settings.get(_WAITING)
    if not statement:
        return
    try:
        await context.stimulator.training_done(statement)
    except DeviceRefused as refused:
        if refused.status is StatusCode.WRONG_STATE:
            raise
        log.warning("the band refused the lessons: %s", refused)
    context.store.settings.put(_WAITING, b"")
