"""The four cards of a patient's page, in words."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.adherence.definition import CourseFacts, adherence
from cloud.checkins.scores import questionnaire
from cloud.holds.models import Hold
from cloud.holds.placing import by_record_in_words
from cloud.holds.reasons import in_words
from cloud.holds.service import HoldState, state_of
from cloud.language import _, mark, number, p_, told
from cloud.language.stored import stored
from cloud.patients.foresee import Foresight
from cloud.patients.record import TreatmentRecord
from cloud.patients.triage import hold_in_words, why
from cloud.prescriptions.service import read_prescription
from cloud.proof.service import title_of, urgency_of
from cloud.times import Times, ago, begun
from shared.dose.ledger import OpenHold
from shared.dose.reasons import Reason, ReasonCode, Severity
from shared.trust.statements import HoldKind


@dataclass(frozen=True)
class Card:
    """A label, what counts, and a line below; ``tone`` is plain, wait or stop."""

    label: str
    figure: str
    detail: str
    tone: str = "plain"


@dataclass(frozen=True)
class HoldStep:
    """One of the three steps of a hold, with its time once it was reached."""

    name: str
    detail: str
    reached: str | None


@dataclass(frozen=True)
class HoldView:
    """A hold as the page tells it; without steps it wasn't asked for on these pages.
    ``rest`` is the id of one that the band ends by itself."""

    title: str
    reason: str
    meaning: str
    state: str
    in_force: bool
    steps: tuple[HoldStep, ...]
    rest: str = ""


@dataclass(frozen=True)
class Summary:
    """The cards, the holds that are open, and the last score."""

    record: Card
    sessions: Card
    next: Card
    open: Card
    holds: tuple[HoldView, ...]
    score: str | None

    @property
    def gravest(self) -> HoldView:
        """The hold that is said first: one that the band doesn't know of yet, as it may treat."""
        return next((each for each in self.holds if not each.in_force), self.holds[0])

    @property
    def others(self) -> tuple[HoldView, ...]:
        """The holds that stand behind it."""
        return tuple(each for each in self.holds if each is not self.gravest)


def summarise(
    record: TreatmentRecord,
    foresight: Foresight | None,
    held: tuple[OpenHold, ...],
    facts: CourseFacts | None,
    times: Times,
    *,
    now_ms: int,
) -> Summary:
    """Return the page's cards; ``held`` is what holds by the band's verified record, ``facts`` are
    of the newest course."""
    return Summary(
        record=_record(record, times, now_ms),
        sessions=_sessions(record, facts, times, now_ms),
        next=_next(record, foresight, held, times, now_ms),
        open=_open(record, times, now_ms),
        holds=_holds(record, held, times, now_ms),
        score=_score(record),
    )


def _record(record: TreatmentRecord, times: Times, now_ms: int) -> Card:
    chain = record.chain
    if chain is None:
        if record.sessions:
            return Card(_("Record"), _("Handed on"), _("The band has another patient now"))
        return Card(_("Record"), _("Nothing yet"), _("It begins when the band meets the phone"))
    verified = number(chain.verified_to)
    if record.standing:
        found = record.standing[0]
        tone = "stop" if urgency_of(found) == "now" else "wait"
        detail = _("{flaw}; verified to number {number}").format(
            flaw=stored(title_of(found)), number=verified
        )
        return Card(_("Record"), _("Look at it"), detail, tone)
    if chain.verified_ms is None:
        detail = _("{count} records wait for the band's signature").format(
            count=number(chain.received_to)
        )
        return Card(_("Record"), _("Not verified yet"), detail, "wait")
    when = times.said(chain.verified_ms, now_ms)
    figure = _("Complete")
    if chain.clock_ms is not None:
        figure = _("Complete to {when}").format(when=times.said(chain.clock_ms, now_ms))
    return Card(
        _("Record"),
        figure,
        _("Record complete, verified to number {number}, {when}").format(
            number=verified, when=when
        ),
    )


def _sessions(
    record: TreatmentRecord, facts: CourseFacts | None, times: Times, now_ms: int
) -> Card:
    """Sessions of the course, counted as docs/adherence.md says: what was made up joins its own."""
    if record.signed is None:
        return Card(_("Sessions"), _("None prescribed"), _("Draft a prescription first"))
    limits = read_prescription(record.signed).limits
    given = facts.given if facts else ()
    figure = _("{count} of {all}, {whole} whole").format(
        count=len(given), all=limits.course_sessions, whole=sum(one.completed for one in given)
    )
    partial = [one for one in given if not one.completed]
    missed = adherence(facts, today=times.day(now_ms).toordinal()).missed if facts else 0
    if len(partial) == 1:
        words = _("1 partial ({pulses} of {all} pulses), {missed} missed").format(
            pulses=number(partial[0].pulses),
            all=number(partial[0].planned_pulses),
            missed=number(missed),
        )
    else:
        words = _("{partial} partial, {missed} missed").format(
            partial=number(len(partial)), missed=number(missed)
        )
    return Card(_("Sessions"), figure, words)


