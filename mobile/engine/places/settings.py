"""Settings: the list, and a page for each; what is chosen holds at once."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from mobile.engine import pin
from mobile.engine.places.close_by import facts_of
from mobile.engine.places.place import Draft, Place
from mobile.engine.preferences import Preferences
from mobile.engine.speaking import speak_as_pressed
from mobile.presenters import settings as pages
from mobile.presenters.close_by import short_state
from mobile.presenters.views import View

_PAGES = {
    pages.TEXT: pages.text_page,
    pages.CONTRAST: pages.contrast_page,
    pages.LANGUAGE: pages.language_page,
    pages.MOTION: pages.motion_page,
    pages.CUES: pages.cues_page,
    pages.PRIVACY: pages.privacy_page,
    pages.CAREGIVER: pages.caregiver_page,
    pages.SWITCH: pages.switch_page,
}


class Settings(Place):
    """Which page of them is open."""

    name: ClassVar[str] = "settings"

    def recall(self, draft: Draft) -> None:
        """Take up the page."""
        page = str(draft.get("page", ""))
        self.page = page if page in _PAGES else ""

    def draft(self) -> Draft:
        """Return the page."""
        return {"page": self.page}

    def view(self) -> View:
        """Return the list or the page."""
        return _PAGES.get(self.page, pages.settings_page)(self._facts())

    def press(self, button: str) -> None:
        """Open a page or a place, or go back to the list."""
        if button == "back" and self.page:
            self.page = ""
        elif button in _PAGES:
            self.page = button
        elif self.ways.knows(button):
            self.ways.open(button)
        else:
            super().press(button)

    def choose(self, choice: str, group: str) -> None:
        """Choose: it's kept and holds at once."""
        chosen = self.context.preferences
        match group:
            case pages.TEXT if choice.isdecimal() and int(choice) in pages.TEXT_SIZES:
                self._prefer(replace(chosen, text_percent=int(choice)))
            case pages.CONTRAST:
                self._prefer(replace(chosen, contrast=choice))
            case pages.LANGUAGE:
                speak_as_pressed(self.context, f"speak-{choice}")
            case pages.MOTION:
                self._prefer(replace(chosen, still=choice == pages.STILL))
            case pages.SWITCH if choice.isdecimal() and int(choice) in pages.SCAN_TIMES_MS:
                self._prefer(replace(chosen, scan_ms=int(choice)))
            case pages.CUES:
                self._prefer(_toggled(chosen, choice))
            case pages.PRIVACY:
                self._prefer(replace(chosen, hidden=choice == pages.HIDDEN))

    def typed(self, field: str, text: str) -> None:
        """Name and number of somebody close, letter by letter."""
        chosen = self.context.preferences
        if field == pages.NAME_FIELD:
            self._prefer(replace(chosen, caregiver_name=text.strip()))
        elif field == pages.NUMBER_FIELD:
            self._prefer(replace(chosen, caregiver_number=text.strip()))

    def _prefer(self, preferences: Preferences) -> None:
        self.context.prefer(preferences)

    def _facts(self) -> pages.SettingsFacts:
        context, chosen = self.context, self.context.preferences
        cues = {
            pages.SOUND: chosen.sound,
            pages.VIBRATION: chosen.vibration,
            pages.SPOKEN: chosen.spoken,
        }
        return pages.SettingsFacts(
            look=context.appearance,
            cues=frozenset(name for name, wanted in cues.items() if wanted),
            voice_words=context.phone.speech.sentence,
            cue_words=context.phone.cues.sentence,
            hidden=chosen.hidden,
            can_hide=context.phone.privacy.can_hide,
            caregiver_name=chosen.caregiver_name,
            caregiver_number=chosen.caregiver_number,
            caregiver_sees=short_state(facts_of(context)),
            lock_is_on=pin.kept(context.store) is not None,
            known=self.ways.known,
        )


def _toggled(chosen: Preferences, cue: str) -> Preferences:
    if cue == pages.SOUND:
        return replace(chosen, sound=not chosen.sound)
    if cue == pages.VIBRATION:
        return replace(chosen, vibration=not chosen.vibration)
    if cue == pages.SPOKEN:
        return replace(chosen, spoken=not chosen.spoken)
    return chosen
