"""Bad input as the person meets it: said in plain words on the screen, and nothing half-applied."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mobile.engine.enrolment import kept
from mobile.presenters.actions import Choose, Enrol, Press
from mobile.presenters.views import PairView, TodayView, WelcomeView
from shared.dose.prescription import hash_of, to_bytes
from shared.trust.keys import SoftwareKey
from shared.wire.items import DownKind
from tests.mobile.engine.checking_in import check_in
from tests.mobile.engine.clinic_server import BORN, CODE, EXPIRED_CODE
from tests.mobile.engine.world import World, whole_day
from tests.shared.clinic import itbs

PLAN = to_bytes(itbs())
AMENDED = itbs(serial=2, replaces_hash=hash_of(PLAN), new_course=False)


async def test_an_unreachable_clinic_is_said_and_what_waits_goes_out_later(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        world.server.is_down = True
        await check_in(world, 0)
        world.act(Press("done"))
        await world.see(
            TodayView, lambda view: "No connection to its server just now" in str(view.rows)
        )
        assert (await world.drive("facts"))["outbox"] > 0

        world.server.is_down = False
        await world.drive("sync")
        assert (await world.drive("facts"))["outbox"] == 0
        assert [kind for kind, _ in world.server.accepted.values()].count("checkin") == 1


async def test_an_expired_code_is_said_and_enrols_nobody(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.see(WelcomeView)
        world.act(Enrol(EXPIRED_CODE, BORN))
        view = await world.see(WelcomeView, lambda view: view.problem is not None)
        assert view.problem is not None
        assert "has expired. Ask your clinic for a new one." in view.problem.body
        assert kept(world.life.context.store) is None

        world.act(Enrol(CODE, BORN))
        await world.consent()
        await world.see(PairView)


async def test_numbers_that_differ_are_said_and_leave_no_bond(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol()
        await world.shell.press(3_200)
        world.act(Press("find-band"))
        await world.see(PairView, lambda view: view.number is not None)
        world.act(Choose("different"))
        view = await world.see(PairView, lambda view: view.problem is not None)
        assert view.problem is not None
        assert "The numbers weren't confirmed as the same." in view.problem.body
        assert world.life.context.band_address is None
        assert await world.shell.face.bonds.get_all() == []


async def test_plans_that_do_not_hold_are_said_and_the_plan_in_force_stays(tmp_path: Path) -> None:
    stranger = SoftwareKey.generate()
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.see(TodayView, lambda view: view.title == "A few questions first")
        sign = world.server.clinic.prescribe
        for blob, words in (
            (sign(AMENDED, root=stranger), "a key that your clinic hasn't certified"),
            (sign(AMENDED, signer=stranger), "Its signature doesn't hold."),
            (sign(AMENDED, origin="http://cloud.localhost:1"), "at a place that the band doesn't"),
            (sign(AMENDED)[:-20], "What came as a plan can't be read."),
        ):
            world.server.put(DownKind.PRESCRIPTION, blob)
            await world.drive("sync")
            await world.see_notice(words)
            assert world.shell.core.status().prescription_hash == hash_of(PLAN)

        world.server.put(DownKind.PRESCRIPTION, sign(AMENDED))
        await world.drive("sync")
        assert world.shell.core.status().prescription_hash == hash_of(to_bytes(AMENDED))


async def test_a_plan_outside_the_limits_is_not_even_offered_to_the_band(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R31: here the band itself would take it."""
    monkeypatch.setattr("firmware_bridge.emulator.firmware.installing.violations", lambda *_: ())
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        outside = replace(AMENDED, beat_limit_ms=6000)
        world.server.put(DownKind.PRESCRIPTION, world.server.clinic.prescribe(outside))
        await world.drive("sync")
        await world.see_notice("outside the limits that the band keeps by itself")
        assert world.shell.core.status().prescription_hash == hash_of(PLAN)


@pytest.mark.parametrize("readable", [True, False], ids=["readable", "unreadable"])
async def test_a_record_with_a_flipped_bit_is_said_and_nothing_of_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, readable: bool
) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        before = await world.drive("facts")
        world.prescribe()
        told = world.shell.core.record

        def flipped(number: int) -> bytes:
            data = told(number)
            at = data.find(hash_of(PLAN)) if readable else 0
            return data if at < 0 else data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]

        monkeypatch.setattr(world.shell.core, "record", flipped)
        await world.drive("sync")
        await world.see_notice("doesn't fit together")
        after = await world.drive("facts")
        assert after["records"] == before["records"] < after["device_head"]
        assert _records_at_the_clinic(world) == before["records"]

        monkeypatch.undo()
        await world.drive("sync")
        mended = await world.drive("facts")
        assert mended["records"] == mended["device_head"]
        assert _records_at_the_clinic(world) == mended["records"]


def _records_at_the_clinic(world: World) -> int:
    return sum(kind == "record" for kind, _ in world.server.accepted.values())
