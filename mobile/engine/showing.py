"""From what is known to the view that is shown: picks the presenter and gives it its facts."""

from __future__ import annotations

from dataclasses import replace

from firmware_bridge.link import LinkState
from mobile.engine import afterwards, answer_book, correspondence, handed_over, held, softer
from mobile.engine.context import Context
from mobile.engine.places.place import Place
from mobile.engine.present_lock import clearance_facts, lock_of
from mobile.engine.reaching import reach_of
from mobile.engine.reminder_settings import kept_reminders
from mobile.engine.screens import (
    Comparing,
    Finding,
    Helping,
    Settling,
    Sitting,
    Today,
    Welcome,
)
from mobile.engine.silent_band import has_ended_by_itself
from mobile.engine.treating import sessions_done
from mobile.engine.under_way import Mark
from mobile.language import _, mark, told
from mobile.presenters import session, unheard, welcome
from mobile.presenters.help import help_view
from mobile.presenters.reach import clinic_calls
from mobile.presenters.session import SessionFacts, Softer
from mobile.presenters.today import BandFacts, DayFacts, Nearness, RecordFacts, today_view
from mobile.presenters.views import Call, MessageView, Notice, PageView, Tone, View
from shared.dose.prescription import Prescription
from shared.stimulation.limits import absolute_limits
from shared.wire.records import SessionKind
from shared.wire.status import DeviceState, Status

_NEARNESS = {
    LinkState.READY: Nearness.CONNECTED,
    LinkState.SEARCHING: Nearness.CONNECTING,
    LinkState.CONNECTING: Nearness.CONNECTING,
    LinkState.PAIRING: Nearness.CONNECTING,
    LinkState.SECURING: Nearness.CONNECTING,
    LinkState.SYNCING: Nearness.CONNECTING,
    LinkState.BLUETOOTH_OFF: Nearness.NO_BLUETOOTH,
    LinkState.NO_PERMISSION: Nearness.NOT_ALLOWED,
}
_STOP_WAITS = mark("It goes out first when the link is back. Right now: press the band's button.")


def view_of(context: Context) -> View:
    """Return what covers the app, or the view for the present screen."""
    return context.cover() or _view_of(context)


def _view_of(context: Context) -> View:
    match context.screen:
        case Welcome(busy=busy, problem=problem):
            code = "" if context.letter is None else context.letter.code
            return welcome.welcome_view(busy=busy, problem=problem, code=code)
        case Finding(searching=searching, problem=problem, until_ms=until_ms):
            seconds = _seconds_until(context, until_ms)
            return welcome.find_band_view(
                searching=searching, problem=problem, seconds_left=seconds
            )
        case Comparing(number=number, until_ms=until_ms):
            return welcome.compare_view(number, seconds_left=_seconds_until(context, until_ms))
        case Settling(press_button=press, problem=problem, until_ms=until_ms):
            seconds = _seconds_until(context, until_ms)
            return welcome.settle_view(press_button=press, problem=problem, seconds_left=seconds)
        case Today():
            return today_view(day_facts(context))
        case Sitting():
            return _sitting(context)
        case Helping():
            name = None if context.enrolment is None else context.enrolment.clinic_name
            return help_view(name, reach=reach_of(context))
        case Place() as place:
            return _with_notice(place.view(), context.notice)


def _seconds_until(context: Context, until_ms: int | None) -> int | None:
    """What is left of a wait; None where there's no limit, or it's over."""
    if until_ms is None:
        return None
    return max(0, until_ms - context.clock.elapsed_ms()) // 1000 or None


def _with_notice(view: View, notice: Notice | None) -> View:
    """A word of the engine's stands on whatever page the person is at."""
    if notice is None or not isinstance(view, PageView):
        return view
    return replace(view, notice=notice)


def day_facts(context: Context) -> DayFacts:
    """Return everything that the day's screen shows."""
    ledger, plan = context.ledger, context.plan
    last = None if ledger is None else ledger.state.last_session
    return DayFacts(
        now=context.now,
        prescription=None if plan is None else plan.prescription,
        sessions_done=0 if ledger is None else ledger.state.course.sessions,
        lock=lock_of(context),
        band=_band(context),
        record=_record(context),
        last_session_wall_ms=None if last is None else last.closed_wall_ms,
        checkins=answer_book.wanted(context),
        unread_messages=correspondence.unread(context),
        band_went_back=handed_over.is_handed_over(context.store),
        record_is_part=ledger is not None and ledger.is_part,
        record_begins_ms=None if ledger is None else ledger.begins_wall_ms,
        notice=context.notice,
        clearance=clearance_facts(context),
        reach=reach_of(context),
        asks_after=afterwards.unanswered(context) is not None,
        reminds=kept_reminders(context.store).session,
        held_by=held.origins(context),
    )


