"""Faults of link, pairing and supply as the phone meets them, and what becomes of the session."""

from contextlib import suppress
from pathlib import Path

import pytest

from firmware_bridge.emulator.boots import Cause
from firmware_bridge.link import (
    CommandUncertain,
    LinkError,
    LinkSilent,
    LinkState,
    PairingRefusal,
    PairingRefused,
)
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.statements import LedgerHead
from shared.wire.operations import Nothing, Operation
from shared.wire.records import CloseCause, PauseCause, SessionClosedBody, SessionPausedBody
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.faults.treated import Treated, beating, treated
from tests.firmware_bridge.emulator.living import living
from tests.firmware_bridge.emulator.world import PressingAgent

SLICE = 30
BRIEFLY_MS = 250


async def ledger(here: Treated, first: int = 1) -> list[bytes]:
    return [line.data async for line in here.client.ledger(first)]


def kept(here: Treated) -> list[bytes]:
    core = here.life.core
    first, last = core.record_range()
    return [core.record(number) for number in range(first, last + 1)]


async def ask_briefly(here: Treated, operation: Operation) -> None:
    """Ask, and wait no longer than a test has time: the clock hardly moves while one asks."""
    control = here.scene.connection.session.control
    await control.ask(operation, Nothing, limit_ms=BRIEFLY_MS)


async def test_lost_link_heals_by_itself(tmp_path: Path) -> None:
    async with treated(tmp_path) as here:
        here.place("link_loss", event="request", of="HELLO")
        with pytest.raises(LinkError):
            await here.client.hello()
        await here.until_ready()
        assert (await here.client.hello()).provisioned
        assert here.struck == ["link_loss"]


async def test_link_lost_in_a_session_ends_pulses_by_the_beat_and_the_band_is_found_again(
    tmp_path: Path,
) -> None:
    async with treated(tmp_path) as here:
        here.place("link_loss", event="slice", nth=2)
        await here.start_a_session()
        async with beating(here):
            await here.until_device(DeviceState.PAUSED)
        assert here.struck == ["link_loss"]
        causes = [body.cause for body in here.band.bodies(SessionPausedBody)]
        assert causes == [PauseCause.BEAT_MISSED]
        await here.until_ready()
        await here.client.stop()


async def test_band_out_of_reach_is_not_found_until_it_is_back(tmp_path: Path) -> None:
    async with treated(tmp_path) as here:
        here.place("out_of_reach", for_ms=40_000)
        await here.until_state(LinkState.LOST)
        clock = here.scene.connection.clock
        left_ms = clock.elapsed_ms()
        await here.until_ready()
        assert clock.elapsed_ms() - left_ms >= 30_000
        assert (await here.client.hello()).provisioned


async def test_slow_link_takes_its_time_in_both_directions(tmp_path: Path) -> None:
    async with treated(tmp_path) as here:
        clock = here.scene.connection.clock
        here.place("slow_link", value=400)
        asked_ms = clock.elapsed_ms()
        await here.client.hello()
        assert clock.elapsed_ms() - asked_ms >= 800
        here.life.faults.take_back("slow_link")


async def test_answer_that_is_dropped_leaves_the_command_uncertain_and_settled_by_asking(
    tmp_path: Path,
) -> None:
    async with treated(tmp_path) as here:
        await here.start_a_session()
        here.place("att_drop", event="notification", of="control_point")
        with pytest.raises(CommandUncertain):
            await ask_briefly(here, Operation.STOP)
        assert here.life.core.state is DeviceState.PAUSED
        outcome = await here.client.session_outcome(here.band.session_id)
        assert outcome.charged_pulses == here.band.fired


async def test_request_that_is_dropped_is_not_carried_out(tmp_path: Path) -> None:
    async with treated(tmp_path) as here:
        here.place("att_drop", event="written", of="control_point")
        with pytest.raises(CommandUncertain):
            await ask_briefly(here, Operation.SELF_TEST)
        assert here.life.core.state is DeviceState.IDLE


@pytest.mark.parametrize("fault", ["att_drop", "att_corrupt", "att_double", "att_reorder"])
@pytest.mark.parametrize("nth", [1, pytest.param(4, marks=pytest.mark.long)])
async def test_ledger_that_was_harmed_on_its_way_is_whole_or_refused_never_wrong(
    tmp_path: Path, fault: str, nth: int
) -> None:
    async with treated(tmp_path) as here:
        for _ in range(40):
            here.band.must(Operation.PRACTICE)
            here.band.must(Operation.STOP)
        here.place(fault, event="notification", of="ledger_data", nth=nth)
        arrived: list[bytes] = []
        with suppress(LinkError):
            arrived = await ledger(here)
        assert here.struck == [fault]
        if fault == "att_double":
            assert arrived == kept(here)
        await here.until_ready()
        assert await ledger(here) == kept(here)


