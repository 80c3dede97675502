"""What the person lets go out to the clinic: asked wherever something would leave this phone.

A phone that was enrolled before the sections were asked goes on as it did until they're.
"""

from __future__ import annotations

from collections.abc import Mapping

from mobile.presenters.consent_sections import SECTIONS, VERSION
from mobile.store import Store

_ASKED = "consent-asked"


def was_asked(store: Store) -> bool:
    """Whether the person has gone through the sections."""
    return bool(store.settings.get(_ASKED))


def keep_asked(store: Store) -> None:
    """The person has gone through them."""
    store.settings.put(_ASKED, str(VERSION).encode())


def allows(store: Store, section_id: str) -> bool:
    """Whether something of this section may go to the clinic."""
    return not was_asked(store) or store.consents.holds(section_id)


def given(store: Store) -> Mapping[str, bool]:
    """Return what holds, by section."""
    return {section.id: allows(store, section.id) for section in SECTIONS}
