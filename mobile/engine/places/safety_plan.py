"""The safety plan: numbers first, one touch each. It needs no network and records no call."""

from __future__ import annotations

import json

from mobile.engine.places.place import Draft, Place
from mobile.engine.words import KNOWN, sentence_of
from mobile.language import _
from mobile.presenters.checkin import SEND
from mobile.presenters.safety_plan import (
    CHANGE,
    KEEP,
    SEND_ANSWERS,
    OwnPlan,
    change_view,
    plan_view,
)
from mobile.presenters.views import View
from mobile.store import Store

_SETTING = "safety-plan"
_LINES = ("signs", "helps", "people", "number")


class SafetyPlan(Place):
    """``unsent`` in the draft says that a check-in waits behind it, not sent yet."""

    name = "safety-plan"

    def recall(self, draft: Draft) -> None:
        self._unsent = bool(draft.get("unsent"))
        self._writing = draft.get("writing")
        self._own = own_plan(self.context.store)

    def draft(self) -> Draft:
        return {"unsent": self._unsent, "writing": self._writing}

    def view(self) -> View:
        if self._writing is not None:
            return change_view(OwnPlan(**self._writing))
        return plan_view(
            self.context.card, self._own, unsent=self._unsent, dials=self.context.dials
        )

    def typed(self, field: str, text: str) -> None:
        if self._writing is not None and field in _LINES:
            self._writing = {**self._writing, field: text}

    def press(self, button: str) -> None:
        if button == CHANGE:
            self._writing = {line: getattr(self._own, line) for line in _LINES}
        elif button == KEEP and self._writing is not None:
            self._keep(OwnPlan(**self._writing))
        elif self._writing is not None:
            self._writing = None
        elif button == SEND_ANSWERS:
            self._send_answers()
        else:
            super().press(button)

    def _keep(self, own: OwnPlan) -> None:
        value = {line: getattr(own, line).strip() for line in _LINES}
        try:
            self.context.store.settings.put(_SETTING, json.dumps(value).encode())
        except KNOWN as problem:
            self.context.say(_("Your lines aren't kept yet"), sentence_of(problem))
            return
        self._own, self._writing = OwnPlan(**value), None

    def _send_answers(self) -> None:
        """The answers wait in the check-in behind this page, or where a restart left them."""
        self.ways.back()
        here = self.context.screen
        if not isinstance(here, Place) or here.name != "check-in":
            self.ways.open("check-in")
            here = self.context.screen
        if isinstance(here, Place):
            here.press(SEND)


def own_plan(store: Store) -> OwnPlan:
    """Return the person's own lines, which never leave this phone."""
    data = store.settings.get(_SETTING)
    return OwnPlan(**json.loads(data)) if data else OwnPlan()
