"""The place after a red flag: whom to call, what band and clinic know, and whether it happened."""

from __future__ import annotations

from typing import Any

from mobile.engine import caring, flagging
from mobile.engine.caring import Known
from mobile.engine.places.after import without_slip
from mobile.engine.places.place import Draft, Place
from mobile.engine.reaching import reach_of
from mobile.engine.screens import Helping
from mobile.presenters.red_flag import (
    HAPPENED,
    NAME,
    SAFETY_PLAN,
    SLIP,
    BandHold,
    Heard,
    RedFlagFacts,
    red_flag_view,
)
from mobile.presenters.views import View
from shared.instruments.side_effects import SideEffect, side_effect_rules

_HEARD = {
    Known.NOT_SENT: Heard.NOT_SENT,
    Known.ON_SERVER: Heard.ON_SERVER,
    Known.SEEN: Heard.SEEN,
    Known.REFUSED: Heard.REFUSED,
}


class RedFlagPlace(Place):
    """Made when the hold stands already; ``after`` in the draft is where it leads back to."""

    name = NAME

    def recall(self, draft: Draft) -> None:
        self._draft = dict(draft)
        self._answer: str | None = draft.get("answer")
        self._hold_again_after_a_restart()

    def _hold_again_after_a_restart(self) -> None:
        """A hold that was in memory alone is gone with it; the band takes the same one once."""
        lost = self._draft.get("in_memory") and not self.context.unkept.knows(self._hold_id)
        if lost and self._answer != SLIP:
            flagging.hold_all_the_same(self.context, self._sign, self._hold_id)

    def draft(self) -> dict[str, Any]:
        return {**self._draft, "answer": self._answer}

    @property
    def is_counting(self) -> bool:
        """Whether a figure on the page runs."""
        return self._answer is None and bool(self._undo_left_ms())

    def view(self) -> View:
        context = self.context
        standing = caring.standing(context, str(self._draft.get("item_id", "")))
        return red_flag_view(
            RedFlagFacts(
                now=context.now,
                effect=self._effect,
                hold=self._hold(),
                heard=Heard.NOT_KEPT if self._untold else _HEARD[standing.known],
                heard_wall_ms=standing.at_ms,
                seen_by=standing.by,
                reach=reach_of(context),
                answer=self._answer,
                undo_left_ms=self._undo_left_ms(),
                leads_on=self._draft.get("after") is not None,
            )
        )

    @property
    def _untold(self) -> bool:
        """Whether the phone couldn't keep it for the clinic."""
        return bool(self._draft.get("untold"))

    @property
    def _effect(self) -> SideEffect | None:
        name = str(self._draft.get("effect", ""))
        return side_effect_rules().find(name) if name else None

    @property
    def _sign(self) -> str:
        return flagging.sign_of(self._effect)

    @property
    def _hold_id(self) -> bytes:
        return bytes.fromhex(str(self._draft.get("hold_id", "")))

    def _hold(self) -> BandHold:
        if flagging.is_on_its_way(self.context, self._hold_id):
            return BandHold.ON_ITS_WAY
        taken_back = self._answer == SLIP and not flagging.stays(self._sign)
        return BandHold.TAKEN_BACK if taken_back else BandHold.HELD

    def _undo_left_ms(self) -> int | None:
        """How long the hold can be taken back; None where it stays in any case."""
        if flagging.stays(self._sign):
            return None
        since_ms = self.context.instants.wall_ms() - int(self._draft.get("placed_ms", 0))
        return max(0, flagging.UNDO_MS - max(0, since_ms))

    # Touches

    def choose(self, choice: str, group: str) -> None:
        if group != NAME or self._answer is not None or choice not in (HAPPENED, SLIP):
            return
        if self._undo_left_ms() == 0:
            return
        self._answer = choice
        if choice == SLIP:
            self._take_back()

    def _take_back(self) -> None:
        try:
            with self.context.store.transaction():
                flagging.take_back(self.context, self._hold_id)
                flagging.tell(self.context, self._sign, None, slip=True)
                self.ways.keep(self)
        except Exception:
            self._answer = None
            raise
        self.ways.spawn(flagging.deliver(self.context))

    def press(self, button: str) -> None:
        if button == SAFETY_PLAN and self.ways.knows(SAFETY_PLAN):
            self.ways.open(SAFETY_PLAN)
        elif button == SAFETY_PLAN:
            self.context.go(Helping(self))
        elif button in ("done", "back", "home"):
            self._leave()

    def _leave(self) -> None:
        after = self._draft.get("after")
        if after is None:
            self.ways.home()
        elif self._answer == SLIP:
            self.ways.open_first("after", without_slip(after, str(self._draft.get("effect", ""))))
        else:
            self.ways.open_first("after", after)
