"""What befalls values on their way, one by one."""

import pytest

from firmware_bridge.emulator.events import Event
from firmware_bridge.emulator.face.ear import Channel
from firmware_bridge.emulator.face.interference import Harm, Interference
from tests.firmware_bridge.emulator.profile.hand_clock import HandClock

VALUES = (b"one", b"two", b"three")


async def arrived(air: Interference, channel: Channel = Channel.STATUS) -> list[bytes]:
    """What comes of three values on one characteristic."""
    return [
        value for sent in VALUES for value in await air.passing(Event.NOTIFICATION, channel, sent)
    ]


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (Harm.DROP, [b"two", b"three"]),
        (Harm.DOUBLE, [b"one", b"one", b"two", b"three"]),
        (Harm.REORDER, [b"two", b"one", b"three"]),
    ],
)
async def test_next_value_is_harmed_and_no_other(harm: Harm, expected: list[bytes]) -> None:
    air = Interference(HandClock())
    assert await arrived(air) == list(VALUES)
    air.harm(harm, 1)
    assert await arrived(air) == expected
    assert await arrived(air) == list(VALUES)


async def test_one_bit_of_a_corrupted_value_differs_and_a_seed_says_which() -> None:
    runs = []
    for _ in range(2):
        air = Interference(HandClock(), seed=4)
        air.harm(Harm.CORRUPT, 1)
        runs.append(await arrived(air))
    first, *others = runs[0]
    differing = int.from_bytes(first) ^ int.from_bytes(VALUES[0])
    assert differing.bit_count() == 1
    assert others == list(VALUES[1:])
    assert runs[0] == runs[1]


async def test_value_that_was_held_back_waits_for_its_own_characteristic() -> None:
    air = Interference(HandClock())
    air.harm(Harm.REORDER, 1)
    assert await air.passing(Event.NOTIFICATION, Channel.STATUS, b"held") == ()
    assert await air.passing(Event.NOTIFICATION, Channel.TELEMETRY, b"other") == (b"other",)
    assert await air.passing(Event.WRITTEN, Channel.STATUS, b"written") == (b"written",)
    assert await air.passing(Event.NOTIFICATION, Channel.STATUS, b"next") == (b"next", b"held")


async def test_nothing_passes_a_lost_link_and_nothing_old_comes_on_the_next() -> None:
    air = Interference(HandClock())
    air.harm(Harm.REORDER, 1)
    await air.passing(Event.NOTIFICATION, Channel.STATUS, b"held")
    air.lose_link()
    assert await arrived(air) == []
    air.new_link()
    assert await arrived(air) == list(VALUES)
