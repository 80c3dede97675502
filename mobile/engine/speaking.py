"""Which language the app speaks: the person's choice, kept; until one, what it was started with."""

from __future__ import annotations

from mobile.engine.context import Context
from mobile.language import ENGLISH, LANGUAGES, use
from mobile.presenters.languages import language_of
from mobile.store import Store

_SETTING = "language"


def begin_speaking(store: Store | None, usual: str) -> None:
    """Speak the language that was chosen, else the usual one, else English."""
    data = None if store is None else store.settings.get(_SETTING)
    chosen = usual if data is None else data.decode("ascii", "replace")
    use(chosen if chosen in LANGUAGES else ENGLISH.code)


def speak_as_pressed(context: Context, button: str) -> bool:
    """Speak the language that a button names from now on; return whether it's such a button."""
    code = language_of(button)
    if code is None:
        return False
    context.store.settings.put(_SETTING, code.encode())
    use(code)
    context.changed()
    return True