def _band(context: Context) -> BandFacts:
    if context.band_address is None:
        return BandFacts(Nearness.NOT_PAIRED)
    seen = context.instants.seen
    return BandFacts(
        _NEARNESS.get(context.connection.state, Nearness.AWAY),
        None if seen is None else seen.battery_percent,
        None if seen is None else seen.wall_ms,
    )


def _record(context: Context) -> RecordFacts:
    return RecordFacts(
        waiting=context.store.outbox.waiting(),
        refused=len(context.store.outbox.refusals()),
        reached_wall_ms=context.reached_wall_ms,
        reachable=context.reachable,
        watched_wall_ms=context.watched_wall_ms,
    )


# A session


def _sitting(context: Context) -> View:
    status, plan, mark = context.status, context.plan, context.under_way.mark
    if mark is not None and has_ended_by_itself(context):
        return unheard.ended_view(_looked_for(context, mark))
    if status is None and mark is not None:
        return unheard.looking_view(_looked_for(context, mark))
    if status is None or plan is None:
        return MessageView(_("One moment"), _("Looking at the band ..."), Tone.PLAIN, None, None)
    facts = _session_facts(context, status, plan.prescription)
    run = context.session
    if run is not None and run.has_begun and status.state is DeviceState.IDLE:
        return MessageView(_("One moment"), _("The session has ended."), Tone.PLAIN, None, None)
    if run is not None and status.state in (DeviceState.ARMED, DeviceState.IDLE):
        now_ms = context.clock.elapsed_ms()
        until_ms = run.window_until_ms if status.start_window_open else run.armed_until_ms
        return session.ready_view(
            facts,
            window_open=status.start_window_open,
            seconds_left=(until_ms - now_ms) // 1000,
            notice=_ready_notice(context),
        )
    return session.session_view(facts)


def _ready_notice(context: Context) -> Notice | None:
    if context.stop_waits:
        return Notice(_("STOP waits for the link"), told(_STOP_WAITS), Tone.STOP)
    if context.session_word is not None:
        return Notice(_("Not yet"), context.session_word, Tone.WAIT)
    return None


def _session_facts(context: Context, status: Status, plan: Prescription) -> SessionFacts:
    beat_ms = None if context.session is None else context.session.beat.heard_at_ms
    wall_ms, elapsed_ms = context.instants.wall_ms(), context.clock.elapsed_ms()
    is_rest = status.session_kind == SessionKind.MAKE_UP
    number = sessions_done(context) + (0 if is_rest else 1)
    return SessionFacts(
        now=context.now,
        plan=plan,
        session_number=number if context.session is None else context.session.number,
        initials="" if context.enrolment is None else context.enrolment.initials,
        status=_carried_on(status, context.instants.since_heard_ms()),
        heard_wall_ms=wall_ms - context.instants.since_heard_ms(),
        lost_wall_ms=context.lost_wall_ms,
        beat_wall_ms=None if beat_ms is None else wall_ms - (elapsed_ms - beat_ms),
        word=_word(context),
        mine=context.session is not None,
        softer=_softer(context),
        pause_left_ms=_pause_left_ms(context),
        call=_call(context),
    )


def _word(context: Context) -> str | None:
    """STOP first: on its way while the link holds, else waiting for it."""
    if not context.stop_waits:
        return context.session_word
    if context.is_linked:
        return _("STOP is on its way. The band's button stops it as well.")
    return told(_STOP_WAITS)


def _softer(context: Context) -> Softer | None:
    """Offered to who armed the session, while there's something to lower."""
    run, percent = context.session, softer.present_percent(context)
    if run is None or percent is None or percent <= 1:
        return None
    return Softer(percent, softer.softened(percent), run.softer_asked)


def _pause_left_ms(context: Context) -> int | None:
    run = context.session
    if run is None or run.paused_at_ms is None:
        return None
    limit_ms = int(absolute_limits().caps["pause_min_max"]) * 60_000
    return max(0, limit_ms - (context.clock.elapsed_ms() - run.paused_at_ms))


def _looked_for(context: Context, mark: Mark) -> unheard.LookedFor:
    status = context.status
    return unheard.LookedFor(
        now=context.now,
        charged_pulses=mark.charged_pulses if status is None else status.charged_pulses or 0,
        planned_pulses=mark.planned_pulses,
        train=mark.train,
        trains=mark.trains,
        heard_wall_ms=mark.heard_wall_ms
        if status is None
        else context.instants.wall_ms() - context.instants.since_heard_ms(),
        call=_call(context),
    )


def _call(context: Context) -> Call | None:
    return next(iter(clinic_calls(reach_of(context))), None)


def _carried_on(status: Status, since_ms: int) -> Status:
    """The time left runs on between two words from the band; nothing else is guessed."""
    if status.state is not DeviceState.STIMULATING:
        return status
    left_ms, due_ms = status.left_ms, status.still_here_due_ms
    return replace(
        status,
        left_ms=None if left_ms is None else max(0, left_ms - since_ms),
        still_here_due_ms=None if due_ms is None else max(0, due_ms - since_ms),
    )
