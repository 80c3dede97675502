"""`circlet-verify audit` names the first wrong line of an exported log that was tampered with."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from cloud.audit import heads
from cloud.audit.export import lines_of
from cloud.audit.service import first_broken, record
from cloud.cli import main
from cloud.verifier import cli as verify
from shared.trust.audit_chain import AuditHead, AuditLine, beginning, hash_of
from shared.trust.audit_file import event, head
from shared.trust.sign1 import sign
from tests.cloud.worlds import World

DAY_MS = 86_400_000
Lines = list[bytes]


def act(world: World, count: int = 1) -> None:
    """Let somebody read patients."""
    for number in range(count):
        with world.database.write("demo") as session:
            record(
                session,
                "demo",
                actor="staff/00",
                action="read a patient",
                subject=f"patient/{number:032x}",
                now_ms=world.clock.now_ms,
                route="GET /patients/{patient}",
            )


def sign_head(world: World) -> bool:
    key = world.identity.keys["audit"]
    with world.database.write("demo") as session:
        return heads.sign_daily(session, "demo", key, now_ms=world.clock.now_ms)


@pytest.fixture
def log(world: World) -> Lines:
    """Two days of three acts with a signed head each, and two acts behind the last head."""
    for _ in range(2):
        act(world, 3)
        assert sign_head(world)
        world.clock.now_ms += DAY_MS
    act(world, 2)
    return exported(world)


def exported(world: World) -> Lines:
    return list(lines_of(world.database, "demo"))


def judged(world: World, lines: Lines, folder: Path, *against: Path) -> int:
    out = folder / "audit.jsonl"
    out.write_bytes(b"".join(lines))
    root = world.identity.folder / "clinic-root.pub"
    older = [word for path in against for word in ("--against", str(path))]
    return verify.main(["audit", str(out), "--root", str(root), *older])


def test_whole_log_is_proven_to_its_last_head(
    world: World, log: Lines, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert judged(world, log, tmp_path) == verify.WHOLE
    said = capsys.readouterr().out
    assert "proven   1-6, by 2 signed heads" in said
    assert "behind   2 events that no head covers yet" in said


# Lines: 1 header, 2 certificate, 3-5 events, 6 head, 7-9 events, 10 head, 11-12 events, 13 end.
def changed(lines: Lines) -> Lines:
    lines[3] = lines[3].replace(b"read a patient", b"read the list")
    return lines


def removed(lines: Lines) -> Lines:
    return lines[:3] + lines[4:]


def reordered(lines: Lines) -> Lines:
    lines[3], lines[4] = lines[4], lines[3]
    return lines


def cut_off(lines: Lines) -> Lines:
    return lines[:11]


def cut_within_a_line(lines: Lines) -> Lines:
    return [*lines[:10], lines[10][:40]]


def head_removed_from_before_its_line(lines: Lines) -> Lines:
    return lines[:8] + lines[9:]


def respelled(lines: Lines) -> Lines:
    lines[3] = json.dumps(json.loads(lines[3])).encode() + b"\n"
    return lines


def added_behind_the_end(lines: Lines) -> Lines:
    return [*lines, lines[-1]]


def without_certificate(lines: Lines) -> Lines:
    return lines[:1] + lines[2:]


@pytest.mark.parametrize(
    ("tamper", "line", "words"),
    [
        (changed, 4, "event 2 was changed"),
        (removed, 4, "is event 3 where event 2 must stand"),
        (reordered, 4, "is event 3 where event 2 must stand"),
        (cut_off, 12, "it was cut off"),
        (cut_within_a_line, 11, "is not JSON"),
        (head_removed_from_before_its_line, 9, "stands behind 5"),
        (respelled, 4, "one spelling"),
        (added_behind_the_end, 14, "behind the file's end"),
        (without_certificate, 5, "no certificate held"),
    ],
)
def test_first_wrong_line_is_named(
    world: World,
    log: Lines,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    tamper: Callable[[Lines], Lines],
    line: int,
    words: str,
) -> None:
    assert judged(world, tamper(log), tmp_path) == verify.NOT_WHOLE
    said = capsys.readouterr().out
    assert f"wrong    line {line}: " in said
    assert words in said


def rewritten(log: Lines, clinic_id: str = "demo") -> tuple[Lines, list[tuple[int, bytes]]]:
    """A log whose second event says something else, every hash made anew; and where heads are."""
    before = beginning(clinic_id)
    made: Lines = []
    places: list[tuple[int, bytes]] = []
    for text_ in log:
        ((kind, said),) = json.loads(text_).items()
        if kind == "head":
            places.append((len(made), before))
        if kind == "event":
            said.pop("hash")
            patients = tuple(bytes.fromhex(each) for each in said.pop("patients"))
            line = AuditLine(**said, patients=patients)
            if line.number == 2:
                line = AuditLine(2, line.at_ms, "staff/11", line.action, line.subject, "")
            before = hash_of(before, line)
            text_ = event(line, before)
        made.append(text_)
    return made, places


def test_history_written_anew_is_a_fork_against_its_heads(
    world: World, log: Lines, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forked, _ = rewritten(log)
    assert judged(world, forked, tmp_path) == verify.NOT_WHOLE
    assert "wrong    line 6: the head of event 3 is over another history" in capsys.readouterr().out


def test_history_signed_anew_is_seen_against_an_older_export(
    world: World, log: Lines, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who holds the audit key can sign another past: whoever kept an export sees it."""
    older = tmp_path / "older.jsonl"
    older.write_bytes(b"".join(log))
    forked, places = rewritten(log)
    for (place, before), number in zip(places, (3, 6), strict=True):
        statement = AuditHead(number, before, world.clock.now_ms // 1000)
        forked[place] = head(sign(statement, audience=b"demo", signer=world.identity.keys["audit"]))
    assert judged(world, forked, tmp_path) == verify.WHOLE
    assert judged(world, forked, tmp_path, older) == verify.NOT_WHOLE
    assert "another than in the older export" in capsys.readouterr().out


def test_log_cut_behind_its_first_head_is_seen_against_an_older_export(
    world: World, log: Lines, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older = tmp_path / "older.jsonl"
    older.write_bytes(b"".join(log))
    short = [*log[:6], log[-1].replace(b"8", b"3")]
    assert judged(world, short, tmp_path) == verify.WHOLE
    assert judged(world, short, tmp_path, older) == verify.NOT_WHOLE
    assert "had a head over event 6, and it is gone" in capsys.readouterr().out


def test_head_of_a_key_that_the_root_certified_for_something_else_proves_nothing(
    world: World, tmp_path: Path
) -> None:
    act(world)
    with world.database.write("demo") as session:
        key = world.identity.keys["hold"]
        assert not heads.sign_daily(session, "demo", key, now_ms=world.clock.now_ms)
    assert judged(world, exported(world), tmp_path) == verify.NOT_WHOLE


def test_another_root_is_not_believed(world: World, log: Lines, tmp_path: Path) -> None:
    out = tmp_path / "audit.jsonl"
    out.write_bytes(b"".join(log))
    other = (world.identity.folder / "manufacturer.pub").read_text()
    assert verify.main(["audit", str(out), "--root", other]) == verify.NOT_WHOLE
    assert verify.main(["audit", str(out), "--root", "zz"]) == verify.UNUSABLE


def test_head_is_signed_once_a_day_and_only_over_something_new(world: World) -> None:
    act(world)
    assert sign_head(world)
    act(world)
    assert not sign_head(world)
    world.clock.now_ms += DAY_MS
    assert sign_head(world)
    world.clock.now_ms += DAY_MS
    assert not sign_head(world)


def test_clock_that_was_once_ahead_does_not_stop_signing(world: World) -> None:
    act(world)
    world.clock.now_ms += 90 * DAY_MS
    assert sign_head(world)
    world.clock.now_ms -= 90 * DAY_MS
    act(world)
    assert sign_head(world)
    act(world)
    assert not sign_head(world)


def test_command_exports_what_the_verifier_judges(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloud.cli.configure", lambda _: None)
    act(world)
    sign_head(world)
    out = tmp_path / "log.jsonl"
    main(["export-audit", "--data", str(world.settings.data), "--out", str(out)])
    assert (
        verify.main(["audit", str(out), "--root", world.identity.root.public_key.data.hex()]) == 0
    )
    assert b"circlet-cloud export-audit" in out.read_bytes()
    with pytest.raises(SystemExit, match="File exists"):
        main(["export-audit", "--data", str(world.settings.data), "--out", str(out)])


def test_server_sees_a_head_that_does_not_hold(world: World, log: Lines) -> None:
    with world.database.read("demo") as session:
        assert heads.first_false_head(session, "demo") is None
    with world.database.write("demo") as session:
        session.execute(text("DROP TRIGGER keep_audit_heads_update"))
        session.execute(
            text(
                "UPDATE audit_heads SET envelope ="
                " (SELECT envelope FROM audit_heads WHERE number = 3) WHERE number = 6"
            )
        )
    with world.database.read("demo") as session:
        assert heads.first_false_head(session, "demo") == 6
        assert first_broken(session, "demo") is None
