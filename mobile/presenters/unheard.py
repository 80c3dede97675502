"""A session whose band isn't heard: what was last known of it, and of when."""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _, mark, n_, p_, told
from mobile.presenters.views import Chip, SessionView, Tone
from mobile.presenters.words import Now, clock_time, clock_time_with_seconds

STOP_NOTE_LOST = mark("Will be sent when the link returns. Right now: press the band's button")


@dataclass(frozen=True)
class LookedFor:
    """A session that was under way when the app ended, and the band isn't heard yet."""

    now: Now
    charged_pulses: int
    planned_pulses: int
    train: int
    trains: int
    heard_wall_ms: int


def looking_view(facts: LookedFor) -> SessionView:
    """Return the screen for a session of before a restart, until the band is heard: STOP first."""
    return SessionView(
        title=press_its_button(),
        subtitle=last_heard(facts.now, facts.heard_wall_ms),
        chip=Chip(_("Link lost"), Tone.WAIT),
        trains=max(1, facts.trains),
        train=facts.train,
        trains_done=max(0, facts.train - 1),
        big=p_("a number alone", "{count}").format(count=facts.charged_pulses),
        big_note=last_known(facts.charged_pulses, facts.now, facts.heard_wall_ms),
        figures=figures(facts.train, facts.trains, facts.charged_pulses, facts.planned_pulses),
        pulses=pulses(facts.charged_pulses, facts.planned_pulses),
        sentence=_("Without this phone the band pauses by itself. It counts every pulse."),
        link_lost=True,
        paused=False,
        still_here=False,
        buttons=(),
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
