"""Whether the band was handed over: then nothing is set up or fetched there any more."""

from __future__ import annotations

from mobile.store import Store

_SETTING = "handed-over"


def note(store: Store, what: bytes) -> None:
    """The band was retired, or made nobody's."""
    store.settings.put(_SETTING, what)


def is_handed_over(store: Store) -> bool:
    """Return whether the band is this person's no more."""
    return bool(store.settings.get(_SETTING))


def begin_anew(store: Store) -> None:
    """A new enrolment has come: a band may be set up again."""
    store.settings.put(_SETTING, b"")
