"""Whatever isn't taken is told in the person's language: every reason has a sentence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware_bridge.timebase import errors
from firmware_bridge.timebase.errors import TimebaseError
from mobile.engine.words import sentence_of
from mobile.language import ENGLISH, GERMAN, use
from mobile.presenters.distrust import CLOCK, DISTRUST
from shared.dose.ledger_errors import LedgerError
from shared.trust.errors import TrustError
from shared.wire.errors import WireError

ROOT = Path(__file__).resolve().parents[3]
RAISING = ("shared", "firmware_bridge", "mobile")


def codes() -> Iterator[str]:
    """The first argument of each TrustError that is raised anywhere."""
    for package in RAISING:
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text("utf-8")
            if "TrustError(" not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "TrustError":
                    assert isinstance(node.args[0], ast.Constant), f"{path}: no code of its own"
                    yield str(node.args[0].value)


@pytest.fixture
def german() -> Iterator[None]:
    use(GERMAN.code)
    yield
    use(ENGLISH.code)


def test_every_reason_to_distrust_has_a_sentence_and_no_other() -> None:
    assert set(codes()) == set(DISTRUST)


def test_every_failure_of_the_clock_has_a_sentence() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    assert {kind.code for kind in kinds if issubclass(kind, TimebaseError)} - {"timebase"} == set(
        CLOCK
    )


@pytest.mark.parametrize(
    "problem",
    [
        TrustError("signature", "the signature is not by this key"),
        WireError("cbor", "names a length beyond its bytes"),
        LedgerError(11, "can't be read"),
        errors.ClockLost("no clock server at 127.0.0.1:7100"),
    ],
    ids=lambda problem: type(problem).__name__,
)
@pytest.mark.usefixtures("german")
def test_no_reason_appears_in_english_within_german(problem: Exception) -> None:
    said = sentence_of(problem)
    assert str(problem) not in said
    assert not {"the", "is", "can't", "no", "What", "Nothing"} & set(said.split())


@pytest.mark.usefixtures("german")
def test_the_clinic_can_be_told_which_reason_it_was() -> None:
    assert "(Für die Klinik: signature.)" in sentence_of(TrustError("signature", "a sentence"))
    assert "(Für die Klinik: Eintrag 11.)" in sentence_of(LedgerError(11, "a problem"))
