"""Every reason for which a band takes no update, with its SMP code and words for the person.

A code of the image group stands where MCUmgr has one that means this; the others are general ones,
told apart by their word, which travels beside them as MCUmgr's `rsn`.
"""

from __future__ import annotations

from enum import Enum

GENERAL = None
IMAGE_GROUP = 1

LEAST_BATTERY_PERCENT = 50
"""Below that no update begins: a swap must not meet an empty battery (own figure)."""

_EINVAL, _EBADSTATE, _ENOTSUP, _ECORRUPT, _EACCESSDENIED = 3, 6, 8, 9, 11
_FLASH_WRITE_FAILED, _CURRENT_VERSION_IS_NEWER, _IMAGE_ALREADY_PENDING = 12, 27, 28
_IMAGE_TOO_LARGE, _IMAGE_CONFIRMATION_DENIED = 30, 32


class UpdateRefusal(Enum):
    """A no, by its stable word."""

    NOT_IDLE = (
        "not_idle",
        GENERAL,
        _EBADSTATE,
        "The band is busy. Try again once it is at rest: no update begins while a session is "
        "armed or running.",
    )
    BATTERY_LOW = (
        "battery_low",
        GENERAL,
        _EBADSTATE,
        f"The band's battery is below {LEAST_BATTERY_PERCENT} %. Charge it, then try again.",
    )
    ON_TRIAL = (
        "on_trial",
        GENERAL,
        _EBADSTATE,
        "The band is still trying out its last update. Wait a minute, then look again.",
    )
    NOTHING_WAITS = (
        "nothing_waits",
        GENERAL,
        _EBADSTATE,
        "No update waits on the band for a restart. Send it again.",
    )
    ALREADY_WAITS = (
        "already_waits",
        IMAGE_GROUP,
        _IMAGE_ALREADY_PENDING,
        "Another update waits on the band already, for its next restart.",
    )
    DOWNGRADE = (
        "downgrade",
        IMAGE_GROUP,
        _CURRENT_VERSION_IS_NEWER,
        "This update is older than the band may go back to. Take a newer one.",
    )
    WRONG_PRODUCT = (
        "wrong_product",
        GENERAL,
        _EACCESSDENIED,
        "This update is for another product or another hardware than this band.",
    )
    BAD_SIGNATURE = (
        "bad_signature",
        GENERAL,
        _EACCESSDENIED,
        "This update isn't signed by the band's maker, or its key's time is over.",
    )
    BAD_IMAGE = (
        "bad_image",
        GENERAL,
        _ECORRUPT,
        "This file isn't a whole update. Get it once more.",
    )
    TOO_LARGE = (
        "too_large",
        IMAGE_GROUP,
        _IMAGE_TOO_LARGE,
        "This update is larger than the band can hold.",
    )
    FLASH_BROKEN = (
        "flash_broken",
        IMAGE_GROUP,
        _FLASH_WRITE_FAILED,
        "The band can't store the update. It needs service.",
    )
    CONFIRMS_ITSELF = (
        "confirms_itself",
        IMAGE_GROUP,
        _IMAGE_CONFIRMATION_DENIED,
        "A band confirms an update by itself, after its own test; nobody else may.",
    )
    NOT_SUPPORTED = (
        "not_supported",
        GENERAL,
        _ENOTSUP,
        "The band doesn't know this request.",
    )
    BAD_REQUEST = ("bad_request", GENERAL, _EINVAL, "The band couldn't read the request.")

    def __init__(self, word: str, group: int | None, code: int, sentence: str) -> None:
        self.word = word
        self.group = group
        self.rc = code
        self.sentence = sentence


def refusal_of(group: int | None, code: int, word: str | None) -> UpdateRefusal | None:
    """Return the refusal that an SMP error stands for; None for one that isn't the band's."""
    for refusal in UpdateRefusal:
        if (refusal.group, refusal.rc) == (group, code) and (group or refusal.word == word):
            return refusal
    return None
