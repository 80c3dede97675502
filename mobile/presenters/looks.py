"""Who looked: what the clinic's audit log says about this patient's data, in the person's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mobile.language import _
from mobile.presenters.calendar_words import listed
from mobile.presenters.page import Block, Box, Group, Heading, PageView, Push, Words
from mobile.presenters.pieces import Notice, Tone
from mobile.presenters.words import Now, day_and_time, first_capital
from mobile.sync.answers import Look
from shared.care.looks import LookKind


@dataclass(frozen=True)
class LooksFacts:
    """``looks`` are the newest first; None while the clinic wasn't asked yet. ``close`` are the
    names of whom the person let in, by their id."""

    now: Now
    clinic_name: str
    looks: tuple[Look, ...] | None
    close: Mapping[bytes, str] = field(default_factory=dict)


def looks_page(facts: LooksFacts) -> PageView:
    """Return what the page is for, or the list that the clinic gave."""
    blocks: list[Block] = [
        Words(
            _(
                "Each time somebody at your clinic opens something of yours, or somebody close "
                "whom you let in, its server writes down who it was. Here you can read it."
            )
        )
    ]
    ask = Push(_("Ask my clinic"), "look", strong=True)
    if facts.looks is not None:
        blocks += _list(facts, facts.looks)
        ask = Push(_("Ask again"), "look")
    blocks.append(
        Words(
            _(
                "It goes back 90 days. If something surprises you, ask your clinic: it has to "
                "tell you why somebody looked."
            ),
            soft=True,
        )
    )
    return PageView(
        name="who-looked",
        title=_("Who looked"),
        subtitle=facts.clinic_name,
        blocks=tuple(blocks),
        foot=(ask, Push(_("Back"), "back")),
        help_button=_("Emergency"),
    )


def cannot_ask_now() -> Notice:
    """Return the word where the clinic can't be asked."""
    return Notice(
        _("Not just now"),
        _("Your clinic can't be reached. Look whether this phone has a network, then try again."),
        Tone.WAIT,
    )


def _list(facts: LooksFacts, looks: tuple[Look, ...]) -> list[Block]:
    if not looks:
        body = _("In the last 90 days nobody at your clinic opened anything of yours.")
        return [Box(Notice(_("Nobody looked"), body, Tone.PLAIN))]
    blocks: list[Block] = []
    for look in looks:
        when = first_capital(day_and_time(facts.now, look.at_ms))
        who = _who(look, facts.close)
        blocks.append(Group((Heading(who), Words(_what(look.kind)), Words(when, soft=True))))
    return blocks


def _who(look: Look, close: Mapping[bytes, str]) -> str:
    if look.caregiver_id:
        name = close.get(look.caregiver_id)
        words = _("Somebody close to you, whom you let in")
        return words if not name else _("{name}, whom you let in").format(name=name)
    if not look.who:
        return _("Whoever runs your clinic's server")
    roles = listed(_roles().get(role, role) for role in look.roles)
    if not roles:
        return look.who
    return _("{name}, {role}").format(name=look.who, role=roles)


def _roles() -> dict[str, str]:
    return {
        "prescriber": _("doctor"),
        "care-team": _("care team"),
        "administrator": _("administration"),
        "auditor": _("auditor"),
    }


def _what(kind: LookKind | None) -> str:
    if kind is None:
        return _("Used your data")
    return {
        LookKind.PAGE: _("Opened your page"),
        LookKind.LIST: _("Saw you on the clinic's list"),
        LookKind.SESSION_LOGS: _("Opened the logs of your sessions"),
        LookKind.TOLD: _("Read what you told in the app"),
        LookKind.EXPORT: _("Took your band's record out as a file"),
        LookKind.CHANGE: _("Changed or added something"),
        LookKind.SHARED: _("Saw what you share with them"),
        LookKind.CAME_IN: _("Came in by your invitation"),
    }[kind]
