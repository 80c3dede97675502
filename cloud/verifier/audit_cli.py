"""The command line of `circlet-verify audit`; see `circlet-verify audit --help`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cloud.verifier.audit import AuditJudge, AuditVerdict
from cloud.verifier.errors import Unusable
from cloud.verifier.reading import public_key
from shared.trust.audit_file import LINE_BYTES_MAX

WHOLE, NOT_WHOLE, UNUSABLE = 0, 1, 2
EPILOG = f"""\
exit status:
  {WHOLE}  whole: every line hangs on the one before, and a head that the clinic signed covers them
     (lines behind the last head are counted, and proven by nothing yet)
  {NOT_WHOLE}  not whole: the first wrong line is named
  {UNUSABLE}  nothing was judged: no such file, or a mistake in the arguments

the clinic's root is the only thing that is trusted: get it from the clinic's root tool, not with
the file. Keep an export and name it with --against next time: it shows whether the past was written
anew. docs/audit.md has the file's format.
"""


def main(argv: Sequence[str]) -> int:
    """Judge one file; return the process's exit status."""
    arguments = _parser().parse_args(argv)
    try:
        roots = tuple(public_key("--root", each) for each in arguments.root)
        known: dict[int, bytes] = {}
        for older in arguments.against:
            before = AuditJudge(roots, dict(known))
            with _lines(older) as lines:
                if not before.run(lines).whole:
                    raise Unusable(
                        f"--against {older}: is not whole itself (name the oldest first)"
                    )
            known |= before.proven
        judge = AuditJudge(roots, known)
        with _lines(arguments.file) as lines:
            verdict = judge.run(lines)
    except Unusable as problem:
        print(f"circlet-verify audit: {problem}", file=sys.stderr)
        return UNUSABLE
    print("\n".join(_said(verdict)))
    return WHOLE if verdict.whole else NOT_WHOLE


def _said(verdict: AuditVerdict) -> Iterator[str]:
    yield f"clinic   {verdict.clinic_id or '-'}"
    yield f"events   {verdict.events}"
    if verdict.proven_to:
        at = datetime.fromtimestamp(verdict.proven_s, UTC).isoformat("T", "seconds")
        yield f"proven   1-{verdict.proven_to}, by {verdict.heads} signed heads, the last of {at}"
        behind = verdict.events - verdict.proven_to
        yield f"behind   {behind} events that no head covers yet"
    else:
        yield "proven   nothing: no head that the clinic signed"
    if verdict.wrong is not None:
        yield f"wrong    line {verdict.wrong.line}: {verdict.wrong.words}"
    yield "whole" if verdict.whole else "NOT WHOLE"


@contextmanager
def _lines(path: Path) -> Iterator[Iterator[bytes]]:
    try:
        file = path.open("rb")
    except OSError as problem:
        raise Unusable(f"{path}: {problem.strerror}") from problem
    with file:
        yield iter(lambda: file.readline(LINE_BYTES_MAX + 1), b"")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="circlet-verify audit",
        description="Judge a clinic's audit log offline, as export-audit or the audit page "
        "writes it. It needs the clinic's root and nothing else.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="JSON lines")
    parser.add_argument(
        "--root",
        required=True,
        action="append",
        metavar="FILE.pub|HEX",
        help="the clinic's public root: a file, or 66 hexadecimal digits; again for older ones",
    )
    parser.add_argument(
        "--against",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="an older export, whose heads must stand in this one too; the oldest first",
    )
    return parser
