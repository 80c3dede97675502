"""`circlet-verify` as a reader runs it: what it prints, and its exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cloud.verifier.cli import NOT_WHOLE, UNUSABLE, WHOLE, main
from cloud.verifier.errors import Unusable
from cloud.verifier.reading import opened
from shared.wire import ledger_file
from shared.wire.errors import WireError
from shared.wire.ledger_file import Spelling
from shared.wire.records import FaultBody
from tests.cloud.verifier.written import Written

TREE = Path(__file__).resolve().parents[3]


@pytest.fixture
def written() -> Written:
    made = Written()
    made.session()
    made.hold()
    made.session(trains=2)
    made.head()
    return made


@pytest.fixture
def file(written: Written, tmp_path: Path) -> Path:
    return written.to_file(tmp_path / "ledger.jsonl")


@pytest.fixture
def maker(written: Written) -> str:
    return written.maker.public_key.data.hex()


def test_it_runs_as_a_process_over_files_alone(file: Path, maker: str, tmp_path: Path) -> None:
    (tmp_path / "maker.pub").write_text(maker + "\n")
    command = [sys.executable, "-m", "cloud.verifier.cli", str(file)]
    run = subprocess.run(
        [*command, "--manufacturer", str(tmp_path / "maker.pub")],
        cwd=TREE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stderr) == (WHOLE, "")
    assert run.stdout.splitlines()[-1] == "whole"
    assert "120 of 120 pulses, 4 of 4 trains, 62 % MSO, completed" in run.stdout
    assert "hold placed" in run.stdout


def test_harmed_ledger_ends_with_one_and_the_first_broken_link(
    written: Written, file: Path, maker: str, capsys: pytest.CaptureFixture[str]
) -> None:
    del written.lines[written.index(6)]
    written.to_file(file)
    assert main([str(file), "--manufacturer", maker]) == NOT_WHOLE
    said = capsys.readouterr().out
    assert "NOT WHOLE" in said
    assert "first broken  record 6: missing (gap)" in said


def test_machines_get_json_lines_with_the_summary_last(
    file: Path, maker: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(file), "--manufacturer", maker, "--json"]) == WHOLE
    *entries, last = map(json.loads, capsys.readouterr().out.splitlines())
    sessions = [each["session"] for each in entries if "session" in each]
    assert [session["pulses"] for session in sessions] == [120, 60]
    assert last["summary"]["whole"] is True
    assert last["summary"]["pulses"] == 180
    assert last["summary"]["first_broken"] is None


def test_both_spellings_are_told_alike(
    written: Written, file: Path, maker: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(file), "--manufacturer", maker])
    as_json = capsys.readouterr().out
    main([str(written.to_file(file, Spelling.CBOR)), "--manufacturer", maker])
    assert capsys.readouterr().out == as_json


def test_text_from_the_file_moves_no_cursor(
    written: Written, file: Path, maker: str, capsys: pytest.CaptureFixture[str]
) -> None:
    written.write(FaultBody("\x1b[2J\u202egone"))
    written.head()
    written.to_file(file)
    main([str(file), "--manufacturer", maker])
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "\\u001b[2J\\u202egone" in said


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"junk",
        b"{}\n",
        b"[1]\n",
        b"{" * 5000,
        b'{"format":"circlet-ledger"}\n',
        b"\x82\x00",
        b"\x82\x00\x59\xff\xff",
        b"\x82\x00\x41\x00",
    ],
)
def test_what_is_no_ledger_file_is_unusable(
    content: bytes, maker: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert main([str(path), "--manufacturer", maker]) == UNUSABLE
    said = capsys.readouterr()
    assert said.out == ""
    assert str(path) in said.err


@pytest.mark.parametrize(
    ("format_", "version", "named"),
    [("another", 1, "format"), ("circlet-ledger", 2, "version")],
)
def test_another_format_or_version_is_named(
    format_: str, version: int, named: str, written: Written, tmp_path: Path
) -> None:
    value = json.loads(written.to_bytes().splitlines()[0])
    path = tmp_path / "file"
    path.write_text(json.dumps(value | {"format": format_, "version": version}))
    with pytest.raises(Unusable, match=named), opened(path):
        pass


def test_too_large_a_file_is_refused_with_its_size_and_the_limit(file: Path) -> None:
    size = file.stat().st_size
    with opened(file, bytes_max=size):
        pass
    with (
        pytest.raises(Unusable, match=f"has {size} bytes, at most {size - 1}"),
        opened(file, bytes_max=size - 1),
    ):
        pass


def test_folders_pipes_and_nothing_are_unusable(
    tmp_path: Path, maker: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (tmp_path, tmp_path / "none", Path("/dev/null")):
        assert main([str(path), "--manufacturer", maker]) == UNUSABLE
        assert str(path) in capsys.readouterr().err


@pytest.mark.parametrize("given", ["", "zz", "05" * 33, "no/such/file.pub"])
def test_manufacturer_that_is_no_key_is_unusable(
    given: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(file), "--manufacturer", given]) == UNUSABLE
    assert "--manufacturer" in capsys.readouterr().err


def test_missing_argument_ends_with_two(file: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(file)])
    assert ended.value.code == UNUSABLE


def test_help_says_what_each_status_means(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    assert "exit status:" in said
    for status in (WHOLE, NOT_WHOLE, UNUSABLE):
        assert f"\n  {status}  " in said
    assert "512 MiB" in said


@pytest.mark.parametrize("spelling", Spelling)
def test_lines_come_back_as_they_went(written: Written, spelling: Spelling, tmp_path: Path) -> None:
    with opened(written.to_file(tmp_path / "file", spelling)) as file:
        assert file.header == written.header()
        assert [placed.content for placed in file.lines] == written.lines


def test_a_line_s_bytes_are_bounded() -> None:
    with pytest.raises(WireError, match="at most"):
        ledger_file.content_length(b"\x82\x01\x59", b"\xff\xff")