async def test_corrupted_request_is_refused_or_unanswered_and_harms_nothing(
    tmp_path: Path,
) -> None:
    async with treated(tmp_path) as here:
        before = kept(here)
        for _ in range(5):
            here.place("att_corrupt", event="written", of="control_point")
            with suppress(LinkError):
                await ask_briefly(here, Operation.HELLO)
        await here.until_ready()
        assert (await here.client.hello()).provisioned
        assert kept(here) == before


async def test_doubled_request_is_carried_out_once(tmp_path: Path) -> None:
    async with treated(tmp_path) as here:
        here.place("att_double", event="written", of="control_point")
        with suppress(LinkError):
            await here.client.practice()
        await here.until_ready()
        assert here.struck == ["att_double"]
        practices = [record for record in here.band.records if record.type.name == "PRACTICE"]
        assert len(practices) == 1


async def test_band_that_refuses_to_pair_says_so_and_pairs_when_it_does_no_more(
    tmp_path: Path,
) -> None:
    async with living(tmp_path) as here:
        here.life.faults.set({"pairing_refused": True})
        with pytest.raises(PairingRefused) as refused:
            await here.pair()
        assert refused.value.refusal is PairingRefusal.NOT_OPEN
        here.life.faults.set({"pairing_refused": False})
        await here.pair()
        assert (await here.client.hello()).protocol_version


async def test_lost_bond_is_named_and_pairing_anew_mends_it_with_nothing_lost(
    tmp_path: Path,
) -> None:
    async with treated(tmp_path) as here:
        before = kept(here)
        here.life.faults.set({"bond_lost": True, "link_loss": True})
        await here.until_state(LinkState.BOND_BROKEN)
        await here.scene.pair()
        assert (await here.client.hello()).provisioned
        assert kept(here) == before


async def test_stuck_button_confirms_no_number(tmp_path: Path) -> None:
    async with living(tmp_path) as here:
        await here.life.press(3_200)
        here.life.faults.set({"button_stuck": True})
        with pytest.raises(LinkError):
            await here.connection.pair(PressingAgent(here.life))
        assert not await here.life.face.bonds.get_all()


async def test_frozen_firmware_is_found_out_by_the_phone_and_ended_by_the_watchdog(
    tmp_path: Path,
) -> None:
    async with treated(tmp_path) as here:
        await here.start_a_session()
        here.life.faults.set({"firmware_frozen": True})
        fired = here.band.board.coil.fired_total
        await here.until_state(LinkState.LOST)
        assert isinstance(here.scene.connection.reason, LinkSilent)
        assert here.band.board.coil.fired_total == fired
        here.life.faults.set({"firmware_frozen": False})
        assert await here.scene.until_boot(2) is Cause.WATCHDOG
        await here.until_ready()
        assert [body.cause for body in here.band.bodies(SessionClosedBody)] == [CloseCause.REBOOT]
        assert here.life.faults.standing() == {}


@pytest.mark.parametrize(
    "fault",
    [
        "watchdog",
        *(pytest.param(name, marks=pytest.mark.long) for name in ("brown_out", "power_cut")),
    ],
)
async def test_band_that_goes_down_in_a_session_is_found_again_with_all_charged(
    tmp_path: Path, fault: str
) -> None:
    async with treated(tmp_path) as here:
        here.place(fault, event="slice", nth=2)
        await here.start_a_session()
        async with beating(here):
            assert await here.scene.until_boot(2) is Cause(fault)
        await here.until_ready()
        assert here.band.fired == SLICE
        outcome = await here.client.session_outcome(here.band.session_id)
        assert outcome.charged_pulses == 2 * SLICE
        assert [body.cause for body in here.band.bodies(SessionClosedBody)] == [CloseCause.REBOOT]


async def test_power_cut_before_an_answer_lets_nothing_more_out(tmp_path: Path) -> None:
    async with treated(tmp_path) as here:
        before = len(kept(here))
        here.place("power_cut", value=0, event="request", of="PRACTICE")
        with pytest.raises(LinkError):
            await here.client.practice()
        assert await here.scene.until_boot(2) is Cause.POWER_CUT
        await here.until_ready()
        assert here.life.core.state is DeviceState.IDLE
        assert [record.type.name for record in here.band.records[before:]] == ["BOOT"]


async def test_band_that_lost_its_power_says_nothing_more_not_even_what_it_had_ready(
    tmp_path: Path,
) -> None:
    async with treated(tmp_path) as here:
        here.place("power_cut", value=60_000, event="answer", of="HELLO")
        with pytest.raises(LinkError):
            await here.client.hello()


async def test_head_with_a_bad_signature_is_refused_by_the_phone(tmp_path: Path) -> None:
    async with treated(tmp_path) as here:
        here.place("signature_bad", event="request", of="HEAD")
        key, audience = here.band.device_key.public_key, here.band.clinic.clinic_id
        with pytest.raises(TrustError):
            sign1.verify(LedgerHead, await here.client.head(bytes(16)), audience=audience, key=key)
        sign1.verify(LedgerHead, await here.client.head(bytes(16)), audience=audience, key=key)
