"""The verdict on a cell: each promise a function of the evidence that names what it found broken.

Nothing here knows how a fault works; limits and their reasons stand beside each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.fault_matrix.evidence import Evidence
from tests.fault_matrix.ills import End, Ill
from tests.fault_matrix.judging_updates import UPDATE_PROMISES
from tests.fault_matrix.words import RAW

SLICE = 50
"""A crash over-charges by one slice at most (R1)."""
STOP_LIMIT_MS = 100
"""R3."""
STANDSTILL_LIMIT_MS = 45_000
"""Own figure: no screen without a next step stands longer while nothing is the matter."""

Found = Iterator[str]


def judge(ill: Ill, evidence: Evidence) -> tuple[str, ...]:
    """Everything that doesn't hold; empty where the cell holds."""
    return tuple(found for promise in PROMISES for found in promise(ill, evidence))


def nothing_broke(_: Ill, evidence: Evidence) -> Found:
    """No error reached a place where nobody expects one."""
    for error in evidence.errors:
        yield f"an error nobody caught: {error}"


def the_fault_struck(ill: Ill, evidence: Evidence) -> Found:
    """A fault that was only placed shows nothing."""
    if not evidence.struck:
        yield f"{ill.name} never struck"


def every_pulse_is_charged(ill: Ill, evidence: Evidence) -> Found:
    """At no instant had more pulses left the coil than the flash charges for."""
    for look in evidence.looks:
        if look.fired > look.charged + ill.extra_pulses:
            yield f"{look.fired} pulses fired, {look.charged} charged"
            return


def nothing_is_overcharged(ill: Ill, evidence: Evidence) -> Found:
    """A crash may cost one slice, and so may the end of writing; all else costs what was fired."""
    last = evidence.looks[-1]
    over = last.charged - last.fired
    if over > SLICE * (evidence.crashes + ill.ends_writing) + 1:
        yield f"{over} pulses charged beyond those fired, with {evidence.crashes} crashes"


def no_session_exceeds_the_plan(_: Ill, evidence: Evidence) -> Found:
    """Charged is at most what was prescribed."""
    for number, charged in enumerate(evidence.sessions, start=1):
        if charged > evidence.prescribed:
            yield f"session {number} charges {charged} of {evidence.prescribed} pulses"


def no_record_is_lost(ill: Ill, evidence: Evidence) -> Found:
    """Band, phone and clinic hold the same in the end; a band that needs service may hold more."""
    for number, record in evidence.phone_held_before.items():
        if evidence.at_phone.get(number) != record:
            yield f"the phone no longer has record {number} as it was"
    if evidence.at_clinic != evidence.at_phone:
        yield f"the clinic has {_range(evidence.at_clinic)}, the phone {_range(evidence.at_phone)}"
    band = evidence.at_band
    if ill.worst is End.SERVICE:
        band = {n: record for n, record in band.items() if n in evidence.at_phone}
    if evidence.at_phone != band:
        yield f"the phone has {_range(evidence.at_phone)}, the band {_range(evidence.at_band)}"


def stop_stops(_: Ill, evidence: Evidence) -> Found:
    """After the fault STOP works as before it."""
    for late_ms in evidence.stops_ms:
        if late_ms > STOP_LIMIT_MS:
            yield f"a pulse {late_ms} ms after STOP was touched"


def app_and_device_agree(ill: Ill, evidence: Evidence) -> Found:
    """They come together again, soon, and without anybody but the person."""
    if evidence.recovered_ms is None:
        yield f"app ({evidence.end}) and device ({evidence.state}) don't come together"
    elif evidence.recovered_ms > ill.recovers_within_s * 1000:
        yield f"app and device agree after {evidence.recovered_ms / 1000:.0f} s only"


def the_day_comes_to_rest(_: Ill, evidence: Evidence) -> Found:
    """Whoever does what the app says comes to an end."""
    if not evidence.rests:
        yield f"the day doesn't come to rest: {evidence.end}"


def it_ends_no_worse(ill: Ill, evidence: Evidence) -> Found:
    """Only a fault of the hardware may cost the band, only a seizure the clinic's word."""
    allowed = {
        End.GOES_ON: (),
        End.HELD: ("Paused by your clinic",),
        End.SERVICE: ("Needs service",),
    }
    for grave in ("Paused by your clinic", "Needs service"):
        if evidence.end.startswith(grave) and grave not in allowed[ill.worst]:
            yield f"{ill.name} ends in: {evidence.end}"


def the_patient_is_told(_: Ill, evidence: Evidence) -> Found:
    """Whoever has to wait or to do something is told so."""
    if evidence.disturbed and not any(said.text.strip() for said in evidence.told):
        yield "the patient is told nothing"


def the_words_are_for_people(_: Ill, evidence: Evidence) -> Found:
    """No codes, no units of programmers, no names of errors."""
    for said in evidence.told:
        if RAW.search(said.text):
            yield f"not for people: {said.text!r}"


def no_screen_stands_still(_: Ill, evidence: Evidence) -> Found:
    """A screen that offers no next step passes."""
    for screen in evidence.screens:
        if not screen.offers_a_step and screen.stood_ms > STANDSTILL_LIMIT_MS:
            yield f"{screen.name} ({screen.title}) stands {screen.stood_ms / 1000:.0f} s"


PROMISES: tuple[Callable[[Ill, Evidence], Found], ...] = (
    nothing_broke,
    the_fault_struck,
    every_pulse_is_charged,
    nothing_is_overcharged,
    no_session_exceeds_the_plan,
    no_record_is_lost,
    stop_stops,
    app_and_device_agree,
    the_day_comes_to_rest,
    it_ends_no_worse,
    the_patient_is_told,
    the_words_are_for_people,
    no_screen_stands_still,
    *UPDATE_PROMISES,
)


def _range(records: dict[int, bytes]) -> str:
    return f"{len(records)} records to {max(records, default=0)}"
