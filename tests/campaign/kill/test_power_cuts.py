"""The power is cut in each train of a session, by SIGKILL; what stands after the restart.

Trains of the catalogue's own session, at its own times: the first, the last and two between in
``make test``, the others in ``make test-long``. A few stands work through them beside each other;
each train's findings are a test of their own. Of the same firmware in one process,
`test_kill_each_train` cuts in every train each time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from firmware_bridge.link import DeviceRefused, LinkState
from shared.dose.ledger import LedgerState
from shared.dose.reasons import ReasonCode
from shared.stimulation.schedule import slice_pulses
from shared.trust.keys import PublicKey
from shared.trust.statements import LedgerHead
from shared.wire.operations import Outcome, OutcomeResult, StatusCode
from shared.wire.records import CloseCause
from tests.campaign.kill.conftest import stand_of
from tests.campaign.kill.patient import READY_WITHIN_MS
from tests.campaign.kill.stand import HURRIED, UNHURRIED, Stand, Template
from tests.shared.clinic import itbs

PLAN = itbs().parts[0].plan
TRAIN_PULSES = PLAN.pattern.pulses_per_train
TRAIN_MS = (PLAN.pattern.train_us + PLAN.interval_us) // 1000
TRAINS = range(1, PLAN.trains + 1)
SOONER = (1, 7, 14, PLAN.trains)
STANDS, TRAINS_OF_A_STAND = 4, 2
STEP_MS = PLAN.pattern.pulse_us(PLAN.pattern.pulses_per_burst) // 1000
"""A burst in each step of the clock: coarser than the demonstration's, and twice as quick."""

pytestmark = pytest.mark.timeout(300)


@dataclass(frozen=True)
class Finding:
    """What one power cut left behind, by the coil's log and by the band's own word."""

    train: int
    fired_at_cut: int
    fired_after: int
    ledger: LedgerState
    head: LedgerHead
    outcome: OutcomeResult
    arming: DeviceRefused | None


def test_the_session_is_the_catalogues() -> None:
    assert (PLAN.trains, TRAIN_PULSES) == (20, 30)
    assert slice_pulses(PLAN.pattern) <= 50


@pytest.mark.early
@pytest.mark.parametrize(
    "train",
    [pytest.param(each, marks=[] if each in SOONER else pytest.mark.long) for each in TRAINS],
)
def test_power_cut_in_train(train: int, findings: dict[int, Finding | Exception]) -> None:
    found = findings[train]
    if isinstance(found, Exception):
        raise found
    fired, record = found.fired_at_cut, found.ledger
    assert TRAIN_PULSES * (train - 1) < fired < TRAIN_PULSES * train, "the cut missed its train"
    assert found.fired_after == fired, "the band fired by itself after the restart"
    assert fired <= record.total_pulses <= fired + most_of_a_slice()
    assert_closed_as_partial(found)
    assert (found.head.number, found.head.hash) == (record.number, record.hash)
    assert found.arming is not None, "the band armed again"
    assert found.arming.status is StatusCode.LOCKED
    assert ReasonCode.DAY_WINDOW in found.arming.reason_codes


def assert_closed_as_partial(found: Finding) -> None:
    record, closed = found.ledger, found.ledger.last_session
    assert record.session is None
    assert record.fault is None
    assert (record.sessions_partial, record.sessions_completed) == (1, 0)
    assert closed is not None
    assert (closed.cause, closed.completed) == (CloseCause.REBOOT, False)
    assert closed.charged_pulses == record.total_pulses
    assert found.outcome == OutcomeResult(Outcome.PARTIAL, record.total_pulses)


def most_of_a_slice() -> int:
    """What a cut may cost the patient: pulses reserved in one slice and not fired."""
    return min(slice_pulses(PLAN.pattern), TRAIN_PULSES)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def findings(
    template: Template, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> dict[int, Finding | Exception]:
    """Cut the power in every train that this run asks for, the longest sessions first."""
    left = sorted(trains_of(request.session.items))
    found: dict[int, Finding | Exception] = {}
    stands = min(STANDS, len(left) // TRAINS_OF_A_STAND or 1)
    folders = [tmp_path_factory.mktemp(f"stand-{number}") for number in range(stands)]
    async with asyncio.TaskGroup() as group:
        for folder in folders:
            group.create_task(work_through(template, folder, left, found))
    return found


def trains_of(items: list[pytest.Item]) -> Iterator[int]:
    """Which trains the tests of a run are about."""
    for each in items:
        if (
            isinstance(each, pytest.Function)
            and each.originalname == test_power_cut_in_train.__name__
        ):
            yield int(str(each.callspec.params["train"]))


async def work_through(
    template: Template, folder: Path, left: list[int], found: dict[int, Finding | Exception]
) -> None:
    async with stand_of(template, folder, step_ms=STEP_MS) as stand:
        while left:
            train = left.pop()
            stand.renew(template, f"train-{train}")
            try:
                found[train] = await cut_in(stand, template, train)
            except Exception as problem:
                found[train] = problem
            finally:
                await stand.cut_power()


async def cut_in(stand: Stand, template: Template, train: int) -> Finding:
    """Treat until that train runs, cut the power, switch on again, and look."""
    patient, device = stand.patient, template.made.device.public_key
    await stand.switch_on()
    async with patient.kept(template.band_address):
        await patient.pass_gates()
        await patient.arm(device)
        async with patient.treated(stand.band):
            await stand.clock.set_rate(HURRIED)
            await stand.clock.sleep_ms((train - 1) * TRAIN_MS - 1000)
            await stand.until_fired(TRAIN_PULSES * (train - 1) + within_train(train), 20_000)
            with stand.clock.work():
                await stand.cut_power()
        fired_at_cut = len(stand.pulses())
        await stand.clock.set_rate(UNHURRIED)
        await patient.until_link(LinkState.LOST)
        await stand.switch_on()
        await stand.connection.until_ready(READY_WITHIN_MS)
        return await look(stand, train, fired_at_cut, device)


async def look(stand: Stand, train: int, fired_at_cut: int, device: PublicKey) -> Finding:
    patient = stand.patient
    record, _ = await patient.record()
    head = await patient.signed_head(device)
    outcome = await patient.client.session_outcome(patient.session_id)
    await patient.pass_gates()
    arming = None
    try:
        await patient.arm(device)
    except DeviceRefused as refusal:
        arming = refusal
    fired_after = len(stand.pulses())
    return Finding(train, fired_at_cut, fired_after, record, head, outcome, arming)


def within_train(train: int) -> int:
    """A pulse of the train, another one in each, with a burst or two left behind it."""
    return 1 + train * 7 % (TRAIN_PULSES - 8)
