"""Safety questions before a session, whose outcome goes to the band."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from mobile.engine.context import Context
from mobile.engine.screens import Questions, Saying, Today
from mobile.engine.tending import Tending
from mobile.engine.words import KNOWN, is_out_of_service, sentence_of
from mobile.language import _
from mobile.presenters.questions import screening_waits_view
from mobile.presenters.views import Tone
from mobile.store.outbox import OutboxItem
from shared.instruments.screening import Screening, screening_rules
from shared.trust import sign1
from shared.trust.statements import GateAnswers, GateOutcome
from shared.wire.items import UpKind
from shared.wire.operations import NoncePurpose


class Asking:
    """The flow of the safety questions."""

    def __init__(
        self, context: Context, tending: Tending, get_ready: Callable[[], Awaitable[None]]
    ) -> None:
        self._context = context
        self._tending = tending
        self._get_ready = get_ready

    def begin(self, flow: str) -> None:
        """Show the flow's first question."""
        self._context.go(Questions(flow))

    def choose(self, screen: Questions, choice: str) -> None:
        """Note the answer to the present question."""
        if choice in _choices() and not screen.busy:
            answers = {**screen.answers, screen.index: choice}
            self._context.go(replace(screen, answers=answers))

    def back(self, screen: Questions) -> None:
        """Go back by one question, or out."""
        at = screen.index - 1
        self._context.go(replace(screen, index=at) if at >= 0 else Today())

    async def next(self, screen: Questions) -> None:
        """Go on by one question; after the last, send the answers on their way."""
        if screen.index not in screen.answers or screen.busy:
            return
        if screen.index + 1 < len(screening_rules().questions):
            self._context.go(replace(screen, index=screen.index + 1))
        else:
            await self._finish_screening(screen)

    # Safety questions

    async def _finish_screening(self, screen: Questions) -> None:
        context = self._context
        context.go(replace(screen, busy=True))
        rules = screening_rules()
        given = {q.id: screen.answers[i] for i, q in enumerate(rules.questions)}
        screening = rules.outcome(given)
        try:
            await self._tell_band(screening, rules.version)
        except KNOWN as problem:
            # A band that needs service never takes them: then there's nothing to send again.
            context.go(Today() if is_out_of_service(problem) else replace(screen, busy=False))
            context.say(
                _("The band hasn't heard your answers yet"), sentence_of(problem), Tone.WAIT
            )
            return
        self._tending.wake()
        if screening.outcome is GateOutcome.PASS:
            await self._get_ready()
        else:
            context.go(Saying(screening_waits_view(screening, context.now)))

    async def _tell_band(self, screening: Screening, version: int) -> None:
        context = self._context
        enrolment = context.require_enrolment()
        nonce = await context.stimulator.nonce(NoncePurpose.GATE_ANSWERS)
        # Which question it was isn't in it: that would travel readable.
        answers = GateAnswers(
            nonce, enrolment.patient_id, version, screening.outcome, screening.postpone_s
        )
        message = sign1.sign(answers, audience=enrolment.device_id, signer=context.app_key)
        await context.stimulator.gate_answers(message)
        name = f"gate-answers/{enrolment.device_id.hex()}/{nonce.hex()}"
        item = OutboxItem(name, UpKind.GATE_ANSWERS, message)
        context.store.outbox.queue([item], now_ms=context.instants.wall_ms())


def _choices() -> set[str]:
    return {answer.id for answer in screening_rules().answers}
