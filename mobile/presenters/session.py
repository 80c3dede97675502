"""Armed, running, paused, link lost. With the link lost, only what was known."""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _, mark, n_, p_, told
from mobile.presenters.page import BandSeat
from mobile.presenters.rhythm import coming, coming_words
from mobile.presenters.sites import site_words
from mobile.presenters.unheard import (
    STOP_NOTE_LOST,
    calls,
    figures,
    last_heard,
    last_known,
    press_its_button,
    pulses,
)
from mobile.presenters.views import Call, Chip, Choice, Notice, ReadyView, SessionView, Tone
from mobile.presenters.words import Now, left
from shared.dose.prescription import Prescription
from shared.wire.records import PauseCause
from shared.wire.status import DeviceState, Status

_STOP_NOTE = mark("Touch anywhere here, or press the button on the band")
_STOP_NOTE_AGAIN = mark("The band's button stops as well")
"""Short: what has stopped and why stands above it, and needs the room."""
_PAUSED_BECAUSE = {
    PauseCause.STOP: mark("You touched STOP. Nothing more will come."),
    PauseCause.BUTTON: mark("You pressed the band's button. Nothing more will come."),
    PauseCause.BEAT_MISSED: mark("Phone and band lost each other"),
    PauseCause.STILL_HERE_MISSED: mark("Nobody touched the screen"),
    PauseCause.CONTACT: mark("The band moved off its place"),
    PauseCause.POSITION: mark("The band has slipped"),
    PauseCause.PAUSE_ASKED: mark("You asked for a pause"),
    PauseCause.INCOMING_CALL: mark("A call came in"),
}
_OUT_OF_PLACE = {PauseCause.CONTACT, PauseCause.POSITION}
_STOPPED = {PauseCause.STOP, PauseCause.BUTTON}
"""Pauses that only the person's touch and the band's button together end (R12)."""


@dataclass(frozen=True)
class SessionFacts:
    """A session as last heard of. ``lost_wall_ms`` is when the link broke, None while it holds.

    ``word`` is what the band said to the last touch; ``mine`` is false for a session that this
    app didn't arm since it was started: it can end it, not go on with it. ``softer`` is what one
    step down would be; while it's ``asked`` for, nothing is changed yet. ``pause_left_ms`` is how
    long the band still waits in a pause, None where that isn't known.
    """

    now: Now
    plan: Prescription
    session_number: int
    initials: str
    status: Status
    heard_wall_ms: int
    lost_wall_ms: int | None = None
    beat_wall_ms: int | None = None
    word: str | None = None
    mine: bool = True
    softer: Softer | None = None
    pause_left_ms: int | None = None
    call: Call | None = None


@dataclass(frozen=True)
class Softer:
    """One step down of the output, in percent of its maximum (R13)."""

    from_percent: int
    to_percent: int
    asked: bool = False


def ready_view(
    facts: SessionFacts, *, window_open: bool, seconds_left: int, notice: Notice | None = None
) -> ReadyView:
    """Return the armed screen: START, then the band's button."""
    if window_open:
        body = _("Press the button on the band now. It starts the session.")
    else:
        body = _("Sit well, keep still. Touch START, then press the button on the band.")
    return ReadyView(
        title=_("Ready"),
        subtitle=_("Session {number} of {count}").format(
            number=facts.session_number, count=facts.plan.limits.course_sessions
        ),
        initials=facts.initials,
        body=body,
        button=None if window_open else _("START"),
        waiting=_("Waiting for the band's button") if window_open else None,
        seconds_left=max(0, seconds_left),
        chip=_link_chip(facts),
        stop_label=_("STOP"),
        stop_note=told(_STOP_NOTE),
        notice=notice,
    )


def session_view(facts: SessionFacts) -> SessionView:
    """Return the session's screen for what is known of it."""
    if facts.lost_wall_ms is not None:
        return _lost(facts)
    if facts.status.state is DeviceState.PAUSED:
        return _paused(facts)
    if facts.status.state is DeviceState.REPOSITIONING:
        return _moving_on(facts)
    if facts.status.still_here_due_ms is not None:
        return _still_here(facts, facts.status.still_here_due_ms)
    return _running(facts)


