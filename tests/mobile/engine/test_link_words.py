"""What is said of the link's errors is for a person: no code, no unit, no name of an operation."""

from __future__ import annotations

import re

import pytest

from firmware_bridge.link import (
    AttributeRefused,
    BlobNotTaken,
    BluetoothNotAllowed,
    BluetoothUnavailable,
    LinkError,
    LinkLost,
    LinkSilent,
    LinkTimeout,
    NoSessionKey,
    NotABand,
    PairingRefusal,
    PairingRefused,
    TransferBroken,
)
from mobile.engine.link_words import link_words
from mobile.engine.words import sentence_of
from shared.wire.blob_parts import Verdict
from shared.wire.operations import Operation

TECHNICAL = re.compile(r"0x|ATT|\bms\b|\w_\w|[{}()]|error|frame|batch|request|None", re.IGNORECASE)
MET = [
    LinkLost(),
    LinkSilent(3_000),
    LinkTimeout("search", 30_000),
    LinkTimeout("connect", 20_000),
    LinkTimeout("press the band's button", 60_000),
    BluetoothUnavailable(),
    BluetoothNotAllowed(),
    NotABand(),
    AttributeRefused(0x0E),
    TransferBroken("A record came broken: frame: goes on with a message that did not begin."),
    *(BlobNotTaken(verdict) for verdict in Verdict if verdict is not Verdict.WHOLE),
    *(PairingRefused(refusal) for refusal in PairingRefusal),
    *(LinkTimeout(each.name.lower(), 5_000) for each in Operation),
    *(NoSessionKey(each) for each in (Operation.START, Operation.BEAT)),
]


@pytest.mark.parametrize("problem", MET, ids=lambda problem: f"{type(problem).__name__} {problem}")
def test_every_error_of_the_link_is_a_sentence_for_a_person(problem: LinkError) -> None:
    words = sentence_of(problem)
    assert words.endswith(".")
    assert TECHNICAL.search(words) is None


def test_a_band_that_does_not_answer_is_not_said_to_have_refused() -> None:
    assert "didn't answer in time" in link_words(LinkTimeout("nonce", 5_000))
    assert "No band was found" in link_words(LinkTimeout("search", 30_000))


def test_a_plan_that_did_not_arrive_says_what_became_of_it() -> None:
    assert "incomplete" in link_words(BlobNotTaken(Verdict.GO_ON))
    assert "changed on the way" in link_words(BlobNotTaken(Verdict.OTHER_BYTES))


def test_what_came_broken_is_asked_for_again_and_the_person_knows() -> None:
    words = link_words(TransferBroken("Record 7 is missing before 9."))
    assert "asked for again" in words
    assert "7" not in words
