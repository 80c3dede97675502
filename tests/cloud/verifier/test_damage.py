"""Each kind of damage is found, named, and put at its first record."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cbor2
import pytest

from cloud.verifier.findings import Flaw
from cloud.verifier.sessions import Account
from scripts.vectors.keys import key_for_tests
from shared.dose.ledger import chain_hash
from shared.trust.statements import LedgerHead
from shared.wire import ledger_file, records
from shared.wire.ledger_file import Line, LineKind, Spelling, Start
from tests.cloud.verifier.judging import judge, judge_written
from tests.cloud.verifier.written import Written

BOTH = pytest.mark.parametrize("spelling", Spelling)
BROKEN = 6
"""The record that is harmed: a slice closed in the first of two sessions."""


@pytest.fixture
def written() -> Written:
    """Two whole sessions with a head behind each: records 4 to 13, and 14 to 23."""
    made = Written()
    made.session()
    made.head()
    made.session()
    made.head()
    return made


def changed_pulses(data: bytes) -> bytes:
    """The record with another number of pulses: well formed, and not what was signed."""
    record = records.decode_record(data)
    assert isinstance(record.body, records.SliceClosedBody)
    return records.encode_record(
        replace(record, body=replace(record.body, commanded=29, measured=29))
    )


@BOTH
def test_changed_record_breaks_the_link_before_the_next_head(
    written: Written, spelling: Spelling, tmp_path: Path
) -> None:
    written.change(BROKEN, changed_pulses)
    judged = judge_written(written, tmp_path, spelling)
    broken = next(each for each in judged.summary.findings.kept if each.flaw is Flaw.BROKEN_LINK)
    assert (broken.first, broken.last) == (1, 13)
    assert judged.proven == [(14, 23)]
    assert [entry.proven for entry in judged.entries if entry.first >= 14] == [True]


@BOTH
@pytest.mark.parametrize("byte", range(40))
def test_no_flipped_bit_goes_unseen(
    written: Written, spelling: Spelling, byte: int, tmp_path: Path
) -> None:
    def flip(data: bytes) -> bytes:
        at = byte % len(data)
        return data[:at] + bytes((data[at] ^ (1 << byte % 8),)) + data[at + 1 :]

    written.change(BROKEN, flip)
    judged = judge_written(written, tmp_path, spelling)
    assert judged.flaws & {Flaw.BROKEN_LINK, Flaw.UNREADABLE, Flaw.GAP, Flaw.OUT_OF_ORDER}
    assert judged.first_broken.first <= BROKEN
    assert all(first > BROKEN for first, _ in judged.proven)


@BOTH
def test_missing_record_is_a_gap(written: Written, spelling: Spelling, tmp_path: Path) -> None:
    del written.lines[written.index(BROKEN)]
    judged = judge_written(written, tmp_path, spelling)
    assert judged.flaws == {Flaw.GAP}
    assert (judged.first_broken.first, judged.first_broken.last) == (BROKEN, BROKEN)
    assert judged.proven == [(14, 23)]


def test_missing_beginning_without_a_head_before_it_is_a_gap(
    written: Written, tmp_path: Path
) -> None:
    del written.lines[: written.index(4)]
    judged = judge_written(written, tmp_path)
    assert (judged.first_broken.flaw, judged.first_broken.last) == (Flaw.GAP, 3)


def test_swapped_records_are_out_of_order(written: Written, tmp_path: Path) -> None:
    first, second = written.index(BROKEN), written.index(BROKEN + 1)
    lines = written.lines
    lines[first], lines[second] = lines[second], lines[first]
    judged = judge_written(written, tmp_path)
    assert judged.flaws == {Flaw.OUT_OF_ORDER}
    assert judged.first_broken.first == BROKEN
    assert judged.summary.missing == ()


@BOTH
def test_record_that_is_there_twice_is_named(
    written: Written, spelling: Spelling, tmp_path: Path
) -> None:
    index = written.index(BROKEN)
    written.lines.insert(index, written.lines[index])
    judged = judge_written(written, tmp_path, spelling)
    assert judged.flaws == {Flaw.REPEATED}
    assert judged.summary.pulses == written.state.total_pulses


@BOTH
def test_two_records_of_one_number_are_a_fork(
    written: Written, spelling: Spelling, tmp_path: Path
) -> None:
    index = written.index(BROKEN)
    other = changed_pulses(written.lines[index].data)
    written.lines.insert(index + 3, Line(LineKind.RECORD, other))
    judged = judge_written(written, tmp_path, spelling)
    assert judged.flaws == {Flaw.FORK}
    assert judged.first_broken.first == BROKEN


def test_two_heads_of_one_number_over_other_histories_are_a_fork(
    written: Written, tmp_path: Path
) -> None:
    written.head(hash=b"2" * 32)
    judged = judge_written(written, tmp_path)
    assert judged.flaws == {Flaw.FORK}
    assert judged.first_broken.first == written.state.number


def test_device_that_went_on_from_an_older_image_is_found(written: Written, tmp_path: Path) -> None:
    """A restored flash image: the device signs a second history from record 14 on."""
    other = Written()
    other.session()
    other.session(trains=2)
    other.head()
    second = [each for each in other.lines[other.index(14) :] if each.kind is LineKind.RECORD]
    judged = judge_written(
        replace_lines(written, [*written.lines, *second, other.lines[-1]]), tmp_path
    )
    assert Flaw.FORK in judged.flaws
    assert judged.first_broken.flaw in (Flaw.FORK, Flaw.REPEATED)


@pytest.mark.parametrize("kept", [1, 5, 11])
def test_records_that_the_last_head_names_and_are_not_there_are_a_gap(
    written: Written, kept: int, tmp_path: Path
) -> None:
    head = written.lines[-1]
    written.lines = [*written.lines[: written.index(kept) + 1], head]
    judged = judge_written(written, tmp_path)
    assert judged.flaws == {Flaw.GAP}
    assert judged.summary.missing == ((kept + 1, 23),)


@BOTH
def test_file_that_ends_within_a_line_is_unreadable_there(
    written: Written, spelling: Spelling, tmp_path: Path
) -> None:
    path = tmp_path / "cut"
    path.write_bytes(written.to_bytes(spelling)[:-9])
    cut = judge(path, written.maker.public_key)
    assert cut.flaws == {Flaw.UNREADABLE}
    assert cut.proven == [(1, 13)]


@BOTH
def test_junk_behind_a_ledger_is_found(
    written: Written, spelling: Spelling, tmp_path: Path
) -> None:
    judged = judge_written(written, tmp_path, spelling, tail=b"\xffjunk\n")
    assert judged.flaws == {Flaw.UNREADABLE}
    assert judged.proven == [(1, 23)]


def test_json_goes_on_behind_a_line_of_junk(written: Written, tmp_path: Path) -> None:
    lines = written.to_bytes().splitlines(keepends=True)
    path = tmp_path / "junk"
    path.write_bytes(b"".join([*lines[:5], b"x" * 10_000 + b"\n", *lines[5:]]))
    judged = judge(path, written.maker.public_key)
    assert judged.flaws == {Flaw.UNREADABLE}
    assert judged.proven == [(1, 23)]


def test_head_by_another_key_proves_nothing(written: Written, tmp_path: Path) -> None:
    written.lines.pop()
    written.head(signer=key_for_tests("another device"))
    judged = judge_written(written, tmp_path)
    assert judged.flaws == {Flaw.HEAD}
    assert judged.proven == [(1, 13)]


def test_head_of_another_epoch_proves_nothing(written: Written, tmp_path: Path) -> None:
    written.lines.pop()
    written.head(epoch=b"another-epoch-16")
    judged = judge_written(written, tmp_path)
    assert judged.flaws == {Flaw.HEAD}
    assert judged.proven == [(1, 13)]


def test_head_that_names_another_device_proves_nothing(written: Written, tmp_path: Path) -> None:
    written.lines.pop()
    written.head(device_id=b"another-device16")
    judged = judge_written(written, tmp_path)
    assert judged.flaws == {Flaw.HEAD}
    assert judged.proven == [(1, 13)]


def test_header_of_another_epoch_proves_nothing(written: Written, tmp_path: Path) -> None:
    written.epoch = b"another-epoch-16"
    judged = judge_written(written, tmp_path)
    assert Flaw.HEAD in judged.flaws
    assert judged.proven == []


def test_certificate_by_another_maker_proves_nothing(written: Written, tmp_path: Path) -> None:
    path = written.to_file(tmp_path / "ledger")
    judged = judge(path, key_for_tests("another maker").public_key)
    assert judged.flaws == {Flaw.CERTIFICATE, Flaw.TRANSFER}
    assert judged.first_broken.flaw is Flaw.CERTIFICATE
    assert judged.proven == []


def test_certificate_of_another_device_proves_nothing(written: Written, tmp_path: Path) -> None:
    header = Written(device_id=b"another-device16").header()
    first = ledger_file.encode(replace(header, device_id=written.device_id), Spelling.JSON)
    path = tmp_path / "ledger"
    path.write_bytes(first + b"".join(written.to_bytes().splitlines(keepends=True)[1:]))
    judged = judge(path, written.maker.public_key)
    assert judged.flaws == {Flaw.CERTIFICATE}
    assert judged.proven == []


def test_ledger_without_any_head_is_not_whole(written: Written, tmp_path: Path) -> None:
    written.lines = [each for each in written.lines if each.kind is not LineKind.HEAD]
    judged = judge_written(written, tmp_path)
    assert judged.flaws == {Flaw.UNSIGNED}


def loosened(data: bytes) -> bytes:
    """The same values with the number in two bytes where one would do."""
    assert data[:2] == bytes((0x86, BROKEN))
    return bytes((0x86, 0x18, BROKEN)) + data[2:]


@pytest.mark.parametrize(
    "change",
    [
        loosened,
        lambda data: data + b"\x00",
        lambda data: b"",
        lambda data: b"\x9f" + data[1:] + b"\xff",
    ],
)
@BOTH
def test_record_in_another_than_its_one_form_is_unreadable(
    written: Written, spelling: Spelling, change: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    written.change(BROKEN, change)
    judged = judge_written(written, tmp_path, spelling)
    assert judged.first_broken.flaw in (Flaw.UNREADABLE, Flaw.BROKEN_LINK)
    assert Flaw.UNREADABLE in judged.flaws
    assert judged.proven == [(14, 23)]


def test_signed_nonsense_is_a_contradiction(tmp_path: Path) -> None:
    """The device's own signature doesn't make pulses outside a session right."""
    written = Written()
    record = records.Record(
        4,
        records.RecordType.SLICE_RESERVED,
        1,
        9000,
        None,
        records.SliceReservedBody(1, 1, 5, 9, 1),
    )
    data = records.encode_record(record)
    written.lines.append(Line(LineKind.RECORD, data))
    written.state = replace(written.state, number=4, hash=chain_hash(written.state.hash, data))
    written.head()
    judged = judge_written(written, tmp_path)
    assert judged.flaws == {Flaw.CONTRADICTION}
    assert judged.first_broken.first == 4
    assert judged.proven == [(1, 4)]


def test_session_that_says_other_pulses_than_its_slices_is_a_contradiction(
    tmp_path: Path,
) -> None:
    written = Written()
    session_id = written.open()
    written.train(1)
    body = records.SessionClosedBody(session_id, records.CloseCause.ENDED_BY_PERSON, False, 29)
    written.write(body)
    written.head()
    judged = judge_written(written, tmp_path)
    assert judged.flaws == {Flaw.CONTRADICTION}
    assert "29" in judged.first_broken.words


def test_late_head_over_another_history_is_a_broken_link(written: Written, tmp_path: Path) -> None:
    written.head(number=10, hash=bytes(32))
    judged = judge_written(written, tmp_path)
    assert judged.flaws == {Flaw.BROKEN_LINK}
    assert judged.first_broken.last == 10


def test_reader_that_adds_up_otherwise_than_the_device_is_found(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two codes add up one history: this one's account and the fold that device and cloud share."""
    monkeypatch.setattr(Account, "_release", lambda self, body: setattr(self, "pulses", 7))
    assert Flaw.CONTRADICTION in judge_written(written, tmp_path).flaws


