"""The ends: going on at another clinic or with another band, and the band that goes back."""

from __future__ import annotations

import logging
from typing import ClassVar

from firmware_bridge.link import LinkError
from mobile.engine.errands import Errands
from mobile.engine.handed_over import is_handed_over
from mobile.engine.places.place import Draft, Place
from mobile.engine.screens import Welcome
from mobile.engine.staff_word import carry_out_hand_over, hand_over
from mobile.engine.unsent import send_first
from mobile.engine.words import sentence_of
from mobile.presenters import leaving
from mobile.presenters.leaving import ChangeFacts, Going, ReturnFacts
from mobile.presenters.views import View

log = logging.getLogger(__name__)


class ChangeOfClinic(Place):
    """What moves, and the way to enrol anew. What isn't sent yet is asked about once."""

    name: ClassVar[str] = "change-of-clinic"

    def recall(self, draft: Draft) -> None:
        """Take up whether the person was told what would be lost."""
        self.asked = bool(draft.get("asked", False))

    def draft(self) -> Draft:
        """Return it."""
        return {"asked": self.asked}

    def view(self) -> View:
        """Return the page."""
        context = self.context
        waiting = context.store.outbox.waiting()
        return leaving.change_page(
            ChangeFacts(
                card=context.card,
                waiting=waiting,
                reachable=context.reachable,
                band_is_free=is_handed_over(context.store),
                asked=self.asked and waiting > 0,
            )
        )

    def press(self, button: str) -> None:
        """Send first; then, or where that can't be and the person says so, enrol anew."""
        if button == "send-first":
            self.ways.begin(send_first(self.context, self.ways.tending))
        elif button != "begin":
            super().press(button)
        elif self.context.store.outbox.waiting() and not self.asked:
            self.asked = True
            self.ways.begin(self.ways.tending.exchange())
        else:
            self.context.forget_band()
            self.context.go(Welcome())


class AnotherBand(Place):
    """The clinic gives another band: the way to enrol for it. Nothing is let go before it holds."""

    name: ClassVar[str] = "another-band"

    def recall(self, draft: Draft) -> None:
        """Nothing is kept of it."""

    def view(self) -> View:
        """Return the page."""
        context = self.context
        return leaving.another_band_page(context.card, band_is_free=is_handed_over(context.store))

    def press(self, button: str) -> None:
        """Have the letter's code typed."""
        if button == "begin":
            self.context.go(Welcome())
        else:
            super().press(button)


class ReturnBand(Place):
    """The band gives its last record and is this person's no more."""

    name: ClassVar[str] = "return-band"

    def recall(self, draft: Draft) -> None:
        """Nothing failed yet."""
        self.problem: str | None = None

    def view(self) -> View:
        """Return the page."""
        context = self.context
        return leaving.return_page(
            ReturnFacts(
                card=context.card,
                going=self._going(),
                near=context.is_linked,
                waiting=context.store.outbox.waiting(),
                problem=self.problem,
            )
        )

    def press(self, button: str) -> None:
        """Let it go, or send the rest."""
        self.problem = None
        if button == "let-go":
            self.ways.begin(self._let_go())
        elif button == "send-all":
            self.ways.begin(self.ways.tending.exchange())
        else:
            super().press(button)

    def _going(self) -> Going:
        store = self.context.store
        if is_handed_over(store):
            return Going.HANDED_OVER if store.outbox.waiting() else Going.ALL_SENT
        return Going.NO_WORD if hand_over(store) is None else Going.READY

    async def _let_go(self) -> None:
        context = self.context
        try:
            async with context.band_lock:
                await carry_out_hand_over(
                    context.store,
                    context.stimulator,
                    context.require_enrolment(),
                    now_ms=context.instants.wall_ms(),
                )
                await self._last_record()
            if is_handed_over(context.store):
                context.forget_band()
        except LinkError as problem:
            self.problem = sentence_of(problem)
        context.wake()
        context.changed()

    async def _last_record(self) -> None:
        """That it was let go is on the record too; a band that has hung up has sent its head."""
        context = self.context
        if context.ledger is None or not is_handed_over(context.store):
            return
        errands = Errands(
            context.store,
            context.stimulator,
            context.ingest,
            context.ledger,
            context.require_enrolment(),
        )
        try:
            await errands.fetch_record(now_ms=context.instants.wall_ms())
        except LinkError as problem:
            log.info("the last record stays on the band: %s", problem)
