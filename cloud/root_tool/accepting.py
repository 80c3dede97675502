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
from shared.stimulation.catalogue import catalogue
from shared.stimulation.limits import absolute_limits
from shared.stimulation.recalled import closed_digest, recalled_fields
from shared.trust import sign1
from shared.trust.keys import Signer
from shared.trust.statements import CatalogueAcceptance

LIMITS = "limits"
Decisions = dict[str, dict[str, str]]
"""Protocol, coil or limits -> recalled figure -> where it was looked up."""


@dataclass(frozen=True)
class Open:
    """A protocol, a coil or the limits, and what of it was written down from memory."""

    id: str
    source: str
    figures: tuple[str, ...]


def open_figures() -> tuple[Open, ...]:
    """Return every recalled figure by what it belongs to: a protocol, a coil, the limits."""
    sources, found = _sources(), dict[str, list[str]]()
    for name in recalled_fields():
        owner, _, figure = name.rpartition(".")
        found.setdefault(owner, []).append(figure)
    return tuple(
        Open(owner, sources.get(owner, "not named"), tuple(figures))
        for owner, figures in found.items()
    )


def _sources() -> dict[str, str]:
    limits = absolute_limits()
    return {
        LIMITS: f"{limits.train_source}; {limits.theta_burst_source}",
        **{f"coils.{coil.id}": coil.source for coil in catalogue().coils},
        **{each.id: f"{each.source} ({each.source_checked})" for each in catalogue().entries},
    }


def lines() -> Iterator[str]:
    """Yield what is to be accepted, in words."""
    yield f"catalogue version {catalogue().version}"
    yield f"  hash           {catalogue().digest.hex()}"
    yield f"  recalled       {len(recalled_fields())} figures, digest {closed_digest().hex()}"


def entry_lines(each: Open, closed: dict[str, str] | None = None) -> Iterator[str]:
    """Yield one entry's recalled figures with its source, and with what closed them."""
    yield each.id
    yield f"  source         {each.source}"
    for figure in each.figures:
        yield f"  recalled       {figure}" + (f": {plain(closed[figure])}" if closed else "")


def template() -> dict[str, object]:
    """Return what a file of decisions holds, every place still empty."""
    return {
        "version": catalogue().version,
        "hash": catalogue().digest.hex(),
        "closed": {each.id: dict.fromkeys(each.figures, "") for each in open_figures()},
    }


def decided_by_file(path: Path) -> Decisions:
    """Return a file's decisions; each recalled figure of this catalogue needs its sentence."""
    said = files.read_object(path)
    if (said.get("version"), said.get("hash")) != (catalogue().version, catalogue().digest.hex()):
        raise RootToolError("catalogue", f"{path}: version and hash are another catalogue's")
    closed = said.get("closed")
    if not isinstance(closed, dict):
        raise RootToolError("closed", f"{path}: closed is not an object")
    left = [f"{each.id}.{name}" for each in open_figures() for name in _left_open(each, closed)]
    if left:
        raise RootToolError("closed", f"{path}: nothing closes {', '.join(left)}")
    return closed


def _left_open(each: Open, closed: dict[str, object]) -> Iterator[str]:
    said = closed.get(each.id)
    for figure in each.figures:
        sentence = said.get(figure) if isinstance(said, dict) else None
        if not isinstance(sentence, str) or not sentence.strip():
            yield figure


def decide_by_asking(ask: Callable[[Open], bool]) -> None:
    """Ask for each entry; raise RootToolError at the first that stays open."""
    for each in open_figures():
        if not ask(each):
            raise RootToolError("closed", f"{each.id} stays open: nothing is accepted")


def accept(home: Home, *, root: Signer, now_s: int) -> bytes:
    """Return the clinic's acceptance; every recalled figure has been closed by then."""
    home.require_root(root)
    statement = CatalogueAcceptance(catalogue().version, catalogue().digest, closed_digest(), now_s)
    return sign1.sign(statement, audience=home.clinic.audience, signer=root)
