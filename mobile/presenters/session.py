"""Armed, running, paused, link lost, and afterwards. With the link lost, only what was known."""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _, mark, n_, p_, told
from mobile.presenters.views import AfterView, Chip, Choice, Notice, ReadyView, SessionView, Tone
from mobile.presenters.words import (
    Now,
    clock_time_with_seconds,
    day_and_time,
    left,
    plural,
)
from shared.dose.prescription import Prescription
from shared.wire.records import CloseCause, PauseCause
from shared.wire.status import DeviceState, Status

_STOP_NOTE = mark("Touch anywhere here, or press the button on the band")
_PAUSED_BECAUSE = {
    PauseCause.STOP: mark("You touched STOP"),
    PauseCause.BUTTON: mark("You pressed the band's button"),
    PauseCause.BEAT_MISSED: mark("Phone and band lost each other"),
    PauseCause.STILL_HERE_MISSED: mark("Nobody touched the screen"),
    PauseCause.CONTACT: mark("The band moved off its place"),
    PauseCause.POSITION: mark("The band has slipped"),
    PauseCause.PAUSE_ASKED: mark("You asked for a pause"),
    PauseCause.INCOMING_CALL: mark("A call came in"),
}
_NEEDS_BUTTON = {PauseCause.STOP, PauseCause.BUTTON}
_ENDED_BECAUSE = {
    CloseCause.COMPLETED: mark("Every train was given."),
    CloseCause.ENDED_BY_PERSON: mark("You ended it here."),
    CloseCause.PAUSE_LIMIT: mark("The pause was longer than ten minutes."),
    CloseCause.OVER_TEMPERATURE: mark("The band got warm and ended it."),
    CloseCause.FAULT: mark("The band ended it and needs service. Call your clinic."),
    CloseCause.HOLD: mark("Your clinic paused the treatment."),
    CloseCause.PRESCRIPTION_ENDED: mark("Your plan came to its end."),
    CloseCause.MOTION: mark("The band felt a strong movement and ended it."),
    CloseCause.REBOOT: mark("The band started anew and ended it."),
    CloseCause.LOCKED_ON_RESUME: mark("The band did not go on after the pause."),
    CloseCause.TIME_LIMIT: mark("The time for it was over."),
    CloseCause.ADVERSE_EVENT: mark("It was ended because of what you noticed."),
}


