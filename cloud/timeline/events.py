"""Lanes of what happened beside the sessions: events and messages."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.alerts.told_words import answer_words, by_code, question_words, section_words
from cloud.care.ready import in_full
from cloud.language import _, mark, n_, number
from cloud.language.stored import stored
from cloud.proof.service import title_of
from cloud.timeline.axis import Axis
from cloud.timeline.gathered import Gathered
from cloud.timeline.marks import NOTHING, Lane
from cloud.timeline.moments import Moment, moments_lane
from shared.care.bodies import Consent, Homework, MessageOut, PhoneLost, ScreeningTold, TrainingDone
from shared.dose.prescription import PrescriptionKind, ThresholdKind
from shared.wire.records import SessionKind

FORMS = {
    "thought-record": mark("Thought record"),
    "activity-plan": mark("Activity plan"),
    "note": mark("Note"),
}


@dataclass(frozen=True)
class Event:
    """Something that happened: when, as which mark, in a few words and in as many as it needs."""

    at_ms: int
    kind: str
    short: str
    words: str


def events_lane(gathered: Gathered, axis: Axis) -> Lane:
    """Return the lane of events: prescriptions, titrations, what the patient told of their life,
    what was found about the record."""
    events = [
        *_plans(gathered),
        *_thresholds(gathered),
        *_titrations(gathered),
        *_life(gathered),
        *_flaws(gathered),
    ]
    return moments_lane(
        (
            Moment(e.at_ms, _SHAPES[e.kind], e.kind, (e.short, e.words), label=e.short)
            for e in events
        ),
        axis,
        id="events",
        title=_("Events"),
        caption=_("What happened beside the sessions"),
        heads=(_("Time"), _("What"), _("Detail")),
        empty=_("Nothing in these days"),
    )


def messages_lane(gathered: Gathered, axis: Axis) -> Lane:
    """Return the lane of messages, either way."""
    told_of = gathered.of(MessageOut)
    patient = (_from_patient(at_ms, in_full(each, gathered.card)) for at_ms, each in told_of)
    clinic = (
        Moment(each.sent_ms, "flag", "clinic", (each.author, each.text)) for each in gathered.sent
    )
    return moments_lane(
        [*patient, *clinic],
        axis,
        id="messages",
        title=_("Messages"),
        caption=_("Messages between patient and clinic"),
        heads=(_("Time"), _("From"), _("Words")),
        empty=_("No message in these days"),
    )


def _from_patient(at_ms: int, message: MessageOut) -> Moment:
    cells = (_("patient"), _asked(message))
    if message.call_me:
        return Moment(at_ms, "dot", "call", cells, label=_("asks for a call"))
    return Moment(at_ms, "dot", "patient", cells)


_SHAPES = {"clinic": "flag", "patient": "dot", "record": "diamond"}


def _plans(gathered: Gathered) -> list[Event]:
    found = []
    for each in gathered.plans:
        plan = each.prescription
        short = _("Prescription {serial}").format(serial=plan.serial)
        words = {
            PrescriptionKind.END: _("The course was ended."),
            PrescriptionKind.TITRATION: _("A titration, to measure the threshold."),
            PrescriptionKind.REPLACEMENT: _("The course goes on with another band."),
        }.get(
            plan.kind,
            _("In force on the band: {pulses} pulses a session at {percent} % of output.").format(
                pulses=number(plan.pulses_per_session), percent=plan.percent_mso()
            ),
        )
        found.append(Event(each.in_force_ms, "clinic", short, words))
    return found


def _thresholds(gathered: Gathered) -> list[Event]:
    """When a threshold was measured, as the prescriber signed it; each once."""
    found = {}
    for each in gathered.plans:
        plan = each.prescription
        for threshold in (plan.threshold, plan.second_threshold):
            if threshold is not None and threshold.kind is not ThresholdKind.NONE:
                found[threshold.measured_s, threshold.percent_mso] = Event(
                    threshold.measured_s * 1000,
                    "clinic",
                    _("Threshold measured"),
                    _("{percent} % of output").format(percent=threshold.percent_mso),
                )
    return list(found.values())


def _titrations(gathered: Gathered) -> list[Event]:
    return [
        Event(
            each.opened_ms,
            "clinic",
            _("Titration"),
            n_(
                "{count} pulse, charged to no course.",
                "{count} pulses, charged to no course.",
                each.charged_pulses,
            ).format(count=number(each.charged_pulses)),
        )
        for each in gathered.sessions
        if each.kind == int(SessionKind.TITRATION) and each.opened_ms is not None
    ]


def _life(gathered: Gathered) -> list[Event]:
    screening = [
        Event(at_ms, "patient", _("Safety question"), _screening(each))
        for at_ms, each in gathered.of(ScreeningTold)
    ]
    consents = [
        Event(
            at_ms,
            "patient",
            _("Consent given") if each.given else _("Consent taken back"),
            stored(section_words(each)),
        )
        for at_ms, each in gathered.of(Consent)
    ]
    homework = [
        Event(at_ms, "patient", stored(FORMS.get(each.form) or by_code(each.form)), _entry(each))
        for at_ms, each in gathered.entries_of(Homework)
    ]
    lost = [
        Event(
            at_ms,
            "record",
            _("Phone lost"),
            n_(
                "Answers of {count} day never came.",
                "Answers of {count} days never came.",
                len(each.missing_days),
            ).format(count=number(len(each.missing_days))),
        )
        for at_ms, each in gathered.of(PhoneLost)
    ]
    trained = [
        Event(at_ms, "patient", _("Lessons done"), _("The lessons were gone through."))
        for at_ms, _each in gathered.of(TrainingDone)
    ]
    return [*screening, *consents, *homework, *lost, *trained]


def _flaws(gathered: Gathered) -> list[Event]:
    return [
        Event(
            each.found_ms, "record", _("Record"), f"{stored(title_of(each))}. {stored(each.detail)}"
        )
        for each in gathered.flaws
    ]


def _screening(answer: ScreeningTold) -> str:
    words = _("{question}: {answer}").format(
        question=stored(question_words(answer.question)), answer=stored(answer_words(answer))
    )
    return f"{words}. {answer.detail}" if answer.detail else words


def _entry(homework: Homework) -> str:
    return "; ".join(each.text for each in homework.texts) or NOTHING


def _asked(message: MessageOut) -> str:
    words = message.text.strip()
    if not message.call_me:
        return words
    return f"{_('Asks for a call.')} {words}".strip()
