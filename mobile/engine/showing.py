"""From what is known to the view that is shown: picks the presenter and gives it its facts."""

from __future__ import annotations

from dataclasses import replace

from firmware_bridge.link import LinkState
from mobile.engine import answer_book, correspondence, verdict
from mobile.engine.context import Context
from mobile.engine.places.place import Place
from mobile.engine.screens import (
    After,
    Comparing,
    Finding,
    Helping,
    Questions,
    Saying,
    Settling,
    Sitting,
    Today,
    Welcome,
)
from mobile.language import _, mark, told
from mobile.presenters import questions, session, welcome
from mobile.presenters.help import help_view
from mobile.presenters.lapse import ClearanceFacts
from mobile.presenters.lock import Lock, LockReason
from mobile.presenters.session import SessionFacts
from mobile.presenters.today import BandFacts, DayFacts, Nearness, RecordFacts, today_view
from mobile.presenters.views import MessageView, Notice, PageView, QuestionView, Tone, View
from shared.dose.prescription import Prescription
from shared.dose.reasons import Reason, ReasonCode
from shared.instruments.screening import screening_rules
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
    """Return the view for the present screen."""
    match context.screen:
        case Welcome(busy=busy, problem=problem):
            return welcome.welcome_view(busy=busy, problem=problem)
        case Finding(searching=searching, problem=problem):
            return welcome.find_band_view(searching=searching, problem=problem)
        case Comparing(number=number):
            return welcome.compare_view(number)
        case Settling(press_button=press, problem=problem):
            return welcome.settle_view(press_button=press, problem=problem)
        case Today():
            return today_view(day_facts(context))
        case Questions() as asked:
            return _question(context, asked)
        case Sitting():
            return _sitting(context)
        case After(facts=facts, chosen=chosen):
            return session.after_view(replace(facts, now=context.now), chosen)
        case Helping(hold=hold):
            name = None if context.enrolment is None else context.enrolment.clinic_name
            return help_view(name, hold=hold)
        case Saying(view=view):
            return view
        case Place() as place:
            return _with_notice(place.view(), context.notice)


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
        record_is_part=ledger is not None and ledger.is_part,
        record_begins_ms=None if ledger is None else ledger.begins_wall_ms,
        notice=context.notice,
        clearance=_clearance(context),
    )


def _clearance(context: Context) -> ClearanceFacts | None:
    """Until when the band takes the clinic's word: as it says itself, else as it's on record."""
    status, ledger, plan = context.status, context.ledger, context.plan
    if plan is None:
        return None
    limit_s = plan.prescription.clearance_limit_s
    if status is not None and status.clearance_ends_s is not None:
        return ClearanceFacts(status.clearance_ends_s * 1000, limit_s * 1000)
    if ledger is None or ledger.state.clearance is None:
        return None
    return ClearanceFacts(ledger.state.clearance.ends(limit_s) * 1000, limit_s * 1000)


def lock_of(context: Context) -> Lock:
    """Return the band's verdict, or this phone's own while the band is away."""
    status, ledger, plan = context.status, context.ledger, context.plan
    if status is not None and context.is_linked:
        return verdict.band_lock(status, context.instants)
    if ledger is None or context.enrolment is None:
        return Lock((LockReason(Reason(ReasonCode.NOT_PROVISIONED)),), by_band=False)
    if ledger.is_part:
        return Lock((), by_band=False, unknown=True)
    return verdict.own_lock(
        None if plan is None else plan.prescription,
        context.enrolment.device_id,
        ledger.state,
        context.instants,
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


def _question(context: Context, asked: Questions) -> QuestionView:
    chosen = asked.answers.get(asked.index)
    view = questions.screening_view(screening_rules(), asked.index, chosen)
    return view if context.notice is None else replace(view, notice=context.notice)


# A session


def _sitting(context: Context) -> View:
    status, plan = context.status, context.plan
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
    done = 0 if context.ledger is None else context.ledger.state.course.sessions
    return SessionFacts(
        now=context.now,
        plan=plan,
        session_number=done + 1,
        initials="" if context.enrolment is None else context.enrolment.initials,
        status=_carried_on(status, context.instants.since_heard_ms()),
        heard_wall_ms=wall_ms - context.instants.since_heard_ms(),
        lost_wall_ms=context.lost_wall_ms,
        beat_wall_ms=None if beat_ms is None else wall_ms - (elapsed_ms - beat_ms),
        word=told(_STOP_WAITS) if context.stop_waits else context.session_word,
        mine=context.session is not None,
    )


def _carried_on(status: Status, since_ms: int) -> Status:
    """The time left runs on between two words from the band; nothing else is guessed."""
    if status.state is not DeviceState.STIMULATING or status.left_ms is None:
        return status
    return replace(status, left_ms=max(0, status.left_ms - since_ms))
