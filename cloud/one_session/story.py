"""Why a session went as it did, in sentences, from the band's record alone."""

from __future__ import annotations

from cloud.language import _, mark, n_, number, told
from cloud.one_session.record import Pause, SessionRecord
from shared.wire.record_types import CloseCause, PauseCause, SessionKind

PAUSED = {
    PauseCause.STOP: mark("the patient touched STOP"),
    PauseCause.BUTTON: mark("the patient pressed the band's button"),
    PauseCause.BEAT_MISSED: mark("the band no longer heard the phone's beat"),
    PauseCause.STILL_HERE_MISSED: mark("nobody answered whether they were still there"),
    PauseCause.CONTACT: mark("the band had lost contact with the head"),
    PauseCause.POSITION: mark("the band had slipped"),
    PauseCause.PAUSE_ASKED: mark("the patient asked for a pause"),
    PauseCause.INCOMING_CALL: mark("the phone rang"),
}
ENDED = {
    CloseCause.COMPLETED: mark("Every planned pulse was given."),
    CloseCause.ENDED_BY_PERSON: mark("The patient ended it."),
    CloseCause.PAUSE_LIMIT: mark("The pause grew longer than ten minutes, so the band ended it."),
    CloseCause.OVER_TEMPERATURE: mark("The coil grew too warm, so the band ended it."),
    CloseCause.FAULT: mark("The band found a fault in itself and ended it."),
    CloseCause.HOLD: mark("A hold came into force and ended it."),
    CloseCause.PRESCRIPTION_ENDED: mark("The prescription ended, and the session with it."),
    CloseCause.MOTION: mark("The band moved too much, so it ended the session."),
    CloseCause.REBOOT: mark("The band started anew, which ends a session."),
    CloseCause.LOCKED_ON_RESUME: mark("After the pause the band's lock did not open again."),
    CloseCause.TIME_LIMIT: mark("The longest time for a session was over."),
    CloseCause.ADVERSE_EVENT: mark("The patient reported something grave, which ended it."),
}


def headline(found: SessionRecord) -> str:
    """Say what became of it, in one line."""
    if found.cause is None:
        return _("Not ended yet, as far as the record has come")
    if found.kind is SessionKind.TITRATION:
        return _("Titration")
    if not found.charged_pulses:
        return _("No pulse was given")
    if found.charged_pulses >= found.planned_pulses:
        return _("Whole")
    return _("Partial")


def story(found: SessionRecord) -> tuple[str, ...]:
    """Return the sentences: how much, what interrupted it, how it ended."""
    return (_amount(found), *map(_pause, found.pauses), *_end(found))


def minutes(at_ms: int) -> str:
    """Say how long after its beginning something was."""
    seconds = at_ms // 1000
    return _("{minutes} min {seconds} s").format(
        minutes=number(seconds // 60), seconds=f"{seconds % 60:02}"
    )


def _amount(found: SessionRecord) -> str:
    charged = found.charged_pulses if found.cause else sum(one.charged for one in found.slices)
    return _("{pulses} of {planned} pulses were given, in {trains} of {all} trains.").format(
        pulses=number(charged),
        planned=number(found.planned_pulses),
        trains=number(found.trains),
        all=number(found.planned_trains),
    )


def _pause(pause: Pause) -> str:
    why = told(PAUSED[pause.cause])
    if pause.resumed_ms is None:
        return _("After {time} the pulses ended: {why}. Nobody went on.").format(
            time=minutes(pause.at_ms), why=why
        )
    return _("After {time} it paused for {length}: {why}. Then it went on.").format(
        time=minutes(pause.at_ms), length=minutes(pause.resumed_ms - pause.at_ms), why=why
    )


def _end(found: SessionRecord) -> list[str]:
    if found.cause is None or found.ended_ms is None:
        return [_("The record does not hold its end yet.")]
    words = [told(ENDED[found.cause])]
    left = found.planned_pulses - found.charged_pulses
    if left > 0:
        words.append(
            n_(
                "{count} pulse was not given and is not charged.",
                "{count} pulses were not given and are not charged.",
                left,
            ).format(count=number(left))
        )
    return words


def beats(found: SessionRecord) -> str:
    """Say what the record has of the phone's beat, without which the band ends the pulses."""
    missed = sum(each.cause is PauseCause.BEAT_MISSED for each in found.pauses)
    if not missed:
        return _("The band heard the phone's beat throughout.")
    return n_(
        "Once the band no longer heard the phone's beat and ended the pulses by itself.",
        "{count} times the band no longer heard the phone's beat and ended the pulses by itself.",
        missed,
    ).format(count=number(missed))
