"""Which of two phones leads the band (R22): the newer one at first, then whoever takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mobile.engine.errands import is_quiet
from mobile.presenters.phones import not_in_a_session
from mobile.presenters.views import Tone
from shared.trust import sign1
from shared.trust.statements import Control
from shared.wire.operations import NoncePurpose

if TYPE_CHECKING:
    from mobile.engine.context import Context


async def take_the_lead(context: Context) -> None:
    """Let this phone lead; only between sessions. Raise what fails at the band."""
    enrolment = context.require_enrolment()
    async with context.band_lock:
        if not is_quiet(context.require_status()):
            notice = not_in_a_session()
            context.say(notice.title, notice.body, Tone.WAIT)
            return
        nonce = await context.stimulator.nonce(NoncePurpose.CONTROL)
        said = Control(nonce, enrolment.patient_id, take=True)
        await context.stimulator.take_control(
            sign1.sign(said, audience=enrolment.device_id, signer=context.app_key)
        )
    context.leads = True
    context.changed()
