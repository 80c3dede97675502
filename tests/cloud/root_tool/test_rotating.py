"""R25: new roots, named by the old root or by the recovery root, all certificates in one go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cloud.root_tool import rotating
from cloud.root_tool.errors import RootToolError
from cloud.root_tool.register import Register
from shared.trust import certificates, sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.statements import Purpose, Revocation, RootRotation
from tests.cloud.root_tool.holder import DAY_S, NOW_S, Holder, public, request_file

BOTH = pytest.mark.parametrize("by", ["clinic-root", "recovery-root"])


def rotate(holder: Holder, *carried: Path, by: str = "clinic-root", **options: Any) -> int:
    named: dict[str, Any] = {
        "clinic_root": holder.home / f"{by}.key",
        "out": holder.home.parent / "new",
        "certificates": list(carried),
        **options,
    }
    return holder.sign("rotate", **named)


def after(holder: Holder) -> Holder:
    """The same clinic with its new roots."""
    return Holder(holder.home.parent / "new", holder.desk)


@BOTH
def test_either_root_names_new_ones(holder: Holder, by: str) -> None:
    assert rotate(holder, by=by) == 0
    new = after(holder).home
    rotation = sign1.verify(
        RootRotation,
        (new / "rotation.cose").read_bytes(),
        audience=b"clinic",
        key=public(holder.home / f"{by}.pub"),
    )
    assert rotation == RootRotation(
        1, public(new / "clinic-root.pub").data, public(new / "recovery-root.pub").data
    )
    for name in ("clinic-root", "recovery-root"):
        key = SoftwareKey.from_pem((new / f"{name}.key").read_bytes())
        assert key.public_key == public(new / f"{name}.pub")
        assert key.public_key not in (holder.root, public(holder.home / "recovery-root.pub"))


@BOTH
def test_every_certificate_says_the_same_by_the_new_root(
    holder: Holder, by: str, tmp_path: Path
) -> None:
    key = SoftwareKey.generate().public_key
    staff = holder.desk / "dr.cert"
    request = request_file(tmp_path, key)
    signed: dict[str, Any] = {
        "request": request,
        "fingerprint": key.fingerprint,
        "scope": "prescribe",
    }
    assert holder.sign("certify", out=staff, days=90, **signed) == 0
    carried = [staff, holder.certificate("time"), holder.certificate("other")]
    assert rotate(holder, *carried, by=by) == 0
    for path, purpose in zip(carried, (Purpose.STAFF, Purpose.TIME, Purpose.TIME), strict=True):
        old = judged(path, purpose, holder.root)
        new = after(holder).home / "certificates" / path.name
        assert judged(new, purpose, after(holder).root) == old
        with pytest.raises(TrustError, match="another key"):
            judged(new, purpose, holder.root)


def judged(path: Path, purpose: Purpose, root: PublicKey) -> object:
    return certificates.judge(
        path.read_bytes(), purpose=purpose, clinic_id=b"clinic", root=root, now_s=NOW_S
    )


def test_an_expired_a_revoked_and_a_foreign_certificate_stop_it_each_by_name(
    holder: Holder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "else").mkdir()
    foreign = Holder.at(tmp_path / "else").certificate("foreign")
    expired = holder.certificate("expired", days=1, at_s=NOW_S - 3 * DAY_S)
    revoked = holder.certificate("revoked")
    assert holder.sign("revoke", key=revoked, compromised=True, out=holder.desk / "r.cose") == 0
    before = holder.files()
    assert rotate(holder, holder.certificate("good"), expired, revoked, foreign) == 1
    said = capsys.readouterr().err
    for path in (expired, revoked, foreign):
        assert str(path) in said
    assert "good.cert" not in said
    assert not after(holder).home.exists()
    assert before.items() <= holder.files().items()


def test_two_files_of_one_name_stop_it(holder: Holder, tmp_path: Path) -> None:
    one = holder.certificate("time")
    (tmp_path / "copy").mkdir()
    other = tmp_path / "copy" / "time.cert"
    other.write_bytes(one.read_bytes())
    assert rotate(holder, one, other) == 1


def test_a_strangers_key_rotates_nothing(holder: Holder, tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    stranger = Holder.at(tmp_path / "else").home / "clinic-root.key"
    assert rotate(holder, clinic_root=stranger, home=holder.home) == 1
    assert not after(holder).home.exists()


@BOTH
def test_the_old_roots_sign_nothing_more(
    holder: Holder, by: str, capsys: pytest.CaptureFixture[str]
) -> None:
    certificate = holder.certificate("time")
    assert rotate(holder) == 0
    before = holder.files()
    signer, out = holder.home / f"{by}.key", holder.home.parent / "third"
    named: dict[str, Any] = {"clinic_root": signer, "out": out}
    pub = holder.desk / "time.pub"
    assert rotate(holder, **named) == 1
    assert holder.sign("certify-key", purpose="time", public_key=pub, **named) == 1
    assert holder.sign("revoke", key=certificate, compromised=True, **named) == 1
    assert capsys.readouterr().err.count("was replaced by the root") == 3
    assert holder.files() == before
    assert not out.exists()


def test_numbers_go_on_under_the_new_root(holder: Holder) -> None:
    holder.sign("revoke", key=holder.certificate("a"), compromised=True, out=holder.desk / "a.cose")
    assert rotate(holder) == 0
    new = after(holder)
    code = new.sign(
        "revoke", key=new.certificate("b"), compromised=True, out=holder.desk / "b.cose"
    )
    assert code == 0
    envelope = (holder.desk / "b.cose").read_bytes()
    assert sign1.verify(Revocation, envelope, audience=b"clinic", key=new.root).number == 2
    third = holder.home.parent / "third"
    assert rotate(new, by="recovery-root", out=third) == 0
    rotation = Register.load(third / "register.jsonl").rotation()
    assert rotation is not None
    assert rotation.number == 2


def test_the_new_roots_can_be_protected(holder: Holder, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("correct horse battery")
    assert rotate(holder, protect=True, new_password_file=secret) == 0
    assert b"ENCRYPTED" in (after(holder).home / "clinic-root.key").read_bytes()


def test_a_folder_that_is_there_is_not_touched(holder: Holder) -> None:
    new = after(holder).home
    new.mkdir()
    (new / "mine").write_bytes(b"mine")
    assert rotate(holder) == 1
    assert [path.name for path in new.iterdir()] == ["mine"]
    assert Register.load(holder.home / "register.jsonl").rotation() is None


def test_what_fails_on_the_way_leaves_the_old_roots_in_force(
    holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise RootToolError("file", "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(rotating, "write_home", full)
        assert rotate(holder, holder.certificate("time")) == 1
    assert [path.name for path in holder.home.parent.iterdir() if "new" in path.name] == []
    assert Register.load(holder.home / "register.jsonl").rotation() is None
    assert rotate(holder) == 0