def _moving_on(facts: SessionFacts) -> SessionView:
    part = facts.plan.parts[min(facts.status.part or 0, len(facts.plan.parts) - 1)]
    in_place = (Choice("repositioned", _("It's in place")),) if facts.mine else ()
    return _view(
        facts,
        title=_("Move the band"),
        subtitle=_("To its second place: {site}").format(site=site_words(part.site)),
        chip=Chip(_("No pulses"), Tone.OK),
        big=left(facts.status.left_ms or 0),
        big_note=p_("minutes and seconds", "left"),
        sentence=_("Nothing is given meanwhile. You have ten minutes; touch below when it sits."),
        paused=True,
        buttons=(*in_place, Choice("end-here", _end())),
    )


def _running(facts: SessionFacts) -> SessionView:
    status, softer = facts.status, facts.softer
    is_asked = softer is not None and softer.asked
    return _view(
        facts,
        title=_("Make it softer?") if is_asked else _("Session running"),
        subtitle=coming_words(
            coming(facts.plan, status.left_ms or 0, part=status.part), firing=status.firing
        ),
        big=left(status.left_ms or 0),
        big_note=p_("minutes and seconds", "left"),
        sentence=_softer_words(softer),
        buttons=_while_it_runs(facts),
    )


def _while_it_runs(facts: SessionFacts) -> tuple[Choice, ...]:
    softer = facts.softer
    if softer is not None and softer.asked:
        less = _("Softer: {percent}").format(percent=softer.to_percent)
        as_it_is = _("Stay at {percent}").format(percent=softer.from_percent)
        return (Choice("softer-yes", less), Choice("softer-no", as_it_is))
    pause = (Choice("pause", _("Pause")),)
    return pause if softer is None else (*pause, Choice("softer", _("Softer")))


def _softer_words(softer: Softer | None) -> str | None:
    if softer is None or not softer.asked:
        return None
    return _("From {full} to {less} percent. It can't go up again in this session.").format(
        full=softer.from_percent, less=softer.to_percent
    )


def _still_here(facts: SessionFacts, due_ms: int) -> SessionView:
    return _view(
        facts,
        title=_("Are you still here?"),
        subtitle=_("All is well. Just one touch."),
        big=left(due_ms),
        big_note=_("to answer"),
        sentence=_(
            "Touch below, or press the band's button. Without it the band pauses by itself."
        ),
        still_here=True,
        buttons=(Choice("still-here", _("I'm here")), Choice("pause", _("Pause"))),
    )


def _paused(facts: SessionFacts) -> SessionView:
    cause = None if facts.status.pause_cause is None else PauseCause(facts.status.pause_cause)
    stopped = cause in _STOPPED
    go_on = (Choice("go-on", _go_on()),) if facts.mine else ()
    end = (Choice("end-here", _end()),)
    dials = calls(facts.call)
    return _view(
        facts,
        title=_("It has stopped") if stopped else _("Paused"),
        subtitle=_("Nothing is given now") if cause is None else told(_PAUSED_BECAUSE[cause]),
        chip=Chip(_("No pulses"), Tone.OK),
        big=left(facts.status.left_ms or 0),
        big_note=p_("minutes and seconds", "left"),
        sentence=_how_to_go_on(facts, stopped=stopped),
        paused=True,
        buttons=(*go_on, *end, *dials) if stopped else (*go_on, *end),
        even=stopped,
        stop_note=_STOP_NOTE_AGAIN,
        seat=_seat(facts) if cause in _OUT_OF_PLACE else None,
    )


def _go_on() -> str:
    return _("Go on")


def _end() -> str:
    return _("End here")


def _seat(facts: SessionFacts) -> BandSeat:
    status = facts.status
    words = (
        _("It sits well.")
        if _sits(facts)
        else _("Set the band down anew, its button over the middle of your face.")
    )
    return BandSeat(facts.initials, status.contact, status.position_ok, words)


def _sits(facts: SessionFacts) -> bool:
    return facts.status.contact and facts.status.position_ok


