"""Questions: safety before a session, whose outcome goes to the band; and the check-in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from mobile.engine.context import Context
from mobile.engine.screens import CheckinDone, Questions, Saying, Today
from mobile.engine.tending import Tending
from mobile.engine.words import KNOWN, is_out_of_service, sentence_of
from mobile.language import _, current
from mobile.presenters.questions import CHECKIN_FLOW, SCREENING_FLOW, screening_waits_view
from mobile.presenters.views import Tone
from mobile.store.outbox import OutboxItem
from shared.instruments.forms import phq9
from shared.instruments.screening import Screening, screening_rules
from shared.trust import sealing, sign1
from shared.trust.keys import PublicKey
from shared.trust.statements import GateAnswers, GateOutcome
from shared.wire import fields
from shared.wire.items import CheckinBody, UpKind, checkin_context
from shared.wire.operations import NoncePurpose


class Asking:
    """The two flows of questions."""

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
        if choice in _choices(screen.flow) and not screen.busy:
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
        if screen.index + 1 < _count(screen.flow):
            self._context.go(replace(screen, index=screen.index + 1))
        elif screen.flow == CHECKIN_FLOW:
            self._finish_checkin(screen)
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

    # The check-in

    def _finish_checkin(self, screen: Questions) -> None:
        context = self._context
        questions, enrolment = phq9(), context.require_enrolment()
        answers = tuple(int(screen.answers[i]) for i in range(len(questions.items)))
        now_ms = context.instants.wall_ms()
        body = CheckinBody(
            questions.id, questions.version, enrolment.patient_id, now_ms, answers, current().code
        )
        sealed = sealing.seal(
            fields.pack(body),
            to=PublicKey(enrolment.care_key),
            context=checkin_context(enrolment.patient_id),
        )
        item = OutboxItem(f"checkin/{enrolment.device_id.hex()}/{now_ms}", UpKind.CHECKIN, sealed)
        try:
            with context.store.transaction():
                context.store.checkins.add(body)
                context.store.outbox.queue([item], now_ms=now_ms)
        except KNOWN as problem:
            context.say(_("Your answers aren't kept yet"), sentence_of(problem))
            return
        context.go(CheckinDone(questions.score(answers), answers))
        self._tending.wake()


def _count(flow: str) -> int:
    return len(phq9().items) if flow == CHECKIN_FLOW else len(screening_rules().questions)


def _choices(flow: str) -> set[str]:
    if flow == SCREENING_FLOW:
        return {answer.id for answer in screening_rules().answers}
    return {str(value) for value in phq9().items[0].values}
