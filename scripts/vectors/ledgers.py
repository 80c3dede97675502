"""Ledger files, good and broken, with what a verifier has to say about each.

The files are as docs/verifying.md specifies, in CBOR. All keys are TEST KEYS.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from scripts.vectors.keys import key_for_tests
from shared.wire import records
from shared.wire.ledger_file import Line, LineKind, Spelling
from shared.wire.records import SessionKind
from tests.cloud.verifier.judging import Judged, judge
from tests.cloud.verifier.written import Written

Harm = Callable[[Written], None]
HARMED = 6
"""The record that is harmed: a slice closed in the first of two sessions."""


def lines() -> Iterator[dict[str, Any]]:
    """Yield every ledger, the good ones first."""
    for make in (whole, tail_not_signed, with_titration, with_holds):
        yield _line(make.__name__, make(), whole_expected=True)
    for harm in HARMS:
        written = whole()
        harm(written)
        yield _line(harm.__name__, written, whole_expected=False)


def whole() -> Written:
    """Two sessions, a hold between them, a head behind each."""
    written = Written()
    written.session()
    written.head()
    written.hold()
    written.session(trains=2)
    written.reboot()
    written.head()
    return written


def tail_not_signed() -> Written:
    """A session behind the last head."""
    written = whole()
    written.session()
    return written


def with_titration() -> Written:
    """Pulses that belong to no course."""
    written = Written()
    session_id = written.open(SessionKind.TITRATION)
    written.train(1)
    written.close(session_id)
    written.head()
    return written


def with_holds() -> Written:
    """A hold that is lifted, and a clock that is lost."""
    written = Written()
    written.hold()
    written.write(records.HoldLiftedBody(bytes(32), b"h" * 16))
    written.write(records.ClockLostBody(5), clock=False)
    written.head()
    return written


def _bit_flipped(written: Written) -> None:
    written.change(HARMED, lambda data: data[:-1] + bytes((data[-1] ^ 1,)))


def _record_missing(written: Written) -> None:
    del written.lines[written.index(HARMED)]


def _records_swapped(written: Written) -> None:
    first, second = written.index(HARMED), written.index(HARMED + 1)
    lines_ = written.lines
    lines_[first], lines_[second] = lines_[second], lines_[first]


def _record_repeated(written: Written) -> None:
    written.lines.insert(written.index(HARMED), written.lines[written.index(HARMED)])


def _record_forked(written: Written) -> None:
    data = written.lines[written.index(HARMED)].data
    written.lines.insert(written.index(HARMED) + 1, Line(LineKind.RECORD, _other(data)))


def _other(data: bytes) -> bytes:
    return data[:-1] + bytes((data[-1] ^ 1,))


def _head_forked(written: Written) -> None:
    written.head(hash=bytes(32))


def _cut_before_the_last_head(written: Written) -> None:
    written.lines = [*written.lines[: written.index(HARMED)], written.lines[-1]]


def _head_by_another_key(written: Written) -> None:
    written.lines.pop()
    written.head(signer=key_for_tests("another device"))


def _head_of_another_epoch(written: Written) -> None:
    written.lines.pop()
    written.head(epoch=b"another-epoch-16")


def _head_of_another_device(written: Written) -> None:
    written.lines.pop()
    written.head(device_id=b"another-device16")


def _certificate_by_another_maker(written: Written) -> None:
    written.maker = key_for_tests("another maker")


def _no_head(written: Written) -> None:
    written.lines = [each for each in written.lines if each.kind is not LineKind.HEAD]


def _not_canonical(written: Written) -> None:
    written.change(HARMED, lambda data: bytes((data[0], 0x18)) + data[1:])


def _junk_in_a_record(written: Written) -> None:
    written.change(HARMED, lambda _: b"junk")


HARMS: tuple[Harm, ...] = (
    _bit_flipped,
    _record_missing,
    _records_swapped,
    _record_repeated,
    _record_forked,
    _head_forked,
    _cut_before_the_last_head,
    _head_by_another_key,
    _head_of_another_epoch,
    _head_of_another_device,
    _certificate_by_another_maker,
    _no_head,
    _not_canonical,
    _junk_in_a_record,
)


def _line(name: str, written: Written, *, whole_expected: bool) -> dict[str, Any]:
    maker = key_for_tests("manufacturer").public_key
    content = written.to_bytes(Spelling.CBOR)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.cbor"
        path.write_bytes(content)
        judged = judge(path, maker)
    assert judged.summary.whole is whole_expected, (name, judged.flaws)
    about = {"name": name.strip("_"), "manufacturer": maker.data.hex(), "file": content.hex()}
    return about | expected(judged)


def expected(judged: Judged) -> dict[str, Any]:
    """Return what a verifier has to say."""
    first = judged.summary.findings.first
    return {
        "whole": judged.summary.whole,
        "first_broken": first and [str(first.flaw), first.first, first.last],
        "findings": sorted(map(str, judged.flaws)),
        "proven": [list(each) for each in judged.proven],
        "pulses": judged.summary.pulses,
        "sessions": [
            [each.session_id.hex(), each.pulses, len(each.trains), each.completed]
            for each in judged.sessions
        ],
    }
