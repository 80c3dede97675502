"""What is done with a band in its day, and what goes wrong meanwhile: drawn by weight, by a seed.

An act may end in any error of the link: that is what it is for. What it changed at the band's parts
is taken back by `soothe`.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from firmware_bridge.demo.setting_up import clear, set_time
from firmware_bridge.demo.sitting import arm, pass_gates
from firmware_bridge.link import Beat, LinkError
from firmware_bridge.soak.stand import Stand
from shared.trust.statements import NONCE_BYTES
from shared.wire.blob_parts import MAXIMUM_BLOB_BYTES
from shared.wire.operations import BlobKind, NoncePurpose
from shared.wire.status import DeviceState

MINUTE_MS = 60_000
SESSION_WITHIN_MS = 10 * MINUTE_MS
OUT_OF_REACH_MS = 300
"""Of real time, as all that takes place on the air."""

Act = Callable[[Stand, random.Random], Awaitable[None]]


@dataclass(frozen=True)
class Weighted:
    """An act, and how often it is drawn beside the others."""

    act: Act
    weight: int


async def rest(stand: Stand, chance: random.Random) -> None:
    """Nothing happens for some minutes."""
    await stand.clock.advance(chance.randrange(MINUTE_MS, 20 * MINUTE_MS))


async def look(stand: Stand, chance: random.Random) -> None:
    """The phone asks this and that."""
    await stand.client.hello()
    await stand.client.nonce(chance.choice([*NoncePurpose]))
    await stand.client.head(secrets.token_bytes(NONCE_BYTES))


async def read(stand: Stand, chance: random.Random) -> None:
    """The phone fetches the record, or a part of it."""
    last = (await stand.client.hello()).head_number
    first = chance.choice([1, chance.randrange(1, last + 1)])
    async for _ in stand.client.ledger(first):
        continue


async def leave_off_reading(stand: Stand, chance: random.Random) -> None:
    """The phone fetches the record and loses interest in the midst of it."""
    async for line in stand.client.ledger(1):
        if line.number >= 3:
            return


async def send(stand: Stand, chance: random.Random) -> None:
    """A blob goes to the band that nobody uses."""
    await stand.client.send_blob(
        BlobKind.FINAL_HEAD, chance.randbytes(chance.randrange(1, MAXIMUM_BLOB_BYTES + 1))
    )


async def refresh(stand: Stand, chance: random.Random) -> None:
    """Time and clearance come anew."""
    await set_time(stand.client, stand.clinic)
    await clear(stand.client, stand.clinic)


async def practise(stand: Stand, chance: random.Random) -> None:
    """The person goes through a session's motions."""
    await stand.client.practice()
    await stand.clock.advance(chance.randrange(1_000, MINUTE_MS))
    await stand.client.stop()


async def sit(stand: Stand, chance: random.Random) -> None:
    """A session, where the lock permits one: to its end, or until somebody stops it."""
    await pass_gates(stand.client, stand.clinic)
    status = stand.connection.status
    if status is None or status.prescription_hash is None:
        return
    await arm(stand.client, stand.clinic, status.prescription_hash)
    beating = asyncio.create_task(Beat(stand.client, stand.clock).run())
    try:
        await stand.client.open_start_window()
        await stand.hand.press()
        await _treat(stand, chance.randrange(5_000, SESSION_WITHIN_MS))
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
        with suppress(LinkError):
            await stand.client.close()
        stand.client.drop_session_key()


async def _treat(stand: Stand, for_ms: int) -> None:
    until_ms = stand.clock.elapsed_ms() + for_ms
    while stand.clock.elapsed_ms() < until_ms:
        await stand.clock.advance(2_000)
        status = stand.connection.status
        if status is not None and status.state is DeviceState.IDLE:
            return
        with suppress(LinkError):
            await stand.client.still_here()


async def come_back(stand: Stand, chance: random.Random) -> None:
    """The phone goes away and comes back."""
    await stand.away()
    await stand.clock.advance(chance.randrange(1_000, 30 * MINUTE_MS))


async def drop(stand: Stand, chance: random.Random) -> None:
    """The link breaks, at the band or in the air, in the midst of reading."""
    reading = asyncio.create_task(read(stand, chance))
    if chance.random() < 0.5:
        await stand.surface.drop()
    else:
        await stand.radio.drop(for_ms=chance.randrange(1, OUT_OF_REACH_MS))
    await asyncio.gather(reading, return_exceptions=True)


async def reboot(stand: Stand, chance: random.Random) -> None:
    """The band's processor begins anew."""
    fault, value = chance.choice([("watchdog", True), ("brown_out", 50), ("power_cut", 5_000)])
    await stand.surface.fault(**{fault: value})
    await stand.clock.advance(10_000)


async def garble(stand: Stand, chance: random.Random) -> None:
    """Values on the air are lost, doubled, out of order or wrong while the phone reads."""
    fault = chance.choice(["att_drop", "att_double", "att_reorder", "att_corrupt"])
    await stand.surface.fault(**{fault: chance.randrange(1, 4)})
    await read(stand, chance)


async def feel(stand: Stand, chance: random.Random) -> None:
    """The sensors feel something that is not as it should be."""
    fault, value = chance.choice(
        [
            ("contact", False),
            ("position_ok", False),
            ("temperature", 45),
            ("battery_percent", 9),
            ("charger_plugged_in", True),
        ]
    )
    await stand.surface.fault(**{fault: value})
    await stand.clock.advance(chance.randrange(1_000, MINUTE_MS))
    await look(stand, chance)


async def forget(stand: Stand, chance: random.Random) -> None:
    """The band forgets its phone."""
    await stand.surface.fault(bond_lost=True)
    await stand.surface.drop()


ACTS = (
    Weighted(rest, 12),
    Weighted(look, 8),
    Weighted(read, 6),
    Weighted(leave_off_reading, 3),
    Weighted(send, 4),
    Weighted(refresh, 3),
    Weighted(practise, 2),
    Weighted(sit, 2),
    Weighted(come_back, 3),
    Weighted(drop, 6),
    Weighted(reboot, 3),
    Weighted(garble, 4),
    Weighted(feel, 4),
    Weighted(forget, 1),
)


def draw(chance: random.Random) -> Act:
    """The next act."""
    (drawn,) = chance.choices(ACTS, weights=[each.weight for each in ACTS])
    return drawn.act


async def soothe(stand: Stand) -> None:
    """Take every fault back that stands."""
    await stand.surface.call("DELETE", "/placements")
    await stand.surface.fault(
        contact=True, position_ok=True, temperature=None, battery_percent=80, on_charger=True
    )