def test_transfer_that_no_record_names_is_found(written: Written, tmp_path: Path) -> None:
    another = Written(clinic_root=key_for_tests("another clinic"))
    written.lines.append(another.lines[0])
    assert judge_written(written, tmp_path).flaws == {Flaw.TRANSFER}


@pytest.mark.parametrize("change", [{"hash": bytes(32)}, {"number": 99}])
def test_receipt_over_another_history_is_found(
    written: Written, change: dict[str, object], tmp_path: Path
) -> None:
    written.receipt(**change)
    assert judge_written(written, tmp_path).flaws == {Flaw.RECEIPT}


def test_receipt_by_another_key_of_the_same_name_is_found(written: Written, tmp_path: Path) -> None:
    written.receipt()
    data = bytearray(written.lines[-1].data)
    data[-1] ^= 1
    written.lines[-1] = Line(LineKind.RECEIPT, bytes(data))
    assert judge_written(written, tmp_path).flaws == {Flaw.RECEIPT}


def test_head_s_bytes_are_no_proof_for_other_statements(written: Written, tmp_path: Path) -> None:
    """A record's line that holds a head, and a head's that holds a transfer."""
    written.lines.append(Line(LineKind.HEAD, written.lines[0].data))
    judged = judge_written(written, tmp_path)
    assert judged.flaws == {Flaw.HEAD}
    assert LedgerHead.TYPE in judged.first_broken.words


def test_second_header_is_no_line(written: Written, tmp_path: Path) -> None:
    tail = ledger_file.encode(written.header(), Spelling.CBOR)
    assert judge_written(written, tmp_path, Spelling.CBOR, tail).flaws == {Flaw.UNREADABLE}
    assert cbor2.loads(tail)[0] == 0


def test_start_that_is_no_start_or_stands_late_is_unreadable(
    written: Written, tmp_path: Path
) -> None:
    written.lines.append(Start(23, written.state.hash).line)
    assert judge_written(written, tmp_path).flaws == {Flaw.UNREADABLE}
    written.lines[-1] = Line(LineKind.START, b"\xa0")
    assert judge_written(written, tmp_path).flaws == {Flaw.UNREADABLE}


def replace_lines(written: Written, lines: list[Line]) -> Written:
    """The same ledger with other lines."""
    written.lines = lines
    return written
