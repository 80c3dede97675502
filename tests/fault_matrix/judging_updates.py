"""What a firmware update promises beside what holds on any day; nothing where there was none.

Each promise a function of the evidence, as in `judging`.
"""

from __future__ import annotations

from collections.abc import Iterator

from firmware_bridge.link.update import Confirmed, Refused, RolledBack
from tests.fault_matrix.evidence import Evidence, UpdateSeen
from tests.fault_matrix.ills import End, Ill

Found = Iterator[str]

_OLD_AFTER = (RolledBack.__name__, Refused.__name__)


def one_whole_image_runs(_: Ill, evidence: Evidence) -> Found:
    """By the cells of the flash, after an update the band runs the old image or the new one."""
    for seen in _updates(evidence):
        if seen.runs == "neither":
            yield "the band runs neither the old image nor the new one"


def the_outcome_is_true(_: Ill, evidence: Evidence) -> Found:
    """Where an update is told as confirmed the new image runs and is kept, else the old one."""
    for seen in _updates(evidence):
        last = seen.outcomes[-1] if seen.outcomes else "nothing"
        if last == Confirmed.__name__ and (seen.runs == "old" or not seen.confirmed):
            yield f"told as confirmed, but the {seen.runs} image runs"
        if last in _OLD_AFTER and seen.runs == "new":
            yield f"told as {last}, but the {seen.runs} image runs"


def an_update_succeeds_in_the_end(ill: Ill, evidence: Evidence) -> Found:
    """Once the fault is taken back whoever tries an update again has it confirmed; a band that
    needs service says so."""
    for seen in _updates(evidence):
        last = seen.outcomes[-1] if seen.outcomes else "nothing"
        if ill.worst is not End.SERVICE and last != Confirmed.__name__:
            yield f"{len(seen.outcomes)} tries, the last ended in {last}"


def the_security_counter_never_falls(_: Ill, evidence: Evidence) -> Found:
    """At no look in an update was it lower than before."""
    for seen in _updates(evidence):
        for before, after in zip(seen.counters, seen.counters[1:], strict=False):
            if after < before:
                yield f"the security counter fell from {before} to {after}"


def only_a_trial_locks(_: Ill, evidence: Evidence) -> Found:
    """The lock says that an update isn't finished while an image is on trial, and only then; a
    failed band is locked by its failure."""
    for seen in _updates(evidence):
        for on_trial, locked in seen.locks:
            if on_trial != locked:
                yield f"on trial: {on_trial}, locked for it: {locked}"


def an_update_gives_nothing(_: Ill, evidence: Evidence) -> Found:
    """No pulse is fired or charged from an update's first request to its end."""
    for seen in _updates(evidence):
        if len(set(seen.doses)) > 1:
            yield f"fired and charged changed in the update: {seen.doses}"


def bond_and_plan_outlast_an_update(ill: Ill, evidence: Evidence) -> Found:
    """Nobody has to pair anew unless the bond was lost, and the same prescription is in force."""
    for seen in _updates(evidence):
        if seen.paired_anew and "bond_lost" not in ill.faults:
            yield "the phone had to be paired anew"
        if len(set(seen.plans)) > 1:
            yield "another prescription is in force after the update"


def a_session_can_be_had(ill: Ill, evidence: Evidence) -> Found:
    """After an update a session is given; where it isn't, the lock's words say why."""
    for seen in _updates(evidence):
        given = evidence.looks[-1].fired > 0
        if not given and (ill.worst is End.GOES_ON or not seen.lock_words):
            yield "no session after the update"


UPDATE_PROMISES = (
    one_whole_image_runs,
    the_outcome_is_true,
    an_update_succeeds_in_the_end,
    the_security_counter_never_falls,
    only_a_trial_locks,
    an_update_gives_nothing,
    bond_and_plan_outlast_an_update,
    a_session_can_be_had,
)


def _updates(evidence: Evidence) -> Iterator[UpdateSeen]:
    if evidence.update is not None:
        yield evidence.update