@dataclass(frozen=True)
class SessionFacts:
    """A session as last heard of. ``lost_wall_ms`` is when the link broke, None while it holds.

    ``word`` is what the band said to the last touch; ``mine`` is false for a session that this
    app didn't arm since it was started: it can end it, not go on with it.
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
        return _lost(facts, facts.lost_wall_ms)
    if facts.status.state is DeviceState.PAUSED:
        return _paused(facts)
    return _running(facts)


def after_view(facts: AfterFacts, chosen: str | None = None) -> AfterView:
    """Return the screen after a session: what was given, and the side-effect question."""
    return AfterView(
        title=_("All done for today") if facts.completed else _("Session ended early"),
        subtitle=_("Session {number}, ended {when}").format(
            number=facts.session_number, when=day_and_time(facts.now, facts.ended_wall_ms)
        ),
        summary=_what_was_given(facts),
        question=_("Did you notice anything unusual?"),
        choices=(Choice("no", _("No, as usual")), Choice("yes", _("Yes, something"))),
        chosen=chosen,
        help=_("Headache, scalp, twitching, dizziness and the like."),
        red_flag=Notice(
            _("Blackout, seizure, trouble speaking?"),
            _("Touch here at once. The band locks first, then we show whom to call."),
            Tone.STOP,
        ),
        button=_("Done"),
        red_flag_action="red-flag",
    )


@dataclass(frozen=True)
class AfterFacts:
    """A session that has ended."""

    now: Now
    session_number: int
    charged_pulses: int
    planned_pulses: int
    completed: bool
    cause: CloseCause | None
    ended_wall_ms: int


def _what_was_given(facts: AfterFacts) -> str:
    given = n_(
        "{given} of {count} pulse given.", "{given} of {count} pulses given.", facts.planned_pulses
    ).format(given=facts.charged_pulses, count=facts.planned_pulses)
    return given if facts.cause is None else f"{given} {told(_ENDED_BECAUSE[facts.cause])}"


def _running(facts: SessionFacts) -> SessionView:
    return _view(
        facts,
        title=_("Session running"),
        subtitle=_rhythm(facts.plan),
        big=left(facts.status.left_ms or 0),
        big_note=p_("minutes and seconds", "left"),
        still_here=facts.status.still_here_due_ms is not None,
        buttons=(Choice("pause", _("Pause")),),
    )


def _paused(facts: SessionFacts) -> SessionView:
    cause = None if facts.status.pause_cause is None else PauseCause(facts.status.pause_cause)
    go_on = (Choice("go-on", _("Go on")),) if facts.mine else ()
    return _view(
        facts,
        title=_("Paused"),
        subtitle=_("Nothing is given now") if cause is None else told(_PAUSED_BECAUSE[cause]),
        big=left(facts.status.left_ms or 0),
        big_note=_("left when it goes on"),
        sentence=_how_to_go_on(facts, cause),
        paused=True,
        buttons=(*go_on, Choice("end-here", _("End here"))),
    )


def _how_to_go_on(facts: SessionFacts, cause: PauseCause | None) -> str:
    if facts.status.start_window_open:
        return _("Press the button on the band now: it goes on with the session.")
    limit = _("After ten minutes the band ends the session by itself.")
    if not facts.mine:
        how = _("The app was started anew, so this session can only be ended here.")
    elif cause in _NEEDS_BUTTON:
        how = _(
            "Nothing is given now. Touch Go on, then press the band's button, or end here: what "
            "was given counts."
        )
    else:
        how = _("Nothing is given now. Touch Go on, or end here: what was given counts.")
    return f"{how} {limit}"


def _lost(facts: SessionFacts, lost_ms: int) -> SessionView:
    since_ms = lost_ms if facts.beat_wall_ms is None else facts.beat_wall_ms
    by = clock_time_with_seconds(facts.now, since_ms + facts.plan.beat_limit_ms)
    return _view(
        facts,
        title=_("Link lost"),
        subtitle=_("at {time}, looking for the band").format(
            time=clock_time_with_seconds(facts.now, lost_ms)
        ),
        big=p_("a number alone", "{count}").format(count=facts.status.charged_pulses or 0),
        big_note=_("pulses, last known"),
        sentence=_(
            "The band pauses by itself by {time} at the latest. Its button stops it now. It "
            "counts every pulse. Hold the phone closer."
        ).format(time=by),
        link_lost=True,
        stop_note=mark("Goes out first when the link is back. Right now: press the band's button"),
    )


def _view(
    facts: SessionFacts,
    *,
    title: str,
    subtitle: str,
    big: str,
    big_note: str,
    sentence: str | None = None,
    link_lost: bool = False,
    paused: bool = False,
    still_here: bool = False,
    buttons: tuple[Choice, ...] = (),
    stop_note: str = _STOP_NOTE,
) -> SessionView:
    status = facts.status
    trains = status.trains or facts.plan.trains_per_session
    train = status.train or 0
    charged = status.charged_pulses or 0
    planned = status.planned_pulses or facts.plan.pulses_per_session
    if still_here:
        sentence = _("Still here? Touch the button below, or press the one on the band.")
        buttons = (Choice("still-here", _("I'm here")), *buttons)
    return SessionView(
        title=title,
        subtitle=subtitle,
        chip=_link_chip(facts),
        trains=trains,
        train=train,
        trains_done=_trains_done(facts),
        big=big,
        big_note=big_note,
        figures=n_(
            "Train {train} of {trains}   {given} of {count} pulse",
            "Train {train} of {trains}   {given} of {count} pulses",
            planned,
        ).format(train=train, trains=trains, given=charged, count=planned),
        sentence=facts.word or sentence,
        link_lost=link_lost,
        paused=paused,
        still_here=still_here,
        buttons=buttons,
        stop_label=_("STOP"),
        stop_note=told(stop_note),
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


def _rhythm(plan: Prescription) -> str:
    part = plan.parts[0]
    on_s, quiet_s = part.pattern.train_us / 1_000_000, part.interval_ms / 1000
    if part.trains == 1:
        return n_(
            "Tapping for {count:g} second", "Tapping for {count:g} seconds", plural(on_s)
        ).format(count=on_s)
    return n_(
        "Tapping for {count:g} second, then {quiet:g} quiet",
        "Tapping for {count:g} seconds, then {quiet:g} quiet",
        plural(on_s),
    ).format(count=on_s, quiet=quiet_s)


def _link_chip(facts: SessionFacts) -> Chip:
    if facts.lost_wall_ms is not None:
        return Chip(_("Searching"), Tone.WAIT)
    return Chip(_("Linked"), Tone.OK)
