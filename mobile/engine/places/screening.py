"""The place of the safety questions, and of the band's seat before a session (R15, R16)."""

from __future__ import annotations

from typing import Any

from mobile.engine import gates, softer
from mobile.engine.places.place import Draft, Place
from mobile.engine.reaching import reach_of
from mobile.engine.screens import Helping
from mobile.engine.words import KNOWN, is_out_of_service, sentence_of
from mobile.language import _
from mobile.presenters import screening
from mobile.presenters.answering import Page, recalled
from mobile.presenters.screening import AskedNow, CheckFacts, SeatFacts
from mobile.presenters.sites import site_words
from mobile.presenters.views import Tone, View
from mobile.store.outbox import OutboxItem
from shared.dose.reasons import ReasonCode
from shared.instruments.items import AnswerError
from shared.instruments.screening import Screening, ScreeningAction, Told, screening_rules
from shared.stimulation.limits import absolute_limits

MINUTE_MS = 60_000


class ScreeningPlace(Place):
    """Questions one by one, then the band; what locks is told and leads to its own page.

    With ``seat_only`` the answers still hold, and only the band's seat is looked at; ``make_up``
    asks for the rest of the last session.
    """

    name = "screening"

    def recall(self, draft: Draft) -> None:
        rules, now_ms = screening_rules(), self.context.instants.wall_ms()
        self._seat_only = bool(draft.get("seat_only"))
        self._make_up = bool(draft.get("make_up"))
        self._begun_ms = int(draft.get("begun_ms", now_ms))
        self._decided = bool(draft.get("decided"))
        if not self._decided and abs(now_ms - self._begun_ms) > rules.valid_minutes * MINUTE_MS:
            # What was true an hour ago is asked again.
            draft, self._begun_ms = {}, now_ms
        circumstances = gates.circumstances_of(self.context)
        self._way = recalled(rules, circumstances, draft)
        self._told: dict[str, str] = dict(draft.get("last_told", {}))
        self._heard = bool(draft.get("heard"))
        self._ends_ms: int | None = draft.get("ends_ms")
        self._softer = bool(draft.get("softer", True))
        self._busy = False

    def draft(self) -> dict[str, Any]:
        return {
            **self._way.draft(),
            "seat_only": self._seat_only,
            "make_up": self._make_up,
            "begun_ms": self._begun_ms,
            "last_told": self._told,
            "heard": self._heard,
            "ends_ms": self._ends_ms,
            "decided": self._decided,
            "softer": self._softer,
        }

    # What is shown

    def view(self) -> View:
        way, now = self._way, self.context.now
        if self._seat_only or way.page is Page.CHECK:
            return screening.check_view(self._check_facts())
        if way.page is Page.FOLLOW:
            return screening.follow_view(self._asked(), way.circumstances)
        if self._decided:
            return self._waits()
        if way.page is Page.SURE:
            action = way.action_of(way.question)
            return screening.sure_view(
                self._asked(), action, now, reach_of(self.context), busy=self._busy
            )
        return screening.question_view(self._asked())

    def _asked(self) -> AskedNow:
        way = self._way
        return AskedNow(way.question, way.at + 1, len(way.questions), way.answer)

    def _waits(self) -> View:
        return screening.waits_view(
            self.context.now,
            reach_of(self.context),
            opens_wall_ms=self._ends_ms,
            sent=self.context.reachable and not self.context.store.outbox.waiting(),
        )

    def _check_facts(self) -> CheckFacts:
        context, way = self.context, self._way
        answers = () if self._seat_only else tuple((q, way.action_of(q)) for q in way.questions)
        return CheckFacts(
            answers=answers,
            seat=self._seat(),
            initials="" if context.enrolment is None else context.enrolment.initials,
            place=self._place_of_pulses(),
            softer=softer.facts(context, chosen=self._softer),
            busy=self._busy,
        )

    def _place_of_pulses(self) -> str:
        plan = self.context.plan
        return "" if plan is None else site_words(plan.prescription.parts[0].site)

    def _seat(self) -> SeatFacts | None:
        status = self.context.status
        if status is None or not self.context.is_linked:
            return None
        return SeatFacts(
            contact=status.contact,
            position_ok=status.position_ok,
            battery_percent=status.battery_percent,
            battery_least=absolute_limits().caps["battery_percent_min"],
            moving=any(line.code == ReasonCode.MOTION for line in status.reasons),
        )

    # Touches

    def choose(self, choice: str, group: str) -> None:
        if self._busy:
            return
        if group == screening.SOFTER:
            self._softer = not self._softer
            return
        question, before = self._way.question, self._way
        self._way = before.choose(choice, group)
        if self._way.given != before.given:
            self._heard = False
        if question.safety_plan and self._way is not before:
            self._dark_thoughts(question.id)

    def press(self, button: str) -> None:
        if self._busy:
            return
        if button == screening.GET_READY:
            self.ways.begin(self._get_ready())
        elif button in ("done", "home") or (button == "back" and self._seat_only):
            self.ways.home()
        elif button == screening.SAFETY_PLAN:
            self._open_safety_plan()
        else:
            self._go(button)

    def _go(self, button: str) -> None:
        if button == screening.SURE and self._way.page is Page.SURE:
            self.ways.begin(self._decide())
            return
        way = self._way.press(button)
        if way is None:
            self.ways.home()
        else:
            self._way = way

    def _open_safety_plan(self) -> None:
        if self.ways.knows(screening.SAFETY_PLAN):
            self.ways.open(screening.SAFETY_PLAN)
        else:
            self.context.go(Helping(self))

    def _dark_thoughts(self, question_id: str) -> None:
        """Help stands there at once, and the clinic is told at once; taken back, it's told too."""
        said = self._action(question_id) is not ScreeningAction.PASS
        if said or question_id in self._told:
            try:
                self._tell(question_id)
            except KNOWN as problem:
                self.context.say(_("Your answers aren't kept yet"), sentence_of(problem))
        if said:
            self._open_safety_plan()

    # What follows

    def _action(self, question_id: str) -> ScreeningAction:
        question = next(q for q in self._way.questions if q.id == question_id)
        try:
            return self._way.action_of(question)
        except AnswerError:
            return ScreeningAction.PASS

    def _tell(self, *question_ids: str) -> None:
        """Queue for the clinic what it wasn't told last, and keep that it was told."""
        before = dict(self._told)
        try:
            with self.context.store.transaction():
                for question_id in question_ids:
                    self._tell_one(question_id)
                self.ways.keep(self)
        except Exception:
            self._told = before
            raise

    def _tell_one(self, question_id: str) -> None:
        given, action = self._way.given[question_id], self._action(question_id)
        said = f"{given.answer}/{action}"
        if self._told.get(question_id) == said:
            return
        told = Told(question_id, given.answer, action)
        gates.tell_clinic(self.context, told, ", ".join(given.follow))
        self._told[question_id] = said

    async def _decide(self) -> None:
        """An answer locks: the clinic and the band hear of it."""
        outcome = self._way.outcome
        self._tell(*(told.question for told in outcome.told))
        await self._told_band(outcome, decides=True)

    async def _get_ready(self) -> None:
        """Nothing locks: send the answers, then arm."""
        wished = softer.facts(self.context, chosen=self._softer)
        if not self._seat_only and not self._heard:
            outcome = self._way.outcome
            self._tell(*(told.question for told in outcome.told))
            if not await self._told_band(outcome):
                return
        percent = wished.to_percent if wished is not None and wished.chosen else None
        await self.ways.treating.get_ready(soften_to=percent, make_up=self._make_up)

    async def _told_band(self, outcome: Screening, *, decides: bool = False) -> bool:
        self._set_busy(busy=True)
        try:
            item = await gates.tell_band(self.context, outcome, screening_rules())
            self._keep_heard(item, outcome, decides=decides)
        except KNOWN as problem:
            # A band that needs service never takes them: then there's nothing to send again.
            if is_out_of_service(problem):
                self.ways.home()
            self.context.say(
                _("The band hasn't heard your answers yet"), sentence_of(problem), Tone.WAIT
            )
            return False
        finally:
            self._set_busy(busy=False)
        self.ways.tending.wake()
        return True

    def _keep_heard(self, item: OutboxItem, outcome: Screening, *, decides: bool) -> None:
        """Queue what the band has heard, and keep that it was heard, both or neither."""
        context, before = self.context, (self._heard, self._decided, self._ends_ms)
        now_ms = context.instants.wall_ms()
        self._heard, self._decided = True, decides
        if decides and outcome.postpone_s:
            self._ends_ms = now_ms + outcome.postpone_s * 1000
        try:
            with context.store.transaction():
                context.store.outbox.queue([item], now_ms=now_ms)
                self.ways.keep(self)
        except Exception:
            self._heard, self._decided, self._ends_ms = before
            raise

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        self.context.changed()