def _next(
    record: TreatmentRecord,
    foresight: Foresight | None,
    held: tuple[OpenHold, ...],
    times: Times,
    now_ms: int,
) -> Card:
    if foresight is None:
        detail = _("Nothing is prescribed")
        if record.signed:
            detail = _("The band has no prescription yet")
        return Card(p_("session", "Next"), _("Not yet"), detail)
    if _only_rests(foresight, held):
        return Card(p_("session", "Next"), _("Not yet"), _("A rest, which the band ends by itself"))
    if foresight.by_clinic or foresight.from_ms is None:
        return Card(
            p_("session", "Next"), _("Waits for you"), _staff_words(foresight.gravest), "wait"
        )
    if foresight.from_ms <= now_ms:
        return Card(
            p_("session", "Next"), _("From now"), _("After the safety questions; the band decides")
        )
    figure = _("From {when}").format(when=times.said(foresight.from_ms, now_ms))
    return Card(p_("session", "Next"), figure, _staff_words(foresight.last_wait))


def _only_rests(foresight: Foresight, held: tuple[OpenHold, ...]) -> bool:
    """Whether nobody at the clinic has to do anything: rests end by themselves (R21)."""
    grave = {r.code for r in foresight.reasons if r.severity in (Severity.CLINIC, Severity.SERVICE)}
    return grave == {ReasonCode.HOLD} and all(each.kind is HoldKind.REST for each in held)


def _staff_words(reason: Reason | None) -> str:
    if reason is None:
        return _("The band decides")
    return told(_STAFF_WORDS.get(reason.code, reason.words))


_STAFF_WORDS = {
    ReasonCode.HOLD: mark("A hold is in force; it has to be lifted"),
    ReasonCode.SESSION_INTERVAL: mark("Time between two sessions, kept by the band"),
    ReasonCode.DAY_WINDOW: mark("The day window, kept by the band"),
    ReasonCode.WEEK_WINDOW: mark("The week's limit, kept by the band"),
    ReasonCode.COURSE_DONE: mark("The course is done"),
    ReasonCode.EXPIRED: mark("The prescription has ended"),
    ReasonCode.THRESHOLD_OLD: mark("The threshold is to be measured again"),
}


def _open(record: TreatmentRecord, times: Times, now_ms: int) -> Card:
    found = why(record, times, now_ms=now_ms)
    if found.urgency == "course":
        return Card(_("Open"), _("Nothing"), found.detail)
    # An alert's own words stand below, where it is acknowledged.
    is_alert = bool(found.alert) and found.since_ms is not None
    detail = begun(ago(found.since_ms or 0, now_ms)) if is_alert else found.detail
    return Card(_("Open"), found.title, detail, "stop" if found.urgency == "now" else "wait")


def _score(record: TreatmentRecord) -> str | None:
    if not record.checkins:
        return None
    asked, newest = questionnaire(), record.checkins[-1]
    total = newest.score or 0
    band = next(b.name for b in asked.bands if b.lowest <= total <= b.highest)
    return _("{score} of {maximum}, {band}").format(
        score=total, maximum=asked.maximum, band=told(band)
    )


def _holds(
    record: TreatmentRecord, held: tuple[OpenHold, ...], times: Times, now_ms: int
) -> tuple[HoldView, ...]:
    """What others than this clinic's staff placed stands first: of these the record tells alone."""
    asked = {each.hold_id for each in record.holds}
    others = (_not_asked(each) for each in held if each.hold_id not in asked)
    kinds = {each.hold_id: each.kind for each in held}
    own = (
        _hold(record, each, kinds.get(each.joined_id or each.hold_id), times, now_ms)
        for each in record.open_holds
    )
    return (*others, *own)


def _not_asked(hold: OpenHold) -> HoldView:
    number = _("record {number} of the band").format(number=hold.record_number)
    return HoldView(
        title=hold_in_words(HoldState.IN_FORCE),
        reason=f"{by_record_in_words(hold)}: {in_words(hold.reason)}, {number}",
        meaning=_meaning(hold.kind),
        state=HoldState.IN_FORCE.value,
        in_force=True,
        steps=(),
        rest=hold.hold_id.hex() if hold.kind is HoldKind.REST else "",
    )


def _meaning(kind: HoldKind | None) -> str:
    if kind is HoldKind.REST:
        return _("The band itself says so: a rest, which the band ends by itself.")
    return _("The band itself says so; a person with the right to lift it can end it.")


def _hold(
    record: TreatmentRecord, hold: Hold, kind: HoldKind | None, times: Times, now_ms: int
) -> HoldView:
    state = state_of(hold)
    in_force = state is HoldState.IN_FORCE
    steps = (
        HoldStep(_("Asked"), _("at the clinic"), times.said(hold.asked_ms, now_ms)),
        HoldStep(
            _("On the phone"),
            _("signed, and fetched by the app"),
            times.said(hold.on_phone_ms, now_ms) if hold.on_phone_ms else None,
        ),
        HoldStep(
            _("In force"),
            _("record {number} of the band").format(number=hold.record_number)
            if hold.record_number
            else _("by the band"),
            times.said(hold.in_force_ms, now_ms) if hold.in_force_ms else None,
        ),
    )
    return HoldView(
        title=hold_in_words(state),
        reason=f"{record.placers.asked(hold)}: {in_words(hold.reason)}",
        meaning=_meaning(kind)
        if in_force
        else _("Not in force: the band may still treat until its own record confirms this."),
        state=state.value,
        in_force=in_force,
        steps=steps,
    )
