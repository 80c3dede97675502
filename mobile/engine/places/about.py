"""About this app: version, purpose, licences."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, metadata, version
from typing import ClassVar

from mobile.engine.places.place import Draft, Place
from mobile.presenters.about import AboutFacts, Work, about_page, licences_page
from mobile.presenters.views import View
from shared.instruments.screening import screening_rules

WORKS = {
    "alembic": "MIT",
    "bleak": "MIT",
    "cbor2": "MIT",
    "cryptography": "Apache-2.0 OR BSD-3-Clause",
    "cwt": "MIT",
    "dbus-fast": "MIT",
    "fpdf2": "LGPL-3.0",
    "http-message-signatures": "Apache-2.0",
    "httpx2": "BSD-3-Clause",
    "keyring": "MIT",
    "kivy": "MIT",
    "pyhpke": "MIT",
    "smp": "Apache-2.0",
    "smpclient": "Apache-2.0",
    "sqlalchemy": "MIT",
    "tzdata": "Apache-2.0",
}
"""What the app imports, and by which licence; a test holds it to what is installed."""


def app_version() -> str:
    """Return this app's version; on a phone it's packed without its metadata."""
    try:
        return version("circlet")
    except PackageNotFoundError:
        return "-"


def works() -> tuple[Work, ...]:
    """Return the works that this app stands on, as installed here."""
    found = []
    for name, licence in WORKS.items():
        try:
            about = metadata(name)
        except PackageNotFoundError:
            continue
        found.append(Work(name, about["Version"], licence))
    return tuple(found)


class About(Place):
    """What it is, and whose work is in it."""

    name: ClassVar[str] = "about"

    def recall(self, draft: Draft) -> None:
        """Take up whether the licences are open."""
        self.licences = bool(draft.get("licences", False))

    def draft(self) -> Draft:
        """Return it."""
        return {"licences": self.licences}

    def view(self) -> View:
        """Return the page."""
        facts = AboutFacts(app_version(), screening_rules().version, works())
        return licences_page(facts) if self.licences else about_page(facts)

    def press(self, button: str) -> None:
        """Open or close the licences."""
        if button == "licences":
            self.licences = True
        elif button == "back" and self.licences:
            self.licences = False
        else:
            super().press(button)
