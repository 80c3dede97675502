"""Somebody close: what they may see, inviting them, changing it, taking it back."""

from __future__ import annotations

import logging
from typing import ClassVar

from mobile.engine import close_by
from mobile.engine.caring import standing
from mobile.engine.close_by_book import Close
from mobile.engine.context import Context
from mobile.engine.places.place import Draft, Place
from mobile.engine.reaching import reach_of
from mobile.platform.errors import PlatformError
from mobile.presenters import close_by as pages
from mobile.presenters.close_by import CloseFacts
from mobile.presenters.views import View
from shared.care.caregiver import NAME_CHARACTERS, Shown

log = logging.getLogger(__name__)

CHANGE = "change"


def facts_of(context: Context) -> CloseFacts | None:
    """Return how it stands with who it is about now."""
    close = close_by.now_about(context)
    if close is None:
        return None
    return CloseFacts(
        now=context.now,
        reach=reach_of(context),
        name=close.name,
        shown=frozenset(close.shown),
        standing=standing(context, close.said) if close.said else None,
        code=close.code,
        link=close_by.link_of(close),
        until_ms=close.until_ms,
        joined_ms=close.joined_ms,
        ended_ms=close.ended_ms,
        by_clinic=close.by_clinic,
        withdrawn=close.withdrawn,
    )


class CloseBy(Place):
    """How it stands; and what is chosen so far, where it's changed or somebody is invited."""

    name: ClassVar[str] = "close-by"

    def recall(self, draft: Draft) -> None:
        """Take up the step, the name and what is ticked."""
        self.step = CHANGE if draft.get("step") == CHANGE else ""
        self.who = str(draft.get("who", self.context.preferences.caregiver_name))[:NAME_CHARACTERS]
        known = {int(each) for each in Shown}
        ticked = [each for each in draft.get("ticked", ()) if each in known]
        self.ticked = frozenset(Shown(each) for each in ticked)
        self.asked = self.untold = False

    def draft(self) -> Draft:
        """Return them."""
        ticked = sorted(int(each) for each in self.ticked)
        return {"step": self.step, "who": self.who, "ticked": ticked}

    def view(self) -> View:
        """Return how it stands, the page to choose on, or the question before taking it back."""
        facts = facts_of(self.context)
        if facts is not None and facts.withdrawn and facts.waits:
            return pages.still_page(facts)
        if facts is None or facts.withdrawn or facts.ended_ms:
            return pages.choose_page(self.ticked, name=self.who, before=facts)
        if self.asked:
            return pages.ask_page(facts)
        if self.step == CHANGE:
            return pages.choose_page(self.ticked, name=None)
        return pages.close_page(facts, untold=self.untold)

    def choose(self, choice: str, group: str) -> None:
        """Tick a thing, or take the tick away."""
        if group == pages.SHOWN and choice.isdecimal() and int(choice) in list(Shown):
            self.ticked ^= {Shown(int(choice))}

    def typed(self, field: str, text: str) -> None:
        """The name, letter by letter."""
        if field == pages.NAME_FIELD:
            self.who = text[:NAME_CHARACTERS]

    def press(self, button: str) -> None:
        """Invite, change, hand the invitation on, take it back, or go back."""
        close = close_by.now_about(self.context)
        if close is None or close.is_over:
            self._press_of_nobody(button)
        elif button == "change":
            self.step, self.ticked = CHANGE, frozenset(close.shown)
        elif button == "save" and self.step == CHANGE:
            close_by.change(self.context, close, tuple(sorted(self.ticked)))
            self.step = ""
        elif button == "hand-on":
            self.ways.begin(self._hand_on())
        elif button == "ask-withdraw":
            self.asked = True
        elif button == "withdraw" and self.asked:
            self._withdraw(close)
        elif button in ("keep", "back") and (self.asked or self.step or self.untold):
            self.step, self.asked, self.untold = "", False, False
        else:
            super().press(button)

    def _press_of_nobody(self, button: str) -> None:
        facts = facts_of(self.context)
        still = facts is not None and facts.withdrawn and facts.waits
        if button != "invite" or still:
            super().press(button)
        elif self.who.strip() and self.ticked:
            self.ways.begin(self._invite(" ".join(self.who.split()), self.ticked))
        else:
            notice = pages.not_chosen()
            self.context.say(notice.title, notice.body, notice.tone)

    async def _invite(self, who: str, ticked: frozenset[Shown]) -> None:
        await close_by.invite(self.context, who, tuple(sorted(ticked)))
        self.ticked = frozenset()
        self.context.changed()

    async def _hand_on(self) -> None:
        facts = facts_of(self.context)
        if facts is None:
            return
        try:
            await self.context.phone.ways_out.hand_on(pages.message_of(facts))
        except PlatformError:
            notice = pages.cannot_hand_on()
            self.context.say(notice.title, notice.body, notice.tone)

    def _withdraw(self, close: Close) -> None:
        self.asked, self.step, self.ticked = False, "", frozenset()
        try:
            self.context.store.in_need(lambda: close_by.withdraw(self.context, close))
        except Exception:
            # Whatever keeps it from being kept: the person hears that the clinic isn't told.
            log.exception("a withdrawal isn't kept")
            self.untold = True
