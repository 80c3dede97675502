"""Consent: asked once on the way in, and changed later from the settings."""

from __future__ import annotations

import logging
from typing import ClassVar

from mobile.engine import consenting, flagging, held, sharing
from mobile.engine.places.place import Draft, Place
from mobile.engine.reaching import reach_of
from mobile.engine.screens import Finding
from mobile.presenters import consents as pages
from mobile.presenters.consent_sections import SECTIONS, TREATMENT, Section, section_of
from mobile.presenters.consents import Band
from mobile.presenters.holds import Origin
from mobile.presenters.views import View

log = logging.getLogger(__name__)


class FirstConsents(Place):
    """What is shared, then each section; the band comes after them."""

    name: ClassVar[str] = "first-consents"

    def recall(self, draft: Draft) -> None:
        """Take up the answers so far."""
        answers = dict(draft.get("answers", {}))
        self.answers = {each.id: answers[each.id] for each in SECTIONS if each.id in answers}
        self.index = min(max(-1, int(draft.get("index", -1))), len(SECTIONS) - 1)

    def draft(self) -> Draft:
        """Return them."""
        return {"answers": dict(self.answers), "index": self.index}

    def view(self) -> View:
        """Return the beginning, or the section."""
        clinic_name = self.context.card.clinic_name
        if self.index < 0:
            return pages.sharing_page(clinic_name)
        section = SECTIONS[self.index]
        return pages.section_page(
            section,
            self.index + 1,
            len(SECTIONS),
            reach=reach_of(self.context),
            chosen=self.answers.get(section.id),
        )

    def choose(self, choice: str, group: str) -> None:
        """Yes or no to the section that is open."""
        if self.index >= 0 and group == SECTIONS[self.index].id:
            self.answers[group] = choice == pages.YES

    def press(self, button: str) -> None:
        """Go on where there's an answer, or back."""
        if button == "next" and self._may_go_on():
            self._go_on()
        elif button == "back" and self.index >= 0:
            self.index -= 1

    def _may_go_on(self) -> bool:
        if self.index < 0:
            return True
        section = SECTIONS[self.index]
        answer = self.answers.get(section.id)
        return answer is not None and (answer or not section.needed)

    def _go_on(self) -> None:
        if self.index + 1 < len(SECTIONS):
            self.index += 1
            return
        consenting.keep_all(self.context, self.answers)
        if self.context.band_address is None:
            self.context.go(Finding())
        else:
            self.ways.home()


class Consents(Place):
    """The list of sections, and one of them; taking back is asked once more."""

    name: ClassVar[str] = "consents"

    def recall(self, draft: Draft) -> None:
        """Take up the open section."""
        self.section: Section | None = section_of(str(draft.get("section", "")))
        self.asked = False
        self.untold = False

    def draft(self) -> Draft:
        """Return it."""
        return {"section": "" if self.section is None else self.section.id}

    def view(self) -> View:
        """Return the list or the section."""
        given = sharing.given(self.context.store)
        if self.section is None:
            return pages.list_page(given)
        return pages.one_page(
            self.section,
            clinic_name=self.context.card.clinic_name,
            holds=given[self.section.id],
            band=self._band(self.section),
            asked=self.asked,
            untold=reach_of(self.context) if self.untold else None,
        )

    def _band(self, section: Section) -> Band:
        """What the band knows of a withdrawal, until the clinic has lifted its hold."""
        if section.id != TREATMENT or Origin.WITHDRAWN not in held.origins(self.context):
            return Band.OPEN
        on_its_way = [hold.reason for hold in held.on_its_way(self.context)]
        return Band.ON_ITS_WAY if flagging.WITHDRAWN in on_its_way else Band.HELD

    def press(self, button: str) -> None:
        """Open, take back, give again, or go back."""
        opened = section_of(button.removeprefix("section-"))
        section = self.section
        if section is None and opened is not None:
            self.section = opened
        elif section is None:
            super().press(button)
        elif button == "ask-withdraw":
            self.asked = True
        elif button == "keep":
            self.asked = False
        elif button == "withdraw" and self.asked:
            self._set(section, given=False)
        elif button == "give":
            self._set(section, given=True)
        elif button == "back":
            self.section, self.asked, self.untold = None, False, False

    def _set(self, section: Section, *, given: bool) -> None:
        self.asked = self.untold = False
        if section.id != TREATMENT or given:
            consenting.set_section(self.context, section, given=given)
            return
        try:
            self.context.store.in_need(
                lambda: consenting.set_section(self.context, section, given=False)
            )
        except Exception:
            # Whatever keeps it from being kept and told: the band is held all the same.
            log.exception("a withdrawal isn't kept")
            flagging.hold_all_the_same(self.context, flagging.WITHDRAWN)
            self.untold = True
            self.context.wake()
        self.ways.spawn(flagging.deliver(self.context))
