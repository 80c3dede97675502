"""Runs the verifier over a file and hands back all that it said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cloud.verifier.findings import Finding, Flaw
from cloud.verifier.reading import opened
from cloud.verifier.sessions import Notable, Session
from cloud.verifier.verifier import Entry, Summary, Verifier
from shared.trust.keys import PublicKey
from shared.wire.ledger_file import Spelling
from tests.cloud.verifier.written import Written


@dataclass(frozen=True)
class Judged:
    """Entries and summary of one run."""

    entries: list[Entry]
    summary: Summary

    @property
    def sessions(self) -> list[Session]:
        return [each.what for each in self.entries if isinstance(each.what, Session)]

    @property
    def notables(self) -> list[str]:
        return [each.what.words for each in self.entries if isinstance(each.what, Notable)]

    @property
    def flaws(self) -> set[Flaw]:
        return {each.flaw for each in self.summary.findings.kept}

    @property
    def first_broken(self) -> Finding:
        first = self.summary.findings.first
        assert first is not None
        return first

    @property
    def proven(self) -> list[tuple[int, int]]:
        return [(each.first, each.last) for each in self.summary.stretches]


def judge(path: Path, manufacturer: PublicKey) -> Judged:
    """Judge a file."""
    with opened(path) as file:
        verifier = Verifier(file.header, manufacturer)
        return Judged(list(verifier.run(file.lines)), verifier.summary())


def judge_written(
    written: Written, folder: Path, spelling: Spelling = Spelling.JSON, tail: bytes = b""
) -> Judged:
    """Write a ledger to a file, with ``tail`` behind it, and judge it."""
    path = folder / f"ledger.{spelling}"
    path.write_bytes(written.to_bytes(spelling) + tail)
    return judge(path, written.maker.public_key)
