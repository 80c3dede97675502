"""Accepts a catalogue for a clinic: by version and hash, with each recalled figure closed (R26).

A recalled figure was written down from memory. To close it is a person's word that they looked it
up, where, and that it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cloud.root_tool import files
from cloud.root_tool.errors import RootToolError
from cloud.root_tool.home import Home
from cloud.root_tool.showing import plain
from shared.stimulation import catalogue as catalogues
from shared.stimulation.catalogue import Catalogue, CatalogueEntry
from shared.trust import sign1
from shared.trust.keys import Signer
from shared.trust.statements import CatalogueAcceptance

RECALLED = "recalled"
Decisions = dict[str, dict[str, str]]
"""Entry id -> recalled field -> where it was looked up."""


@dataclass(frozen=True)
class Open:
    """One entry and the fields of it that were written down from memory."""

    entry: CatalogueEntry
    fields: tuple[str, ...]


def open_figures(catalogue: Catalogue) -> tuple[Open, ...]:
    """Return every entry that has recalled fields, in the catalogue's order."""
    found = (Open(entry, _recalled(entry)) for entry in catalogue.entries)
    return tuple(each for each in found if each.fields)


def _recalled(entry: CatalogueEntry) -> tuple[str, ...]:
    return tuple(sorted(name for name, word in entry.provenance.items() if word == RECALLED))


def lines(catalogue: Catalogue) -> Iterator[str]:
    """Yield what is to be accepted, in words."""
    yield f"catalogue version {catalogue.version}"
    yield f"  hash           {catalogue.digest.hex()}"
    yield f"  recalled       {sum(len(each.fields) for each in open_figures(catalogue))} figures"


def entry_lines(each: Open, closed: dict[str, str] | None = None) -> Iterator[str]:
    """Yield one entry's recalled fields with its source, and with what closed them."""
    yield f"{each.entry.id}: {each.entry.name}"
    yield f"  source         {each.entry.source}"
    yield f"  checked        {each.entry.source_checked}"
    for name in each.fields:
        yield f"  recalled       {name}" + (f": {plain(closed[name])}" if closed else "")


def template(catalogue: Catalogue) -> dict[str, object]:
    """Return what a file of decisions holds, every place still empty."""
    return {
        "version": catalogue.version,
        "hash": catalogue.digest.hex(),
        "closed": {
            each.entry.id: dict.fromkeys(each.fields, "") for each in open_figures(catalogue)
        },
    }


def decided_by_file(catalogue: Catalogue, path: Path) -> Decisions:
    """Return a file's decisions; each recalled figure of this catalogue needs its sentence."""
    said = files.read_object(path)
    if (said.get("version"), said.get("hash")) != (catalogue.version, catalogue.digest.hex()):
        raise RootToolError("catalogue", f"{path}: version and hash are another catalogue's")
    closed = said.get("closed")
    if not isinstance(closed, dict):
        raise RootToolError("closed", f"{path}: closed is not an object")
    missing = [
        f"{entry}.{name}"
        for entry, name in _places(catalogue)
        if not _is_closed(closed, entry, name)
    ]
    if missing:
        raise RootToolError("closed", f"{path}: nothing closes {', '.join(missing)}")
    return closed


def _places(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for each in open_figures(catalogue):
        for name in each.fields:
            yield each.entry.id, name


def _is_closed(closed: dict[str, object], entry: str, name: str) -> bool:
    fields = closed.get(entry)
    sentence = fields.get(name) if isinstance(fields, dict) else None
    return isinstance(sentence, str) and bool(sentence.strip())


def decide_by_asking(catalogue: Catalogue, ask: Callable[[Open], bool]) -> None:
    """Ask for each entry; raise RootToolError at the first that stays open."""
    for each in open_figures(catalogue):
        if not ask(each):
            raise RootToolError("closed", f"{each.entry.id} stays open: nothing is accepted")


def accept(catalogue: Catalogue, home: Home, *, root: Signer, now_s: int) -> bytes:
    """Return the clinic's acceptance; every recalled figure has been closed by then."""
    home.require_root(root)
    statement = CatalogueAcceptance(
        catalogue.version, catalogue.digest, catalogues.closed_digest(catalogue), now_s
    )
    return sign1.sign(statement, audience=home.clinic.audience, signer=root)
