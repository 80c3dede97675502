"""The answers before a session on their way: to the band, and what the clinic is told of them.

Which question it was travels sealed to the care key alone; the band learns what follows from it.
"""

from __future__ import annotations

from mobile.engine import caring
from mobile.engine.context import Context
from mobile.store.outbox import OutboxItem
from shared.care.bodies import ScreeningTold
from shared.instruments.screening import Circumstances, Screening, ScreeningRules, Told
from shared.trust import sign1
from shared.trust.statements import Gate, GateAnswers
from shared.wire.items import UpKind
from shared.wire.operations import NoncePurpose


def circumstances_of(context: Context) -> Circumstances:
    """Return what clinic and plan ask of this person."""
    card, plan = context.card, context.plan
    gates = () if plan is None else plan.prescription.gates
    return Circumstances(
        pregnancy=card.asks_pregnancy,
        ear_protection=card.ear_protection or Gate.EAR_PROTECTION in gates,
        attended=Gate.ATTENDED in gates,
        medicines={medicine.name: medicine.harmless for medicine in card.medicines},
    )


async def tell_band(context: Context, screening: Screening, rules: ScreeningRules) -> OutboxItem:
    """Hand the band what the answers come to, and return it as the clinic is to get it; raise
    LinkError where the band doesn't hear it."""
    enrolment = context.require_enrolment()
    nonce = await context.stimulator.nonce(NoncePurpose.GATE_ANSWERS)
    # Which question it was isn't in it: that would travel readable.
    answers = GateAnswers(
        nonce,
        enrolment.patient_id,
        rules.version,
        screening.outcome,
        screening.postpone_s,
        confirmed=screening.confirmed,
    )
    message = sign1.sign(answers, audience=enrolment.device_id, signer=context.app_key)
    await context.stimulator.gate_answers(message)
    name = f"gate-answers/{enrolment.device_id.hex()}/{nonce.hex()}"
    return OutboxItem(name, UpKind.GATE_ANSWERS, message)


def tell_clinic(context: Context, told: Told, detail: str = "") -> str:
    """Queue one answer for the care team, sealed; return its item's id."""
    return caring.tell(
        context, ScreeningTold(told.question, told.answer, told.action.value, detail[:DETAIL])
    )


DETAIL = 100
"""So many characters of what was picked from the clinic's list."""
