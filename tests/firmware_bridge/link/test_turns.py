"""One writer at a time, the most urgent first, and nobody who left is waited for."""

import asyncio
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.link.turns import Turns, Urgency
from firmware_bridge.link.undoubled import Undoubled
from shared.wire.framing import Reassembler, frames


async def test_the_most_urgent_waiter_is_next_and_equals_go_in_order() -> None:
    turns = Turns()
    served: list[str] = []

    async def take(name: str, urgency: Urgency) -> None:
        async with turns.turn(urgency):
            served.append(name)

    async with asyncio.TaskGroup() as group, turns.turn(Urgency.COMMAND):
        for name, urgency in [
            ("chunk", Urgency.TRANSFER),
            ("arm", Urgency.COMMAND),
            ("close", Urgency.COMMAND),
            ("beat", Urgency.SUPERVISION),
            ("stop", Urgency.STOP),
        ]:
            group.create_task(take(name, urgency))
        await asyncio.sleep(0)
    assert served == ["stop", "beat", "arm", "close", "chunk"]


async def test_a_waiter_that_is_cancelled_holds_nobody_up() -> None:
    turns = Turns()
    served: list[str] = []

    async def take(name: str) -> None:
        async with turns.turn(Urgency.COMMAND):
            served.append(name)

    async with turns.turn(Urgency.COMMAND):
        left, stays = asyncio.create_task(take("left")), asyncio.create_task(take("stays"))
        await asyncio.sleep(0)
        left.cancel()
    async with asyncio.timeout(2):
        await stays
    assert served == ["stays"]


async def test_a_waiter_that_is_cancelled_on_its_turn_passes_it_on() -> None:
    turns = Turns()

    async def take() -> None:
        async with turns.turn(Urgency.COMMAND):
            pass

    holder = turns.turn(Urgency.COMMAND)
    await holder.__aenter__()
    left, stays = asyncio.create_task(take()), asyncio.create_task(take())
    await asyncio.sleep(0)
    await holder.__aexit__(None, None, None)
    left.cancel()
    async with asyncio.timeout(2):
        await stays


@given(
    st.lists(st.binary(min_size=1, max_size=1200), min_size=1, max_size=4, unique=True),
    st.integers(min_value=23, max_value=517),
    st.integers(min_value=1, max_value=6),
)
def test_messages_survive_framing_at_any_mtu_and_any_number_of_copies(
    messages: list[bytes], mtu: int, copies: int
) -> None:
    numbered = [bytes([number]) + message for number, message in enumerate(messages)]
    reassembler = Reassembler()
    received: list[bytes] = []

    def take(value: bytes) -> None:
        if (message := reassembler.feed(value)) is not None:
            received.append(message)

    values = [value for message in numbered for value in frames(message, mtu - 3)]
    without_twins = all(one != other for one, other in pairwise(values))
    deliver = Undoubled(take) if without_twins else take
    for value in values:
        for _ in range(copies if without_twins else 1):
            deliver(value)
    assert received == numbered
