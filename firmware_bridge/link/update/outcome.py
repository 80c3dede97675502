"""What an update tells: how far it is, and how it ended, each with words for the person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from firmware_bridge.link.errors import AttributeRefused, LinkError, LinkTimeout, TransferBroken
from shared.firmware.refusals import UpdateRefusal

NEEDS_SERVICE = (
    "The band has failed and needs service. It takes no update; what it runs and its record stay "
    "as they are."
)


class Stage(Enum):
    """Where an update stands, with a sentence for the person."""

    LOOKING = ("looking", "Asking the band what it runs.")
    SENDING = ("sending", "Sending the update. Stay near the band.")
    MARKING = ("marking", "The band checks the update's signature.")
    RESTARTING = ("restarting", "The band restarts with the update.")
    TRYING = ("trying", "The band tests itself with the update.")

    def __init__(self, word: str, sentence: str) -> None:
        self.word = word
        self.sentence = sentence


@dataclass(frozen=True)
class Progress:
    """How far an update is; `sent_bytes` is what the band holds."""

    stage: Stage
    sent_bytes: int
    total_bytes: int


@dataclass(frozen=True)
class BandImages:
    """What the band says of its two slots."""

    running: str
    """Version of the firmware that runs."""
    running_hash: bytes | None
    """None for the firmware that the maker put in, which is no image."""
    confirmed: bool
    """False while what runs is on trial."""
    other: str | None
    other_hash: bytes | None
    waits: bool
    """Whether the other one is tried at the next restart."""


@dataclass(frozen=True)
class Confirmed:
    """The band runs the update and keeps it."""

    version: str

    @property
    def sentence(self) -> str:
        return f"The band runs version {self.version} now."


@dataclass(frozen=True)
class RolledBack:
    """The update didn't stand its test; the band runs what it ran before."""

    version: str

    @property
    def sentence(self) -> str:
        return (
            f"The update didn't pass the band's own test. The band runs version {self.version} "
            "again, as before; your treatment and its record stay as they are. Send it once more; "
            "if the band goes back again, ask the band's maker."
        )


@dataclass(frozen=True)
class Refused:
    """The band takes no such update, or not now; it runs what it ran."""

    refusal: UpdateRefusal
    band_failed: bool = False
    """The band itself is out of service: no waiting brings it to rest."""

    @property
    def sentence(self) -> str:
        return NEEDS_SERVICE if self.band_failed else self.refusal.sentence


@dataclass(frozen=True)
class Unsettled:
    """The band wasn't seen again in time: it is known as soon as it is (`Update.look`)."""

    stage: Stage

    @property
    def sentence(self) -> str:
        return (
            "The band hasn't come back yet, so it isn't known how the update ended. It settles "
            "that by itself; keep it charged and near the phone."
        )


Outcome = Confirmed | RolledBack | Refused | Unsettled


def broken_off(problem: LinkError) -> str:
    """What is told where an update ended by the link's own error and has no outcome."""
    match problem:
        case LinkTimeout():
            why = "The band didn't answer in time."
        case TransferBroken() | AttributeRefused():
            why = "What passed between band and phone came broken on the way."
        case _:
            why = str(problem)
    return (
        f"{why} The update isn't finished; what the band holds of it stays there. Send the same "
        "file again with the band near."
    )
