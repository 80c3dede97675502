"""A head by a key whose word the root took back proves nothing, here and in an export."""

from pathlib import Path

import pytest

from cloud.audit import heads
from cloud.audit.export import lines_of
from cloud.clinics.revocations import add_revocation
from cloud.clinics.service import clinic_of
from cloud.verifier import cli as verify
from shared.trust import audit_file, sign1
from shared.trust.statements import Revocation, RevocationKind
from tests.cloud.audit.test_verifier import DAY_MS, act, exported, judged, sign_head
from tests.cloud.worlds import START_MS, World

NOW_S = START_MS // 1000
DAY_S = 86_400


def revoke(world: World, kind: RevocationKind, at_s: int, number: int = 1) -> None:
    key_id = world.identity.keys["audit"].public_key.key_id
    said = Revocation(number, key_id, kind, at_s, at_s)
    envelope = sign1.sign(said, audience=b"demo", signer=world.identity.root)
    with world.database.write("demo") as session:
        add_revocation(session, clinic_of(session, "demo"), envelope, now_ms=world.clock.now_ms)


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", list(RevocationKind))
def test_revoked_key_signs_nothing_more(world: World, kind: RevocationKind) -> None:
    act(world)
    revoke(world, kind, NOW_S)
    assert not sign_head(world)
    with world.database.read("demo") as session:
        key = world.identity.keys["audit"].public_key
        assert not heads.certified(session, "demo", key, now_ms=world.clock.now_ms)


def two_heads(world: World) -> None:
    act(world)
    assert sign_head(world)
    world.clock.now_ms += DAY_MS
    act(world)
    assert sign_head(world)


def test_heads_of_who_left_hold_until_then(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_heads(world)
    revoke(world, RevocationKind.LEFT, NOW_S + DAY_S + 1)
    assert judged(world, exported(world), tmp_path) == verify.WHOLE
    with world.database.read("demo") as session:
        assert heads.first_false_head(session, "demo") is None
    revoke(world, RevocationKind.LEFT, NOW_S + DAY_S, number=2)
    assert judged(world, exported(world), tmp_path) == verify.NOT_WHOLE
    assert "its key was revoked before it was signed" in capsys.readouterr().out
    with world.database.read("demo") as session:
        assert heads.first_false_head(session, "demo") == 2


def test_heads_of_a_stolen_key_hold_as_far_as_an_older_export_has_them(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    act(world)
    assert sign_head(world)
    early, late = tmp_path / "early.jsonl", tmp_path / "late.jsonl"
    early.write_bytes(b"".join(exported(world)))
    world.clock.now_ms += DAY_MS
    act(world)
    assert sign_head(world)
    late.write_bytes(b"".join(exported(world)))
    revoke(world, RevocationKind.COMPROMISED, NOW_S + 30 * DAY_S)
    lines = exported(world)
    assert judged(world, lines, tmp_path) == verify.NOT_WHOLE
    assert judged(world, lines, tmp_path, early) == verify.NOT_WHOLE
    assert "its key was stolen, and no older export has it" in capsys.readouterr().out
    assert judged(world, lines, tmp_path, early, late) == verify.WHOLE
    assert judged(world, lines, tmp_path, late, early) == verify.UNUSABLE


def test_revocation_left_out_or_by_another_is_seen(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_heads(world)
    for number in (1, 2):
        revoke(world, RevocationKind.LEFT, NOW_S + 30 * DAY_S, number)
    lines = list(lines_of(world.database, "demo"))
    assert judged(world, lines, tmp_path) == verify.WHOLE
    assert judged(world, lines[:2] + lines[3:], tmp_path) == verify.NOT_WHOLE
    assert "is revocation 2 where revocation 1 must stand" in capsys.readouterr().out
    said = Revocation(1, bytes(16), RevocationKind.LEFT, 0, 0)
    forged = sign1.sign(said, audience=b"demo", signer=world.identity.keys["audit"])
    changed = [*lines[:2], audit_file.revocation(forged), *lines[3:]]
    assert judged(world, changed, tmp_path) == verify.NOT_WHOLE
    assert "is no revocation by the clinic's root" in capsys.readouterr().out
