"""Faults of the link and of pairing: what goes wrong between the band and its phone."""

from __future__ import annotations

from firmware_bridge.emulator.face.interference import Harm
from firmware_bridge.emulator.faults.fault import Fault, Lasts, Stands, Where
from firmware_bridge.emulator.faults.reach import Reach
from firmware_bridge.emulator.faults.wanted import Flag, Happens, Integer

MOST_VALUES = 10_000
SLOWEST_MS = 60_000
USUAL_DELAY_MS = 300


def _harmed(meaning: str, harm: Harm) -> Fault:
    def inject(band: Reach, values: int) -> Stands:
        air = band.interference
        air.harm(harm, values)
        return Stands(lambda: air.harm(harm, 0), lambda: air.left(harm) > 0)

    return Fault(meaning, Where.LINK, Lasts.STANDS, Integer(0, MOST_VALUES, 1), inject, sound=0)


def _slow(band: Reach, delay_ms: int) -> Stands:
    air = band.interference
    before, air.delay_ms = air.delay_ms, delay_ms

    def undo() -> None:
        air.delay_ms = before

    return Stands(undo)


def _out_of_reach(band: Reach, _: bool) -> Stands:
    band.interference.leave()
    return Stands(band.interference.come_back)


def _refuse_pairing(band: Reach, _: bool) -> Stands:
    air = band.interference
    air.refuses_pairing = True

    def undo() -> None:
        air.refuses_pairing = False

    return Stands(undo)


AIR_FAULTS = {
    "link_loss": Fault(
        "the link breaks; the band is there again at once",
        Where.LINK,
        Lasts.HAPPENS,
        Happens(),
        lambda band, _: band.interference.lose_link(),
    ),
    "out_of_reach": Fault(
        "the link breaks, and the band is not to be found",
        Where.LINK,
        Lasts.STANDS,
        Flag(),
        _out_of_reach,
        sound=False,
    ),
    "slow_link": Fault(
        "every value takes so many milliseconds more, either way; 0 ends it",
        Where.LINK,
        Lasts.STANDS,
        Integer(0, SLOWEST_MS, USUAL_DELAY_MS),
        _slow,
        sound=0,
    ),
    "att_corrupt": _harmed("a bit turns over in so many of the next values", Harm.CORRUPT),
    "att_drop": _harmed("so many of the next values are lost", Harm.DROP),
    "att_double": _harmed("so many of the next values come twice", Harm.DOUBLE),
    "att_reorder": _harmed(
        "so many of the next values come after the one that follows on their characteristic",
        Harm.REORDER,
    ),
    "pairing_refused": Fault(
        "the band refuses to pair, its window open or not",
        Where.PAIRING,
        Lasts.STANDS,
        Flag(),
        _refuse_pairing,
        sound=False,
    ),
    "bond_lost": Fault(
        "the band forgets every phone that ever paired",
        Where.PAIRING,
        Lasts.HAPPENS,
        Happens(),
        lambda band, _: band.forget_bonds(),
    ),
}
