"""Two roots, one to work with and one to lock away; passwords; nothing half-written."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from cloud.root_tool import files
from cloud.root_tool.cli import main
from cloud.root_tool.errors import RootToolError
from cloud.root_tool.key_folder import KeyFolder
from cloud.root_tool.passwords import Passwords
from shared.trust.keys import KeyStore, SoftwareKey
from tests.cloud.root_tool.holder import Holder, public, run


def protected(folder: Path, password: str = "correct horse battery") -> tuple[Path, Path]:
    secret = folder / "password.txt"
    secret.write_text(f"{password}\n")
    return folder / "home", secret


def test_a_clinic_gets_two_roots_and_an_empty_register(holder: Holder) -> None:
    names = {path.name for path in holder.home.iterdir()}
    assert names == {
        "clinic-root.key",
        "clinic-root.pub",
        "recovery-root.key",
        "recovery-root.pub",
        "clinic.json",
        "register.jsonl",
    }
    assert (holder.home / "register.jsonl").read_bytes() == b""
    assert holder.root != public(holder.home / "recovery-root.pub")
    assert stat.S_IMODE(holder.home.stat().st_mode) == 0o700


def test_the_recovery_root_can_go_to_a_medium_of_its_own(tmp_path: Path) -> None:
    home, stick = tmp_path / "home", tmp_path / "stick"
    assert run("create", out=home, recovery_out=stick, clinic="C", clinic_id="c") == 0
    assert not (home / "recovery-root.key").exists()
    key = SoftwareKey.from_pem((stick / "recovery-root.key").read_bytes())
    assert key.public_key == public(home / "recovery-root.pub")


@pytest.mark.parametrize(
    ("name", "demo", "code"), [("Demo C", True, 0), ("C", True, 1), ("Demo", False, 1)]
)
def test_a_demonstrations_root_is_marked_and_no_other_is(
    tmp_path: Path, name: str, demo: bool, code: int
) -> None:
    home = tmp_path / "home"
    flag = {"demo": True} if demo else {}
    assert run("create", out=home, clinic=name, clinic_id="c", **flag) == code
    assert home.exists() is (code == 0)
    if code == 0:
        assert json.loads((home / "clinic.json").read_text())["demo"] is True


def test_who_signs_with_a_demonstrations_root_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    run("create", out=home, clinic="Demo", clinic_id="c", demo=True)
    run(
        "certify-key",
        clinic_root=home / "clinic-root.key",
        public_key=home / "recovery-root.pub",
        purpose="time",
        out=tmp_path / "x.cert",
    )
    assert "released bands refuse it" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong", [{"clinic_id": ""}, {"clinic_id": "x" * 33}, {"desk_origin": "desk"}]
)
def test_a_clinic_that_cannot_be_named_is_refused(tmp_path: Path, wrong: dict[str, str]) -> None:
    options = {"out": tmp_path / "home", "clinic": "C", "clinic_id": "c"} | wrong
    assert run("create", **options) == 1
    assert not (tmp_path / "home").exists()


def test_a_protected_root_signs_with_its_password_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, secret = protected(tmp_path)
    made = run("create", out=home, clinic="C", clinic_id="c", protect=True, password_file=secret)
    assert made == 0
    for name in ("clinic-root", "recovery-root"):
        assert b"ENCRYPTED" in (home / f"{name}.key").read_bytes()
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("another password")
    for password, code in ((secret, 0), (wrong, 1), (None, 1)):
        signed = run(
            "certify-key",
            clinic_root=home / "clinic-root.key",
            public_key=home / "recovery-root.pub",
            purpose="time",
            out=tmp_path / f"{code}-{password is None}.cert",
            **({} if password is None else {"password_file": password}),
        )
        assert signed == code
    said = capsys.readouterr().err
    assert "password is wrong" in said
    assert "give --password-file" in said


def test_a_password_of_few_characters_is_refused(tmp_path: Path) -> None:
    home, secret = protected(tmp_path, "eleven char")
    made = run("create", out=home, clinic="C", clinic_id="c", protect=True, password_file=secret)
    assert made == 1
    assert not home.exists()


def test_a_protected_key_is_shown_without_its_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, secret = protected(tmp_path)
    run("create", out=home, clinic="C", clinic_id="c", protect=True, password_file=secret)
    assert main(["show", str(home / "clinic-root.key")]) == 0
    shown = capsys.readouterr().out
    assert "protected by a password" in shown
    assert public(home / "clinic-root.pub").fingerprint in shown


class TestKeyFolder:
    """The software behind the port."""

    def test_it_is_a_key_store(self, tmp_path: Path) -> None:
        store: KeyStore = KeyFolder(tmp_path)
        made = store.create("one")
        assert store.open("one").public_key == made.public_key
        made.public_key.verify(store.open("one").sign(b"word"), b"word")
        store.create("another")
        assert store.names() == ("another", "one")

    def test_no_key_takes_the_place_of_a_name(self, tmp_path: Path) -> None:
        store = KeyFolder(tmp_path)
        store.create("one")
        before = (tmp_path / "one.key").read_bytes()
        with pytest.raises(RootToolError, match="nothing is overwritten"):
            store.create("one")
        assert (tmp_path / "one.key").read_bytes() == before

    def test_a_name_that_is_not_there_opens_nothing(self, tmp_path: Path) -> None:
        with pytest.raises(RootToolError, match=r"one\.key"):
            KeyFolder(tmp_path).open("one")

    def test_what_is_no_key_opens_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "one.key").write_text("nothing")
        with pytest.raises(RootToolError, match=r"one\.key"):
            KeyFolder(tmp_path, Passwords()).open("one")


class TestFiles:
    """Whole or not there."""

    def test_a_write_that_fails_leaves_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        with pytest.raises(RootToolError, match="No space left"):
            files.write_new(tmp_path / "word", b"word")
        assert not list(tmp_path.iterdir())

    def test_a_folder_that_fails_leaves_nothing(self, tmp_path: Path) -> None:
        def fill() -> None:
            with files.new_folder(tmp_path / "home") as part:
                files.write_new(part / "word", b"word")
                raise RootToolError("key", "something fails")

        with pytest.raises(RootToolError, match="something fails"):
            fill()
        assert not list(tmp_path.iterdir())

    def test_a_stick_without_links_gets_its_file_too(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refused(*_: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(Path, "hardlink_to", refused)
        files.write_new(tmp_path / "word", b"word")
        assert [path.name for path in tmp_path.iterdir()] == ["word"]
        with pytest.raises(RootToolError, match="nothing is overwritten"):
            files.write_new(tmp_path / "word", b"other")

    def test_a_name_taken_meanwhile_is_not_overwritten(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "word").write_bytes(b"first")
        monkeypatch.setattr(files, "refuse_if_there", lambda _: None)
        with pytest.raises(RootToolError, match="nothing is overwritten"):
            files.write_new(tmp_path / "word", b"second")
        assert (tmp_path / "word").read_bytes() == b"first"


@pytest.mark.parametrize(("days", "code"), [(14, 0), (15, 1)])
def test_a_clearance_key_is_certified_for_two_weeks_at_most(
    holder: Holder, tmp_path: Path, days: int, code: int
) -> None:
    """R20: a key that lies does so no longer than its certificate lasts."""
    pub, out = holder.home / "recovery-root.pub", tmp_path / "clearance.cert"
    made = holder.sign("certify-key", purpose="clearance", public_key=pub, days=days, out=out)
    assert made == code
    assert out.exists() is (code == 0)
