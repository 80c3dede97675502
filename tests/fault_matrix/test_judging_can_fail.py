"""Each promise of the matrix is broken once and found: in evidence, and in the product itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from typing import Any
from unittest import mock

import pytest

from firmware_bridge.emulator.firmware.trial import Trial
from firmware_bridge.link.update import Confirmed, Update
from mobile.engine import words as app_words
from mobile.engine.tending import Tending
from mobile.store.outbox import Outbox
from shared.firmware.image import Image
from shared.wire import records
from shared.wire.items import UpKind
from tests.campaign import breakages
from tests.fault_matrix import judging, judging_updates
from tests.fault_matrix.evidence import Evidence, Look, Screen, UpdateSeen
from tests.fault_matrix.ills import ILLS
from tests.fault_matrix.judging import PROMISES, judge
from tests.fault_matrix.result import Verdict
from tests.fault_matrix.running import Work, run_piece
from tests.fault_matrix.words import Said

HARMLESS = next(ill for ill in ILLS if ill.name == "link loss")
RECORDS = {1: b"one", 2: b"two"}
UPDATED = UpdateSeen(
    outcomes=("Confirmed",),
    runs="new",
    confirmed=True,
    counters=(0, 0, 1),
    locks=((False, False), (True, True)),
    doses=(Look(0, 0), Look(0, 0)),
    plans=(b"plan", b"plan"),
    paired_anew=False,
)
SOUND = Evidence(
    looks=(Look(0, 0), Look(45, 60), Look(180, 180)),
    crashes=0,
    prescribed=180,
    sessions=(180,),
    at_band=RECORDS,
    at_phone=RECORDS,
    at_clinic=RECORDS,
    phone_held_before={1: b"one"},
    told=(Said("Phone and band lost each other."),),
    disturbed=True,
    screens=(Screen("SessionView", "Link lost", offers_a_step=False, stood_ms=3_000),),
    recovered_ms=2_000,
    rests=True,
    end="Resting time: Tomorrow, from 10:14",
    state="IDLE",
    stops_ms=(60,),
    update=UPDATED,
)


def _update(**seen: Any) -> dict[str, Any]:
    return {"update": replace(UPDATED, **seen)}


_STANDS = Screen("PairView", "step 3", offers_a_step=False, stood_ms=60_000)
_BROKEN: dict[str, dict[str, Any]] = {
    "nothing_broke": {"errors": ("ValueError()",)},
    "the_fault_struck": {"struck": False},
    "every_pulse_is_charged": {"looks": (Look(31, 30), Look(180, 180))},
    "nothing_is_overcharged": {"looks": (Look(45, 60),)},
    "no_session_exceeds_the_plan": {"sessions": (181,)},
    "no_record_is_lost": {"at_clinic": {1: b"one"}},
    "stop_stops": {"stops_ms": (101,)},
    "app_and_device_agree": {"recovered_ms": None},
    "the_day_comes_to_rest": {"rests": False},
    "it_ends_no_worse": {"end": "Needs service: Call your clinic"},
    "the_patient_is_told": {"told": (Said(" "),)},
    "the_words_are_for_people": {"told": (Said("The band said bad_request."),)},
    "no_screen_stands_still": {"screens": (_STANDS,)},
    "one_whole_image_runs": _update(outcomes=("LinkLost", "Confirmed"), runs="neither"),
    "the_outcome_is_true": _update(confirmed=False),
    "an_update_succeeds_in_the_end": _update(outcomes=("RolledBack",), runs="old"),
    "the_security_counter_never_falls": _update(counters=(1, 0, 1)),
    "only_a_trial_locks": _update(locks=((True, False),)),
    "an_update_gives_nothing": _update(doses=(Look(0, 0), Look(0, 50))),
    "bond_and_plan_outlast_an_update": _update(paired_anew=True),
    "a_session_can_be_had": {"looks": (Look(0, 0),), "sessions": ()},
}


def test_sound_evidence_holds() -> None:
    assert judge(HARMLESS, SOUND) == ()


@pytest.mark.parametrize("promise", [each.__name__ for each in PROMISES])
def test_each_promise_finds_its_own_breach_and_no_other_does(promise: str) -> None:
    broken = replace(SOUND, **_BROKEN[promise])
    found = [each.__name__ for each in PROMISES if list(each(HARMLESS, broken))]
    assert found == [promise]


def test_a_late_recovery_is_as_bad_as_none() -> None:
    assert list(judging.app_and_device_agree(HARMLESS, replace(SOUND, recovered_ms=60_001)))
    assert not list(judging.app_and_device_agree(HARMLESS, replace(SOUND, recovered_ms=60_000)))


def test_a_crash_may_cost_a_slice_and_no_more() -> None:
    crashed = replace(SOUND, crashes=1, looks=(Look(45, 95),))
    assert not list(judging.nothing_is_overcharged(HARMLESS, crashed))
    assert list(judging.nothing_is_overcharged(HARMLESS, replace(crashed, looks=(Look(45, 97),))))


def test_a_band_that_can_write_no_more_may_keep_what_it_reserved() -> None:
    kept = replace(SOUND, looks=(Look(45, 60),))
    assert not list(judging.nothing_is_overcharged(replace(HARMLESS, ends_writing=True), kept))
    assert list(judging.nothing_is_overcharged(HARMLESS, kept))


@pytest.mark.parametrize(
    "text", ["ATT error 0x0E", "nonce, 5000 ms", "gate_answers", "None", "KeyError('x')", "b'x'"]
)
def test_what_no_person_should_read_is_found(text: str) -> None:
    raw = replace(SOUND, told=(Said(f"It failed ({text})."),))
    assert list(judging.the_words_are_for_people(HARMLESS, raw))


def test_a_day_without_an_update_promises_nothing_of_one() -> None:
    assert judge(HARMLESS, replace(SOUND, update=None)) == ()


@pytest.mark.parametrize("outcome", ["RolledBack", "Refused"])
def test_an_update_told_as_gone_back_is_false_where_the_new_image_runs(outcome: str) -> None:
    told = replace(SOUND, update=replace(UPDATED, outcomes=(outcome,)))
    assert list(judging_updates.the_outcome_is_true(HARMLESS, told))


def test_another_plan_after_an_update_is_found() -> None:
    changed = replace(SOUND, update=replace(UPDATED, plans=(b"plan", None)))
    assert list(judging_updates.bond_and_plan_outlast_an_update(HARMLESS, changed))


def test_a_lost_bond_may_be_made_anew_in_an_update() -> None:
    lost = next(ill for ill in ILLS if ill.name == "lost bond")
    anew = replace(SOUND, update=replace(UPDATED, paired_anew=True))
    assert not list(judging_updates.bond_and_plan_outlast_an_update(lost, anew))


# The product broken


def _charges_one_less() -> AbstractContextManager[Any]:
    real = records.SliceClosedBody

    def less(train: int, part: int, commanded: int, measured: int, at_ms: int) -> Any:
        return real(train, part, commanded - 1, measured - 1, at_ms)

    return mock.patch.object(records, "SliceClosedBody", less)


def _phone_drops_a_record() -> AbstractContextManager[Any]:
    real = Outbox.queue

    def drop(self: Outbox, items: Any, **more: Any) -> Any:
        kept = [item for item in items if item.kind is not UpKind.RECORD or item.id[-1] != "9"]
        return real(self, kept, **more)

    return mock.patch.object(Outbox, "queue", drop)


def _stop_waits() -> AbstractContextManager[Any]:
    return _all_of(breakages.stop_waits_for_the_train)


def _app_says_the_links_own_words() -> AbstractContextManager[Any]:
    return mock.patch.object(app_words, "link_words", str)


def _nobody_leaves_the_settling() -> AbstractContextManager[Any]:
    return mock.patch.object(Tending, "_settling_ended")


def _a_trial_locks_nothing() -> AbstractContextManager[Any]:
    return mock.patch.object(Trial, "begin")


def _told_as_kept_at_once() -> AbstractContextManager[Any]:
    def kept(self: Update, image: Image, *_: Any) -> Any:
        return _soon(Confirmed(str(image.version)))

    return mock.patch.object(Update, "_watch_trial", kept)


async def _soon(outcome: Confirmed) -> Confirmed:
    return outcome


def _all_of(patches: Callable[[], Any]) -> ExitStack:
    stack = ExitStack()
    for patch in patches():
        stack.enter_context(patch)
    return stack


BROKEN_PRODUCTS = [
    (_charges_one_less, "train", "doubled values", "charged"),
    (_phone_drops_a_record, "transfer", "link loss", "the clinic has"),
    (_stop_waits, "train", "doubled values", "after STOP"),
    (_app_says_the_links_own_words, "secure", "dropped values", "not for people"),
    (_a_trial_locks_nothing, "update, marked", "doubled values", "locked for it"),
    (_told_as_kept_at_once, "update, trial", "watchdog reboot", "told as confirmed"),
    (_nobody_leaves_the_settling, "scan", "dropped values", "come to rest"),
]


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("broken", "phase", "ill", "found"),
    BROKEN_PRODUCTS,
    ids=[each[0].__name__.strip("_") for each in BROKEN_PRODUCTS],
)
def test_a_broken_product_fails_its_cell(
    broken: Callable[[], AbstractContextManager[Any]], phase: str, ill: str, found: str
) -> None:
    with broken():
        (result,) = run_piece(Work("desktop", phase, (ill,), seed=1))
    assert result.verdict is Verdict.FAILS
    assert any(found in why for why in result.why), result.why