def _how_to_go_on(facts: SessionFacts, *, stopped: bool) -> str:
    if facts.status.start_window_open:
        return _("Press the button on the band now: it goes on with the session.")
    cause = facts.status.pause_cause
    if not facts.mine:
        how = _("The app was started anew, so this session can only be ended here.")
    elif stopped:
        how = _(
            "Rest first. You can end here: what was given counts. To go on, touch “{go_on}”, then "
            "press the band's button."
        ).format(go_on=_go_on())
    elif cause is not None and PauseCause(cause) in _OUT_OF_PLACE and not _sits(facts):
        how = _(
            "Set the band down anew, its button over the middle of your face. Then touch "
            "“{go_on}”, or “{end}”: what was given counts."
        ).format(go_on=_go_on(), end=_end())
    elif cause is not None and PauseCause(cause) in _OUT_OF_PLACE:
        how = _("It sits well again. You can go on.")
    else:
        how = _("Touch “{go_on}”, or “{end}”: what was given counts.").format(
            go_on=_go_on(), end=_end()
        )
    return f"{how} {_until_it_ends(facts.pause_left_ms)}"


def _until_it_ends(pause_left_ms: int | None) -> str:
    if pause_left_ms is None:
        return _("After ten minutes the band ends the session by itself.")
    return _("In {time} minutes the band ends the session by itself.").format(
        time=left(pause_left_ms)
    )


def _lost(facts: SessionFacts) -> SessionView:
    return _view(
        facts,
        title=press_its_button(),
        subtitle=last_heard(facts.now, facts.heard_wall_ms),
        big=p_("a number alone", "{count}").format(count=facts.status.charged_pulses or 0),
        big_note=last_known(facts.status.charged_pulses or 0, facts.now, facts.heard_wall_ms),
        sentence=_what_the_band_does(facts),
        link_lost=True,
        buttons=calls(facts.call),
        stop_note=STOP_NOTE_LOST,
    )


def _what_the_band_does(facts: SessionFacts) -> str:
    """What follows by itself, from what was last known; never how it stands now."""
    if facts.status.state is DeviceState.PAUSED:
        return _("It was paused when last heard, and goes on with nothing by itself.")
    return within_words(facts.plan.beat_limit_ms)


def within_words(limit_ms: int) -> str:
    """Return how long the band goes on without the phone."""
    seconds = -(-limit_ms // 1000)
    return n_(
        "Without this phone the band pauses by itself, within {count} second. It counts every "
        "pulse.",
        "Without this phone the band pauses by itself, within {count} seconds. It counts every "
        "pulse.",
        seconds,
    ).format(count=seconds)


def _view(
    facts: SessionFacts,
    *,
    title: str,
    subtitle: str,
    big: str,
    big_note: str,
    chip: Chip | None = None,
    sentence: str | None = None,
    link_lost: bool = False,
    paused: bool = False,
    still_here: bool = False,
    buttons: tuple[Choice, ...] = (),
    stop_note: str = _STOP_NOTE,
    even: bool = False,
    seat: BandSeat | None = None,
) -> SessionView:
    status = facts.status
    trains = status.trains or facts.plan.trains_per_session
    train = status.train or 0
    charged = status.charged_pulses or 0
    planned = status.planned_pulses or facts.plan.pulses_per_session
    return SessionView(
        title=title,
        subtitle=subtitle,
        chip=chip or _link_chip(facts),
        trains=trains,
        train=train,
        trains_done=_trains_done(facts),
        big=big,
        big_note=big_note,
        figures=figures(train, trains, charged, planned),
        pulses=pulses(charged, planned),
        sentence=facts.word or sentence,
        link_lost=link_lost,
        paused=paused,
        still_here=still_here,
        buttons=buttons,
        stop_label=_("STOP"),
        stop_note=told(stop_note),
        even=even,
        seat=seat,
    )


def _trains_done(facts: SessionFacts) -> int:
    """Whole trains among the charged pulses: a broken one counts when it's made whole."""
    charged = facts.status.charged_pulses or 0
    done = 0
    for part in facts.plan.parts:
        whole = min(charged // part.pattern.pulses_per_train, part.trains)
        charged -= whole * part.pattern.pulses_per_train
        done += whole
    firing = 1 if facts.status.firing and done and done == facts.status.train else 0
    return done - firing


def _link_chip(facts: SessionFacts) -> Chip:
    if facts.lost_wall_ms is not None:
        return Chip(_("Link lost"), Tone.WAIT)
    return Chip(_("Linked"), Tone.OK)
