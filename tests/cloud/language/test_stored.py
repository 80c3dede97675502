"""What the database keeps in English is shown in the reader's language, and kept as it was."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from cloud.language import conversation
from cloud.language.stored import fitting, stored
from cloud.language.stored_sentences import SENTENCES
from cloud.proof.kinds import ABOUT

TREE = Path(__file__).resolve().parents[3]
WRITERS = [
    *sorted((TREE / "cloud/alerts/rules").glob("*.py")),
    *(
        TREE / f"cloud/{name}.py"
        for name in (
            "alerts/escalating",
            "alerts/fault_words",
            "alerts/service",
            "alerts/told_words",
            "audit/watched",
            "care/ready",
            "channels/claims",
            "holds/reasons",
            "holds/service",
            "ledger/effects",
            "ledger/intake",
            "oncall/drills",
            "people/watched",
            "proof/service",
            "proof/watch",
            "vault/watch",
        )
    ),
]
"""What writes alerts and flaws."""
SENTENCE = re.compile(r"[A-Z][^{}]* [^{}]*")
ANY = "7"
BETWEEN = re.compile(f"(?<=[.!?]){ANY}? |(?<=[.!?]){ANY}$")
"""Two sentences, or one and what is only sometimes said after it."""
NOT_STORED = {
    "Choose one of the reasons.",
    "There is no such alert.",
    "This was cleared already.",
    "There is no such alert or member.",
    "This alert was acknowledged already.",
    "This member has no channel by which to be told.",
    "This member's role may not open this alert.",
    "This drill is over. The next one comes within the week.",
    "There is no such drill.",
    "There is no such flaw about this patient's band.",
    "It stood on the band before this one",
    "I want to see the patient first",
    "Side effect reported",
    "Medicine changed",
    "Doubt about the device",
    "The head moved strongly during a session",
    "A rest",
    "An answer to the safety questions",
    "An answer about side effects",
    f"The audit log was changed {ANY}",
    f"Record {ANY} is verified with other bytes.",
    f"Record {ANY} is not what the device signed.",
}
"""Errors and reasons, which pages say themselves, and one sentence of two ends."""


def written(path: Path) -> Iterator[str]:
    """The sentences that a file writes, with a figure for whatever it fills in."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    pieces = {
        id(each)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for each in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            texts = ["".join(each) for each in product(*map(_said, node.values))]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) in documented | pieces:
                continue
            texts = [node.value]
        else:
            continue
        yield from (each for each in texts if SENTENCE.fullmatch(each) and not _is_error(each))


def _said(piece: ast.expr) -> list[str]:
    """What a piece of a sentence may say: both sides of a choice, a figure for anything else."""
    if isinstance(piece, ast.Constant):
        return [str(piece.value)]
    if isinstance(piece, ast.FormattedValue) and isinstance(piece.value, ast.IfExp):
        ends = (piece.value.body, piece.value.orelse)
        return [str(each.value) if isinstance(each, ast.Constant) else ANY for each in ends]
    return [ANY]


def _is_error(text: str) -> bool:
    return text in NOT_STORED or " has 1 to " in text


@pytest.mark.parametrize("path", WRITERS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_sentence_that_is_stored_has_its_pattern(path: Path) -> None:
    lost = [
        each
        for text in written(path)
        for each in (
            [text] if fitting(text) else re.split(f"(?<=[.!?]){ANY}? |(?<=[.!?]){ANY}$", text)
        )
        if each and fitting(each.replace("{}", ANY)) is None
    ]
    assert lost == []


def test_every_kind_of_flaw_has_its_pattern() -> None:
    assert [kind for kind, about in ABOUT.items() if fitting(about.title) is None] == []


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("Nothing heard for 12 days", "Seit 12 Tagen keine Nachricht"),
        ("Mood: not answered for 12 days", "Stimmung: seit 12 Tagen nicht beantwortet"),
        (
            "The record has a gap, from record 3 to 9",
            "Die Aufzeichnung hat eine Lücke, von Eintrag 3 bis 9",
        ),
        (
            "Said in the check-in. It was 1 before. The patient needs a call.",
            "In der Befragung angegeben. Zuvor war es 1. Der Patient braucht einen Anruf.",
        ),
        ("1,200 of 3,000 pulses: strong motion.", "1,200 von 3,000 Impulsen: starke Bewegung."),
        ("Headache, grade 3", "Kopfschmerzen, Grad 3"),
        ("The audit log was changed at event 3", "Das Protokoll wurde bei Ereignis 3 verändert"),
        (
            "Headache, grade 3. The patient needs a call.",
            "Kopfschmerzen, Grad 3. Der Patient braucht einen Anruf.",
        ),
        (
            "A safety question: 4 to 6 hours of sleep, which is unusual (yes)",
            "Eine Sicherheitsfrage: 4 bis 6 Stunden Schlaf, was ungewöhnlich ist (ja)",
        ),
        ("Red flag: stroke sign", "Warnzeichen: Zeichen eines Schlaganfalls"),
        ("read what to sign again", "neu zu Signierendes gelesen"),
        ("Please ring me. My knee hurts.", "Please ring me. My knee hurts."),
        ("{0} and {name}", "{0} and {name}"),
        ("", ""),
    ],
)
def test_a_stored_sentence_is_said_in_the_readers_language(english: str, german: str) -> None:
    with conversation("de"):
        assert stored(english) == german
    with conversation("en"):
        assert stored(english) == english
    assert stored(english) == english


def test_no_two_patterns_say_the_same() -> None:
    assert len(set(SENTENCES)) == len(SENTENCES)
