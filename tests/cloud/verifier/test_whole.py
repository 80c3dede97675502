"""A whole ledger is told as whole, with what it holds, in both spellings."""

from pathlib import Path

import pytest

from cloud.verifier.findings import Flaw
from shared.dose.prescription import PrescriptionKind
from shared.wire import records
from shared.wire.ledger_file import LineKind, Spelling, Start
from shared.wire.records import CloseCause, SessionKind
from tests.cloud.verifier.judging import judge_written
from tests.cloud.verifier.written import COURSE, PULSES, TRAINS, Written

SPELLINGS = pytest.mark.parametrize("spelling", Spelling)


@pytest.fixture
def written() -> Written:
    """Two sessions, the second ended early, and a head behind each."""
    made = Written()
    made.session()
    made.head()
    made.session(trains=2)
    made.head()
    return made


@SPELLINGS
def test_whole_ledger_is_proven_from_the_first_record_to_the_last(
    written: Written, spelling: Spelling, tmp_path: Path
) -> None:
    judged = judge_written(written, tmp_path, spelling)
    assert judged.summary.whole
    assert judged.proven == [(1, written.state.number)]
    assert all(entry.proven for entry in judged.entries)
    assert judged.summary.folded_to == written.state.number


def test_sessions_are_told_with_pulses_trains_output_and_end(
    written: Written, tmp_path: Path
) -> None:
    whole, early = judge_written(written, tmp_path).sessions
    assert (whole.pulses, len(whole.trains), whole.percent_mso) == (120, TRAINS, (62, 62))
    assert (whole.completed, whole.cause) == (True, CloseCause.COMPLETED)
    assert (early.pulses, early.planned_pulses, early.planned_trains) == (60, 120, TRAINS)
    assert (early.completed, early.cause) == (False, CloseCause.ENDED_BY_PERSON)
    assert early.opened_ms is not None


def test_pulses_are_added_up_in_total_and_by_course(written: Written, tmp_path: Path) -> None:
    summary = judge_written(written, tmp_path).summary
    assert summary.pulses == 180 == written.state.total_pulses
    sums = summary.courses[COURSE]
    assert (sums.pulses, sums.sessions, sums.completed) == (180, 2, 1)


def test_slice_that_nobody_closed_counts_as_fired(tmp_path: Path) -> None:
    written = Written()
    session_id = written.open()
    written.train(1)
    written.train(2, closed=False)
    written.reboot()
    written.close(session_id, CloseCause.REBOOT)
    written.head()
    (session,) = judge_written(written, tmp_path).sessions
    assert session.pulses == 2 * PULSES
    assert session.cause is CloseCause.REBOOT


def test_titration_is_charged_to_the_device_and_to_no_course(tmp_path: Path) -> None:
    written = Written()
    session_id = written.open(SessionKind.TITRATION)
    written.train(1)
    written.close(session_id)
    written.head()
    summary = judge_written(written, tmp_path).summary
    assert summary.whole
    assert COURSE not in summary.courses
    assert summary.courses[None].sessions == 0
    assert summary.pulses == PULSES


def test_session_that_is_still_open_is_told_too(tmp_path: Path) -> None:
    written = Written()
    written.open()
    written.train(1)
    written.head()
    (session,) = judge_written(written, tmp_path).sessions
    assert session.cause is None
    assert session.pulses == PULSES


def test_slice_that_was_cut_short_counts_what_was_fired(tmp_path: Path) -> None:
    written = Written()
    session_id = written.open()
    written.train(1)
    written.write(records.SliceReservedBody(2, 1, PULSES, 62, written.state.counter))
    written.write(records.SliceClosedBody(2, 1, 11, 12, written.state.proven_ms))
    written.close(session_id, CloseCause.ENDED_BY_PERSON)
    written.head()
    judged = judge_written(written, tmp_path)
    assert judged.summary.whole
    assert judged.sessions[0].pulses == judged.summary.pulses == PULSES + 12


def test_titration_that_is_installed_leaves_the_course_as_it_was(tmp_path: Path) -> None:
    written = Written()
    kind = PrescriptionKind.TITRATION
    body = records.PrescriptionInstalledBody(bytes(32), 2, b"t" * 16, kind, b"signer..")
    written.write(body)
    written.session()
    written.head()
    assert set(judge_written(written, tmp_path).summary.courses) == {COURSE}


