"""The protocols that may be chosen, by what they are for, beside what the patient is enrolled for.

A protocol of another indication is the prescriber's own off-label decision: it is said and not kept
from them.
"""

from __future__ import annotations

from dataclasses import dataclass

from cloud.language import _, told
from cloud.prescriptions.drafts import offered
from shared.stimulation.catalogue import Catalogue, CatalogueEntry

USUAL = "mdd-l-dlpfc-itbs"
"""What a first prescription begins with where the patient's indication has it (own choice)."""


@dataclass(frozen=True)
class Choice:
    """One protocol, by a name that no other one has."""

    protocol_id: str
    name: str


@dataclass(frozen=True)
class Group:
    """The protocols of one indication; ``own`` is the patient's."""

    indication: str
    own: bool
    choices: tuple[Choice, ...]


def groups(book: Catalogue, indication_id: str | None) -> tuple[Group, ...]:
    """Return what is offered by its indication, the patient's own first."""
    found: dict[str, list[CatalogueEntry]] = {}
    for entry in offered(book):
        found.setdefault(entry.indication_id, []).append(entry)
    ordered = sorted(found.items(), key=lambda each: each[0] != indication_id)
    return tuple(
        Group(
            told(entries[0].indication),
            group == indication_id,
            tuple(Choice(entry.id, in_full(entry)) for entry in entries),
        )
        for group, entries in ordered
    )


def in_full(entry: CatalogueEntry) -> str:
    """Return a protocol's name with its indication, by which it's told from its namesakes."""
    return _("{protocol}: {indication}").format(
        protocol=told(entry.name), indication=told(entry.indication)
    )


def first_choice(book: Catalogue, indication_id: str | None) -> str:
    """Return with which protocol a first prescription begins: one of the patient's indication where
    any is offered."""
    own = [entry.id for entry in offered(book) if entry.indication_id == indication_id]
    return own[0] if own and USUAL not in own else USUAL


def enrolled_for(book: Catalogue, indication_id: str | None) -> str:
    """Return the name of the indication that a patient is enrolled for; empty where the catalogue
    has none of that id."""
    names = {entry.indication_id: entry.indication for entry in book.entries}
    return told(names[indication_id]) if indication_id in names else ""


def nothing_offered(book: Catalogue, indication_id: str | None) -> str:
    """Return the sentence that no protocol for the patient's indication is offered; empty where one
    is."""
    name = enrolled_for(book, indication_id)
    if not name or any(entry.indication_id == indication_id for entry in offered(book)):
        return ""
    return _(
        "No protocol for {indication} is offered: what the catalogue has is for the clinic alone."
    ).format(indication=name)


def off_label(book: Catalogue, entry: CatalogueEntry, indication_id: str | None) -> str:
    """Return the sentence that a protocol isn't for what the patient is enrolled for; empty where
    it is."""
    name = enrolled_for(book, indication_id)
    if not name or entry.indication_id == indication_id:
        return ""
    return _("This protocol is for {other}; the patient is enrolled for {own}.").format(
        other=told(entry.indication), own=name
    )
