"""The command line of `circlet-verify`; see `circlet-verify --help`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from cloud.verifier import audit_cli, report
from cloud.verifier.errors import Unusable
from cloud.verifier.reading import FILE_BYTES_MAX, opened, public_key
from cloud.verifier.verifier import Verifier
from shared.wire.ledger_reading import LedgerFile

WHOLE, NOT_WHOLE, UNUSABLE = 0, 1, 2
AUDIT = "audit"
EPILOG = f"""\
exit status:
  {WHOLE}  whole: every record is there, in order, and a head that the device signed covers them
     (records behind the last head are named, and proven by nothing yet)
  {NOT_WHOLE}  not whole: a gap, a fork, a broken link, a forged or foreign certificate, or junk;
     the first broken link is printed, and what is proven beside it
  {UNUSABLE}  nothing was judged: no such file, no ledger file, above {FILE_BYTES_MAX // 2**20} MiB,
     or a mistake in the arguments

the manufacturer's root is the only thing that is trusted: get it from the maker, not with the file.
docs/verifying.md has the file's format.

a clinic's audit log is judged by: circlet-verify audit FILE --root clinic-root.pub
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Judge one file; return the process's exit status."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given[:1] == [AUDIT]:
        return audit_cli.main(given[1:])
    arguments = _parser().parse_args(given)
    try:
        manufacturer = public_key("--manufacturer", arguments.manufacturer)
        with opened(arguments.file) as file:
            verifier = Verifier(file.header, manufacturer, arguments.number_at)
            print_lines = _as_json if arguments.json else _as_text
            for line in print_lines(verifier, file):
                print(line)
    except Unusable as problem:
        print(f"circlet-verify: {problem}", file=sys.stderr)
        return UNUSABLE
    except BrokenPipeError:
        sys.stderr.close()
        return UNUSABLE
    return WHOLE if verifier.summary().whole else NOT_WHOLE


def _as_text(verifier: Verifier, file: LedgerFile) -> Iterator[str]:
    yield report.HEADING
    yield from map(report.entry_line, verifier.run(file.lines))
    yield ""
    yield from report.summary_lines(verifier.summary())


def _as_json(verifier: Verifier, file: LedgerFile) -> Iterator[str]:
    for entry in verifier.run(file.lines):
        yield report.as_json(report.entry_object(entry))
    yield report.as_json(report.summary_object(verifier.summary()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="circlet-verify",
        description="Judge a device's ledger offline: sessions, pulses, gaps, forks, holds, and "
        "the first broken link. It needs the manufacturer's root and nothing else.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="JSON lines or CBOR")
    parser.add_argument(
        "--manufacturer",
        required=True,
        metavar="FILE.pub|HEX",
        help="the manufacturer's public root: a file, or 66 hexadecimal digits",
    )
    parser.add_argument(
        "--number-at",
        type=int,
        metavar="RECORD",
        help="print a course report's verification number for this record",
    )
    parser.add_argument("--json", action="store_true", help="JSON lines, the summary last")
    return parser


if __name__ == "__main__":
    sys.exit(main())
