"""The place of the questions after a session: anything unusual, what, how strong (R9, R21)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from mobile.engine import afterwards, flagging, softer
from mobile.engine.places.place import Draft, Place
from mobile.engine.reaching import reach_of
from mobile.engine.words import KNOWN, sentence_of
from mobile.language import _
from mobile.presenters import after
from mobile.presenters.after import AfterFacts
from mobile.presenters.views import View
from shared.dose.ledger_state import ClosedSession
from shared.instruments.side_effects import SideEffect, side_effect_rules
from shared.wire.records import CloseCause

log = logging.getLogger(__name__)


class Page(StrEnum):
    """Where in the questions the person is."""

    FIRST = "first"
    LIST = "list"
    GRADE = "grade"
    ADVICE = "advice"


def draft_of(facts: AfterFacts, session_id: bytes) -> dict[str, Any]:
    """Return what opens the place for a session."""
    return {
        "session_id": session_id.hex(),
        "number": facts.session_number,
        "charged": facts.charged_pulses,
        "planned": facts.planned_pulses,
        "completed": facts.completed,
        "cause": None if facts.cause is None else int(facts.cause),
        "ended_ms": facts.ended_wall_ms,
    }


def draft_of_record(session: ClosedSession, number: int) -> dict[str, Any]:
    """Return what opens the place for a session that only the record knows of."""
    return {
        "session_id": session.session_id.hex(),
        "number": number,
        "charged": session.charged_pulses,
        "planned": session.planned_pulses,
        "completed": session.completed,
        "cause": int(session.cause),
        "ended_ms": session.closed_wall_ms,
    }


class AfterPlace(Place):
    """One session's questions. What is a red flag leads to its own page and back."""

    name = "after"

    def recall(self, draft: Draft) -> None:
        if not draft:
            draft = self._from_record()
        self._session = {key: draft.get(key) for key in _OF_THE_SESSION}
        self._page = Page(draft.get("page", Page.FIRST))
        self._chosen: str | None = draft.get("chosen")
        self._noticed: dict[str, int] = dict(draft.get("noticed", {}))
        self._at = int(draft.get("at", 0))
        self._flagged: set[str] = set(draft.get("flagged", ()))
        self._softer = bool(draft.get("softer"))

    def _from_record(self) -> Draft:
        last, ledger = afterwards.unanswered(self.context), self.context.ledger
        if last is None or ledger is None:
            return {}
        return draft_of_record(last, ledger.state.course.sessions)

    def draft(self) -> dict[str, Any]:
        return {
            **self._session,
            "page": self._page.value,
            "chosen": self._chosen,
            "noticed": self._noticed,
            "at": self._at,
            "flagged": sorted(self._flagged),
            "softer": self._softer,
        }

    # What is shown

    def view(self) -> View:
        rules, facts = side_effect_rules(), self._facts()
        if self._page is Page.LIST:
            return after.noticed_view(rules, self._noticed, facts)
        if self._page is Page.GRADE:
            effect = self._graded
            return after.grade_view(
                rules, effect, self._at + 1, len(self._noticed), self._noticed[effect.id]
            )
        if self._page is Page.ADVICE:
            reach, now = reach_of(self.context), self.context.now
            return after.advice_view(rules, self._noticed, reach, now, softer=self._softer)
        return after.after_view(facts, self._chosen)

    def _facts(self) -> AfterFacts:
        session, cause = self._session, self._session["cause"]
        return AfterFacts(
            now=self.context.now,
            session_number=int(session["number"] or 0),
            charged_pulses=int(session["charged"] or 0),
            planned_pulses=int(session["planned"] or 0),
            completed=bool(session["completed"]),
            cause=None if cause is None else CloseCause(cause),
            ended_wall_ms=session["ended_ms"],
        )

    @property
    def _session_id(self) -> bytes:
        return bytes.fromhex(str(self._session["session_id"] or ""))

    @property
    def _graded(self) -> SideEffect:
        """The side effect whose grade is asked: those noticed, in the list's order."""
        rules = side_effect_rules()
        noticed = [effect for effect in rules.effects if effect.id in self._noticed]
        return noticed[min(self._at, len(noticed) - 1)]

    # Touches

    def choose(self, choice: str, group: str) -> None:
        if self._page is Page.FIRST and choice in ("no", "yes"):
            self._chosen = choice
        elif self._page is Page.LIST and group == after.NOTICED:
            self._toggle(choice)
        elif self._page is Page.GRADE and group == self._graded.id:
            self._grade(choice)
        elif self._page is Page.ADVICE and group == after.SOFTER:
            self._softer = not self._softer

    def press(self, button: str) -> None:
        if button == after.RED_FLAG:
            self._flag(None)
        elif button == "back":
            self._back()
        elif self._page is Page.FIRST and self._chosen == "yes":
            self._page = Page.LIST
        elif self._page is Page.FIRST and self._chosen == "no":
            self._finish({})
        elif self._page is Page.LIST and button == "next" and self._noticed:
            self._page, self._at = Page.GRADE, 0
        elif self._page is Page.ADVICE and button == "done":
            self._finish(self._noticed)

    def _toggle(self, effect_id: str) -> None:
        if self._noticed.pop(effect_id, None) is None:
            effect = side_effect_rules().find(effect_id)
            self._noticed[effect_id] = 0
            if effect.holds_ungraded:
                self._flag(effect)

    def _grade(self, choice: str) -> None:
        effect, grade = self._graded, int(choice)
        self._noticed[effect.id] = grade
        self._at += 1
        if self._at >= len(self._noticed):
            self._page = Page.ADVICE
        if effect.holds(grade):
            self._flag(effect)

    def _back(self) -> None:
        if self._page is Page.ADVICE:
            self._page, self._at = Page.GRADE, len(self._noticed) - 1
        elif self._page is Page.GRADE and self._at > 0:
            self._at -= 1
        elif self._page is Page.GRADE:
            self._page = Page.LIST
        elif self._page is Page.LIST:
            self._page = Page.FIRST
        else:
            self.ways.home()

    # What follows

    def _flag(self, effect: SideEffect | None) -> None:
        """Hold at once; then its own page asks, and comes back here."""
        name = "" if effect is None else effect.id
        if name in self._flagged:
            return
        draft = {
            "effect": name,
            "placed_ms": self.context.instants.wall_ms(),
            "after": {**self.draft(), "flagged": sorted({*self._flagged, name})},
        }
        try:
            sign, known = flagging.sign_of(effect), draft
            draft |= self.context.store.in_need(lambda: self._held_and_told(sign, known))
        except Exception:
            # Whatever keeps it from being kept and told: the band is held all the same.
            log.exception("a red flag isn't kept")
            draft |= self._held_all_the_same(flagging.sign_of(effect))
        self._flagged.add(name)
        self.ways.spawn(flagging.deliver(self.context))
        self.ways.open_first("red-flag", draft)

    def _held_and_told(self, sign: str, draft: Draft) -> dict[str, Any]:
        """Keep hold, telling and place together; return what the place needs of them."""
        with self.context.store.transaction():
            hold_id = flagging.hold(self.context, sign)
            item_id = flagging.tell(self.context, sign, self._session_id or None)
            kept = {"hold_id": hold_id.hex(), "item_id": item_id}
            self.ways.keep(self.ways.made("red-flag", {**draft, **kept}))
        return kept

    def _held_all_the_same(self, sign: str) -> dict[str, Any]:
        hold_id = flagging.hold_all_the_same(self.context, sign)
        in_memory = self.context.unkept.knows(hold_id)
        return {"hold_id": hold_id.hex(), "untold": True, "in_memory": in_memory}

    def _finish(self, noticed: Mapping[str, int]) -> None:
        flag = side_effect_rules().red_flag(noticed)
        sign = flagging.SEVERAL if "" in self._flagged else None
        if flag is not None:
            sign = flagging.sign_of(flag)
        try:
            with self.context.store.transaction():
                afterwards.answer(
                    self.context, self._session_id, noticed, red_flag=sign, softer=self._softer
                )
                if self._softer:
                    softer.wish(self.context.store)
                self.ways.keep(None)
        except KNOWN as problem:
            self.context.say(_("Your answers aren't kept yet"), sentence_of(problem))
            return
        self.ways.tending.wake()
        self.ways.home()


def without_slip(draft: Draft, effect: str) -> dict[str, Any]:
    """Return the place's draft after a red flag turned out to be a slip: nothing was noticed."""
    noticed = {name: grade for name, grade in draft.get("noticed", {}).items() if name != effect}
    flagged = [name for name in draft.get("flagged", ()) if name != effect]
    page = Page(draft.get("page", Page.FIRST))
    if page in (Page.GRADE, Page.ADVICE):
        page = Page.LIST
    return {**draft, "noticed": noticed, "flagged": flagged, "page": page.value, "at": 0}


_OF_THE_SESSION = ("session_id", "number", "charged", "planned", "completed", "cause", "ended_ms")
