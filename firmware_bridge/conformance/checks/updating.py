"""Firmware updates: what the band says of its slots, and what it doesn't take.

No update is carried through: what runs on the band stays.
"""

from __future__ import annotations

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.findings import Deviation, expect, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.sections import Section
from firmware_bridge.demo.release import image
from firmware_bridge.link.update import Outcome, Refused, Update
from shared.firmware.image import Version
from shared.firmware.manifest import Behaviour
from shared.firmware.refusals import UpdateRefusal
from shared.wire.operations import Operation

at_rest = Checks(Need.OWNED)
under_way = Checks(Need.ARMED)

NEWER = Version(1, 255, 0)


@at_rest.add(Section.UPDATE, Operation.HELLO)
async def slots(bench: Bench) -> None:
    """The first slot holds the firmware that HELLO names, and it is confirmed."""
    phone = await bench.phone()
    named = (await phone.client.hello()).firmware
    images = await Update(phone.connection).look()
    expect(named.startswith(images.running), f"{named} in the first slot", images.running)
    expect(images.confirmed, "a confirmed image", "one on trial")


@at_rest.add(Section.UPDATE)
async def signed_by_nobody(bench: Bench) -> None:
    """An image whose signature doesn't hold is sent in vain: it isn't tried."""
    phone, made = await bench.phone(), _image(bench)
    before = await Update(phone.connection).look()
    outcome = await Update(phone.connection).run(made[:-1] + bytes([made[-1] ^ 1]))
    _refused(outcome, UpdateRefusal.BAD_SIGNATURE, UpdateRefusal.BAD_IMAGE)
    after = await Update(phone.connection).look()
    same((after.running, after.waits), (before.running, False), "what runs, and what waits:")


@under_way.add(Section.UPDATE)
async def not_while_armed(bench: Bench) -> None:
    """No update begins while a session is armed."""
    phone = await bench.phone()
    _refused(await Update(phone.connection).run(_image(bench)), UpdateRefusal.NOT_IDLE)


def _image(bench: Bench) -> bytes:
    return image(bench.demo.keys, NEWER, Behaviour.STEADY, security_counter=1, size=100)


def _refused(outcome: Outcome, *refusals: UpdateRefusal) -> None:
    wanted = " or ".join(refusal.name for refusal in refusals)
    if not isinstance(outcome, Refused):
        raise Deviation(f"a refusal {wanted}", type(outcome).__name__)
    expect(outcome.refusal in refusals, f"a refusal {wanted}", outcome.refusal.name)