def test_softened_session_is_told_with_both_outputs(tmp_path: Path) -> None:
    written = Written()
    session_id = written.open()
    written.train(1)
    written.pause()
    written.train(2, percent_mso=55)
    written.close(session_id, CloseCause.ENDED_BY_PERSON)
    written.head()
    (session,) = judge_written(written, tmp_path).sessions
    assert session.percent_mso == (55, 62)
    assert session.pauses == 1


def test_holds_and_lost_clocks_are_told(written: Written, tmp_path: Path) -> None:
    written.hold()
    written.write(records.ClockLostBody(5), clock=False)
    written.write(records.HoldLiftedBody(bytes(32), b"h" * 16), clock=False)
    written.head()
    judged = judge_written(written, tmp_path)
    assert judged.summary.whole
    assert [words.split(":")[0] for words in judged.notables[-3:]] == [
        "hold placed",
        "clock lost",
        "hold lifted",
    ]


def test_clock_that_broke_while_off_is_told(written: Written, tmp_path: Path) -> None:
    written.reboot()
    assert not any("clock broke" in words for words in judge_written(written, tmp_path).notables)
    written.reboot(clock_unbroken=False)
    assert any("clock broke" in words for words in judge_written(written, tmp_path).notables)


def test_records_behind_the_last_head_are_named_as_not_signed(
    written: Written, tmp_path: Path
) -> None:
    proven_to = written.state.number
    written.session()
    judged = judge_written(written, tmp_path)
    assert judged.summary.whole
    assert judged.proven == [(1, proven_to)]
    assert judged.summary.unsigned_tail == written.state.number - proven_to
    assert [entry.proven for entry in judged.entries][-1] is False


def test_ledger_that_begins_later_is_proven_from_a_head_on(
    written: Written, tmp_path: Path
) -> None:
    first_head = next(i for i, line in enumerate(written.lines) if line.kind is LineKind.HEAD)
    written.lines = [written.lines[0], *written.lines[first_head:]]
    judged = judge_written(written, tmp_path)
    assert judged.summary.whole
    assert judged.summary.first == 14
    assert judged.proven == [(14, written.state.number)]
    assert judged.summary.folded_to == 0
    assert [session.pulses for session in judged.sessions] == [60]


def test_head_that_comes_late_proves_what_it_covers(written: Written, tmp_path: Path) -> None:
    heads = [each for each in written.lines if each.kind is LineKind.HEAD]
    written.session()
    written.lines = [each for each in written.lines if each not in heads] + heads[:1]
    judged = judge_written(written, tmp_path)
    assert judged.summary.whole
    assert judged.proven == [(1, 13)]
    assert judged.summary.unsigned_tail == written.state.number - 13


def test_claimed_start_is_proven_by_the_head_behind_it(written: Written, tmp_path: Path) -> None:
    """An overwritten beginning: nobody signed h(13), but the head over record 19 fits no other."""
    before = Written()
    before.session()
    assert before.state.number == 13
    kept = written.lines[written.index(14) :]
    written.lines = [Start(13, before.state.hash).line, *kept]
    judged = judge_written(written, tmp_path)
    assert judged.summary.whole
    assert judged.proven == [(14, written.state.number)]
    written.lines = [Start(13, bytes(32)).line, *kept]
    judged = judge_written(written, tmp_path)
    assert judged.flaws == {Flaw.BROKEN_LINK}
    assert judged.proven == []


def test_receipt_of_the_clinic_is_judged_where_the_file_leads_to_its_key(
    written: Written, tmp_path: Path
) -> None:
    written.receipt()
    summary = judge_written(written, tmp_path).summary
    assert (summary.whole, summary.receipts, summary.receipts_judged) == (True, 1, 1)
    written.lines = [each for each in written.lines if each.kind is not LineKind.TRANSFER]
    summary = judge_written(written, tmp_path).summary
    assert (summary.whole, summary.receipts, summary.receipts_judged) == (True, 1, 0)
