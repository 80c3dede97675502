"""A session whose band isn't heard: what was last known of it, and of when."""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _, mark, n_, p_, told
from mobile.presenters.views import Call, Chip, Choice, SessionView, Tone
from mobile.presenters.words import Now, clock_time, clock_time_with_seconds

STOP_NOTE_LOST = mark("Will be sent when the link returns. Right now: press the band's button")


@dataclass(frozen=True)
class LookedFor:
    """A session as last heard of, by a start of the app that hasn't heard the band, or long ago."""

    now: Now
    charged_pulses: int
    planned_pulses: int
    train: int
    trains: int
    heard_wall_ms: int
    call: Call | None = None


def looking_view(facts: LookedFor) -> SessionView:
    """Return the screen for a session of before a restart, until the band is heard: STOP first."""
    return _view(
        facts,
        title=press_its_button(),
        sentence=_("Without this phone the band pauses by itself. It counts every pulse."),
        buttons=calls(facts.call),
    )


def ended_view(facts: LookedFor) -> SessionView:
    """Return the screen for a session that the band has ended by its own rules since it was last
    heard (R11, R12): it may be left, and STOP stays."""
    return _view(
        facts,
        title=_("The band is silent"),
        sentence=_(
            "By its own rules it has ended the session by now: without this phone it pauses, and "
            "ten minutes later it ends. What it gave is on its record, and comes here when the "
            "band is near."
        ),
        buttons=(Choice("leave", _("Leave")), *calls(facts.call)),
    )


def calls(call: Call | None) -> tuple[Choice, ...]:
    """Return the button that calls the clinic, where this phone can."""
    return () if call is None or call.action is None else (Choice(call.action, _("Call")),)


def _view(
    facts: LookedFor, *, title: str, sentence: str, buttons: tuple[Choice, ...]
) -> SessionView:
    return SessionView(
        title=title,
        subtitle=last_heard(facts.now, facts.heard_wall_ms),
        chip=Chip(_("Link lost"), Tone.WAIT),
        trains=max(1, facts.trains),
        train=facts.train,
        trains_done=max(0, facts.train - 1),
        big=p_("a number alone", "{count}").format(count=facts.charged_pulses),
        big_note=last_known(facts.charged_pulses, facts.now, facts.heard_wall_ms),
        figures=figures(facts.train, facts.trains, facts.charged_pulses, facts.planned_pulses),
        pulses=pulses(facts.charged_pulses, facts.planned_pulses),
        sentence=sentence,
        link_lost=True,
        paused=False,
        still_here=False,
        buttons=buttons,
        stop_label=_("STOP"),
        stop_note=told(STOP_NOTE_LOST),
    )


def last_heard(now: Now, heard_wall_ms: int) -> str:
    """The count is of then, not of now."""
    return _("Last heard at {time}.").format(time=clock_time_with_seconds(now, heard_wall_ms))


def last_known(count: int, now: Now, heard_wall_ms: int) -> str:
    """What is counted, and of when."""
    return n_("pulse, last known {time}", "pulses, last known {time}", count).format(
        time=clock_time(now, heard_wall_ms)
    )


def press_its_button() -> str:
    """Return what stops the band while this phone can't."""
    return p_("title", "Press the button on the band to stop now")


def figures(train: int, trains: int, charged: int, planned: int) -> str:
    """Return which train it's in, and the pulses given of those planned."""
    return n_(
        "Train {train} of {trains}   {given} of {count} pulse",
        "Train {train} of {trains}   {given} of {count} pulses",
        planned,
    ).format(train=train, trains=trains, given=charged, count=planned)


def pulses(charged: int, planned: int) -> str:
    """Return the pulses given of those planned."""
    return n_("{given} of {count} pulse", "{given} of {count} pulses", planned).format(
        given=charged, count=planned
    )
