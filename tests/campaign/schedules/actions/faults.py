"""Power, flash, link, phone and clocks: what breaks by itself."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from tests.campaign.schedules.actions import sessions
from tests.campaign.schedules.actions.registry import HOUR_MS, Done, action
from tests.campaign.schedules.air import Weather
from tests.campaign.schedules.facts import Restored
from tests.campaign.schedules.memory_store import Image

OFF_MS = (0, 700, 5_000, 60_000, HOUR_MS, 5 * HOUR_MS, 30 * HOUR_MS)


async def back_on(done: Done) -> None:
    """Switch the band on again, after a while; its clock may have lost its supply meanwhile."""
    stage = done.stage
    if stage.band.on:
        return
    await stage.sleep_ms(done.chance.choice(OFF_MS))
    if done.chance.random() < 0.2:
        done.faults["clock lost"] += 1
        stage.band.break_clock()
    stage.band.switch_on()
    while not stage.band.on:
        await stage.sleep_ms(1_000)
        stage.band.switch_on()


def _something(done: Done) -> Coroutine[Any, Any, None]:
    what = done.chance.choice(("treat", "treat", "round", "resume", "start", "gates"))
    if what == "treat":
        return sessions.all_of_it(done)
    if what == "resume":
        return sessions.go_on(done)
    if what == "start":
        return sessions.begin(done)
    if what == "gates":
        return sessions.pass_gates(done)
    return done.phone.round()


# Power and flash


@action(4, during=4)
async def pull_battery(done: Done) -> None:
    done.faults["battery pulled"] += 1
    done.stage.band.switch_off()
    await back_on(done)
    await done.wait_ms(1, 3_000)


@action(9, during=6)
async def cut_at_a_byte(done: Done) -> None:
    """The power goes at some byte of flash, in whatever is written next."""
    done.faults["cut at a byte of flash"] += 1
    most = done.chance.choice((3, 60, 300, 2_000))
    done.stage.band.cut_after(done.chance.randrange(most), done.chance.randrange(1_000))
    await done.ask(_something(done))
    await done.wait_ms(1, 9_000)
    await back_on(done)


@action(3)
async def cut_while_booting(done: Done) -> None:
    """The power goes, and goes again while the band comes up."""
    done.faults["cut while booting"] += 1
    stage = done.stage
    stage.band.switch_off()
    stage.band.cut_in_boot = (done.chance.randrange(400), done.chance.randrange(1_000))
    stage.band.switch_on()
    await back_on(done)


@action(2)
async def keep_flash(done: Done) -> None:
    """Somebody copies the flash, for later."""
    kept, counter = done.stage.band.kept, done.stage.band.kept.counter.content or b""
    count = int(counter.split(b" ")[0] or b"0")
    done.stage.person.flashes.append((kept.flash.image(), count))


@action(2)
async def restore_flash(done: Done) -> None:
    """An older image is put in the flash's place, where pulses were reserved since."""
    stage, person = done.stage, done.stage.person
    count = int((stage.band.kept.counter.content or b"0").split(b" ")[0])
    older = [image for image, then in person.flashes if then < count]
    if not older:
        return
    done.faults["older flash image restored"] += 1
    stage.band.switch_off()
    stage.world.logs.append((len(stage.world.pulses), stage.band.log_area()))
    stage.band.kept.flash.restore(done.chance.choice(older))
    stage.world.facts.append(Restored(stage.timeline.now_us, True))
    stage.world.may_be_faulty = True
    stage.band.switch_on()
    await done.ask(sessions.all_of_it(done))


# Clocks


@action(2, during=2)
async def lose_clock(done: Done) -> None:
    done.faults["clock lost"] += 1
    done.stage.band.break_clock()
    await done.wait_ms(1, 3_000)


@action(2)
async def turn_phone_clock(done: Done) -> None:
    done.faults["phone's clock turned"] += 1
    days = done.chance.choice((-400, -1, 1, 400))
    done.phone.clock.offset_ms += days * 24 * HOUR_MS


# Link


@action(4, during=3, begins=True)
async def lose_link(done: Done) -> None:
    done.faults["link lost"] += 1
    done.stage.air.drop()
    await done.wait_ms(1, 6_000)


@action(3, during=4)
async def go_out_of_reach(done: Done) -> None:
    done.faults["link lost"] += 1
    stage = done.stage
    task = done.phone.spawn(_something(done))
    await done.wait_ms(1, 4_000)
    stage.air.out_of_reach()
    await done.wait_ms(100, 90_000)
    stage.air.back_in_reach()
    await stage.sleep_ms(50)
    task.cancel()


@action(8, during=6, begins=True)
async def bad_weather(done: Done) -> None:
    """Frames are lost, doubled, swapped or late while something is done."""
    weather, chance = done.stage.air.weather, done.chance
    weather.skip = chance.randrange(40)
    what = chance.choice(("lose", "double", "swap", "slow", "all"))
    weather.lose = chance.randrange(1, 3) if what in ("lose", "all") else 0
    weather.double = chance.randrange(1, 6) if what in ("double", "all") else 0
    weather.swap = chance.randrange(1, 4) if what in ("swap", "all") else 0
    weather.slow_ms = chance.choice((30, 900)) if what == "slow" else 0
    await done.ask(_something(done))
    await done.wait_ms(1, 6_000)
    vars(weather).update(vars(Weather()))


# Phone


@action(9, during=6)
async def kill_phone(done: Done) -> None:
    """The app dies at any await, and is opened again over its store."""
    done.faults["phone killed"] += 1
    await _die(done, None)


@action(2)
async def back_up_phone(done: Done) -> None:
    done.stage.person.images.append(done.phone.image())


@action(3)
async def restore_phone(done: Done) -> None:
    """The app dies, and comes back with an older store."""
    images = done.stage.person.images
    if images:
        done.faults["phone's backup restored"] += 1
        await _die(done, done.chance.choice(images))


@action(1)
async def reinstall_app(done: Done) -> None:
    done.faults["app reinstalled"] += 1
    await _die(done, None, afresh=True)


async def _die(done: Done, older: Image | None, *, afresh: bool = False) -> None:
    stage, phone = done.stage, done.phone
    frozen: list[Image] = []
    turn = stage.timeline.turns + done.chance.randrange(1, done.chance.choice((30, 150, 500)))

    def freeze() -> None:
        if phone.alive:
            frozen.append(phone.freeze())

    stage.timeline.at_turn(turn, freeze)
    await done.ask(_something(done), 4_000)
    await done.wait_ms(1, 5_000)
    freeze()
    stage.open_app(None if afresh or not frozen else older or frozen[0])
    await done.wait_ms(100, 5_000)
