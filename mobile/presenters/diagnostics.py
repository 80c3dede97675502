"""Diagnostics: what a helper on the telephone can have read out. No health value stands here.

Letters are grouped, so that they can be read aloud.
"""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _, n_
from mobile.presenters.page import Box, PageView, Push, Rows, Words
from mobile.presenters.pieces import Notice, Row, Tone
from mobile.presenters.words import Now, day_and_time


@dataclass(frozen=True)
class DiagnosticFacts:
    """Versions, identities, link and transport; nothing of dose, answers or diagnosis."""

    now: Now
    app_version: str
    system: str
    phone_id: str
    device_id: str
    link_state: str
    last_error: str | None
    band_firmware: str | None
    heard_wall_ms: int | None
    synced_wall_ms: int | None
    waiting: int
    refused: int
    for_newer: int
    keys_words: str
    language: str
    card_serial: int


def diagnostics_page(facts: DiagnosticFacts) -> PageView:
    """Return the page; every line has a name that a helper can ask for."""
    now = facts.now
    return PageView(
        name="diagnostics",
        title=_("Diagnostics"),
        subtitle=_("as of {when}").format(when=day_and_time(now, now.wall_ms)),
        blocks=(
            Words(
                _("A helper on the telephone may ask for these lines. Read out what is asked."),
                soft=True,
            ),
            Box(
                Notice(
                    _("Nothing here is about your health"),
                    _("No answers, no doses, no birth date. Nobody needs those on the telephone."),
                    Tone.OK,
                )
            ),
            Rows(
                (
                    Row(_("App"), facts.app_version),
                    Row(_("System"), facts.system),
                    Row(_("Language"), facts.language),
                    Row(_("This phone"), grouped(facts.phone_id) or _("Not enrolled")),
                )
            ),
            Rows(
                (
                    Row(_("Band"), grouped(facts.device_id) or _("None yet")),
                    Row(_("Band's software"), facts.band_firmware or _("Not heard yet")),
                    Row(_("Link"), facts.link_state),
                    Row(_("Last heard"), _when(now, facts.heard_wall_ms)),
                    Row(_("Last fault"), facts.last_error or _("None")),
                )
            ),
            Rows(
                (
                    Row(_("Last exchange"), _when(now, facts.synced_wall_ms)),
                    Row(_("Waiting"), _items(facts.waiting)),
                    Row(_("Refused"), _items(facts.refused)),
                    *_for_newer(facts.for_newer),
                    Row(_("Clinic card"), str(facts.card_serial)),
                )
            ),
            Words(facts.keys_words, soft=True, small=True),
        ),
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
    )


def grouped(code: str, size: int = 4) -> str:
    """Return a code in groups, to be read aloud: ``a1b2 c3d4``."""
    return " ".join(code[start : start + size] for start in range(0, len(code), size))


def _when(now: Now, wall_ms: int | None) -> str:
    return _("Never") if wall_ms is None else day_and_time(now, wall_ms)


def _for_newer(number: int) -> tuple[Row, ...]:
    """Said once, whatever the number, and only where there's something to do about it."""
    if not number:
        return ()
    said = _("{items}. Please update this app. Everything else arrives as before.")
    return (Row(_("For a newer app"), said.format(items=_items(number))),)


def _items(number: int) -> str:
    return n_("{count} item", "{count} items", number).format(count=number)
