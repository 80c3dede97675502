"""A command whose answer was lost: the app learns from the band what became of it, and says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mobile.presenters.actions import Press
from mobile.presenters.views import ReadyView, SessionView
from shared.wire.errors import WireError
from shared.wire.operations import Operation, decode_request
from shared.wire.status import DeviceState
from tests.mobile.engine.world import World, whole_day


def lose_the_answer_to(world: World, operation: Operation, patch: pytest.MonkeyPatch) -> list[int]:
    """Break the link once, when the band has just carried this out; return how often it did."""
    control = world.shell.core.control
    asked: list[int] = []

    def and_break(message: bytes, link: Any) -> bytes:
        answer = control(message, link)
        if _is(message, operation):
            asked.append(decode_request(message).request_id)
            if len(asked) == 1:
                world.radio.air.drop()
        return answer

    patch.setattr(world.shell.core, "control", and_break)
    return asked


def _is(message: bytes, operation: Operation) -> bool:
    try:
        return decode_request(message).operation is operation
    except WireError:
        return False


async def test_what_was_armed_without_the_phone_hearing_it_is_called_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        asked = lose_the_answer_to(world, Operation.ARM, monkeypatch)
        await world.answer_safety_questions()
        await world.see_notice("called off")
        assert world.shell.core.state is DeviceState.IDLE
        assert len(asked) == 1
        assert world.board.coil.fired_total == 0


async def test_a_touch_that_was_carried_out_counts_and_is_not_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So slowly that the phone is back before the band misses its beat.
    async with whole_day(tmp_path, rate=2) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.answer_safety_questions()
        asked = lose_the_answer_to(world, Operation.OPEN_START_WINDOW, monkeypatch)
        await world.see(ReadyView, lambda view: view.button is not None)
        world.act(Press("start"))
        await world.see(ReadyView, lambda view: view.waiting is not None)
        await world.shell.press()
        begun = await world.see(SessionView)
        assert "lost on the way" not in str(begun)
        assert len(asked) == 1
