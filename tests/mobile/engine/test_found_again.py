"""A session under way is found again within two seconds of a restart: first as last known, with
STOP, then as the band says. In real time, on real parts."""

from __future__ import annotations

import time
from pathlib import Path

from mobile.presenters.actions import Stop
from mobile.presenters.views import SessionView
from shared.wire.status import DeviceState
from tests.mobile.engine.world import whole_day

WITHIN_S = 2.0


async def test_a_running_session_is_found_again_within_two_seconds(tmp_path: Path) -> None:
    # At the pace of the clock on the wall: nothing is sped up.
    async with whole_day(tmp_path, rate=1) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.answer_safety_questions()
        await world.begin_session()
        await world.see(SessionView, lambda view: view.title == "Session running")
        await world.end_phone()
        assert world.shell.core.state in (DeviceState.STIMULATING, DeviceState.PAUSED)

        world.views.clear()
        begun_s = time.monotonic()
        world.begin_phone()
        first = await world.see(SessionView)
        shown_s = time.monotonic() - begun_s
        assert first.link_lost
        assert first.stop_label == "STOP"
        await world.see(SessionView, lambda view: not view.link_lost)
        heard_s = time.monotonic() - begun_s
        print(f"STOP in reach after {shown_s:.2f} s, the band heard after {heard_s:.2f} s")
        assert shown_s <= WITHIN_S
        assert heard_s <= WITHIN_S

        world.act(Stop())
        await world.see(SessionView, lambda view: view.title in ("It has stopped", "Paused"))
