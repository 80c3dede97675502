"""R18: a key's word taken back, in numbers that follow each other and are never given twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cloud.root_tool.cli import main
from cloud.root_tool.errors import RootToolError
from cloud.root_tool.register import Register
from shared.trust import certificates, sign1
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.statements import Purpose, Revocation, RevocationKind
from tests.cloud.root_tool.holder import DAY_S, NOW_S, Holder, public, request_file

DATE = "2027-01-20T08:00:00Z"
DATE_S = 1_800_432_000


@pytest.fixture
def key() -> PublicKey:
    return SoftwareKey.generate().public_key


def revoke(holder: Holder, key: PublicKey, name: str = "x", **options: object) -> int:
    pub = holder.desk / f"{name}-key.pub"
    pub.write_text(key.data.hex())
    named: dict[str, Any] = options if "left" in options else {"compromised": True, **options}
    return holder.sign("revoke", key=pub, out=holder.desk / f"{name}.cose", **named)


def said(holder: Holder, name: str = "x") -> Revocation:
    envelope = (holder.desk / f"{name}.cose").read_bytes()
    return sign1.verify(Revocation, envelope, audience=b"clinic", key=holder.root)


def test_who_left_is_revoked_until_a_date(holder: Holder, key: PublicKey) -> None:
    assert revoke(holder, key, left=DATE) == 0
    assert said(holder) == Revocation(1, key.key_id, RevocationKind.LEFT, NOW_S, DATE_S)


def test_a_compromised_key_is_worth_nothing_from_now(holder: Holder, key: PublicKey) -> None:
    assert revoke(holder, key) == 0
    assert said(holder) == Revocation(1, key.key_id, RevocationKind.COMPROMISED, NOW_S, NOW_S)


@pytest.mark.parametrize(
    ("days", "code"), [(-1, 1), (0, 1), (1 / 86_400, 0), (30, 0), (30 + 1 / 86_400, 1)]
)
def test_the_date_lies_at_most_30_days_on(
    holder: Holder, key: PublicKey, days: float, code: int
) -> None:
    date = datetime.fromtimestamp(NOW_S + days * DAY_S, UTC).isoformat()
    assert revoke(holder, key, left=date) == code
    assert (holder.desk / "x.cose").exists() is (code == 0)
    assert len(Register.load(holder.home / "register.jsonl").lines) == (code == 0)


def test_numbers_follow_each_other(holder: Holder) -> None:
    for number in (1, 2, 3):
        assert revoke(holder, SoftwareKey.generate().public_key, str(number)) == 0
        assert said(holder, str(number)).number == number


def test_the_same_key_again_gives_the_same_bytes_and_no_number(
    holder: Holder, key: PublicKey
) -> None:
    assert revoke(holder, key, left=DATE) == 0
    assert revoke(holder, key, "again", left="2027-01-21") == 0
    assert (holder.desk / "again.cose").read_bytes() == (holder.desk / "x.cose").read_bytes()
    assert revoke(holder, SoftwareKey.generate().public_key, "next") == 0
    assert said(holder, "next").number == 2


def test_who_left_may_be_found_compromised_and_not_the_other_way_round(
    holder: Holder, key: PublicKey, capsys: pytest.CaptureFixture[str]
) -> None:
    assert revoke(holder, key, left=DATE) == 0
    assert revoke(holder, key, "worse") == 0
    assert (said(holder, "worse").number, said(holder, "worse").kind) == (
        2,
        RevocationKind.COMPROMISED,
    )
    assert revoke(holder, key, "milder", left=DATE) == 1
    assert "compromised already, no. 2" in capsys.readouterr().err
    assert not (holder.desk / "milder.cose").exists()


@pytest.mark.parametrize(("number", "code"), [(1, 1), (2, 0), (3, 1)])
def test_the_number_that_the_page_says_is_compared(holder: Holder, number: int, code: int) -> None:
    revoke(holder, SoftwareKey.generate().public_key)
    assert revoke(holder, SoftwareKey.generate().public_key, "next", number=number) == code


@pytest.mark.parametrize("name", ["clinic-root", "recovery-root"])
def test_a_root_is_not_revoked(holder: Holder, name: str) -> None:
    assert revoke(holder, public(holder.home / f"{name}.pub")) == 1


def test_only_the_clinics_own_root_revokes(holder: Holder, key: PublicKey, tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    stranger = Holder.at(tmp_path / "else")
    for signer in (stranger.home / "clinic-root.key", holder.home / "recovery-root.key"):
        assert revoke(holder, key, clinic_root=signer, home=holder.home) == 1
    assert not (holder.desk / "x.cose").exists()


def test_nothing_is_overwritten_and_no_number_is_spent_on_it(
    holder: Holder, key: PublicKey
) -> None:
    (holder.desk / "x.cose").write_bytes(b"mine")
    assert revoke(holder, key) == 1
    assert (holder.desk / "x.cose").read_bytes() == b"mine"
    assert (holder.home / "register.jsonl").read_bytes() == b""


def test_a_revoked_key_is_neither_certified_nor_renewed(
    holder: Holder, key: PublicKey, tmp_path: Path
) -> None:
    certificate = holder.certificate("time", key)
    assert holder.sign("revoke", key=certificate, compromised=True, out=holder.desk / "r") == 0
    before = holder.files()
    again = holder.desk / "again.cert"
    request = request_file(tmp_path, key)
    told = key.fingerprint
    pub = holder.desk / "time.pub"
    assert holder.sign("certify-key", purpose="time", public_key=pub, out=again) == 1
    assert holder.sign("renew", certificate=certificate, fingerprint=told, out=again) == 1
    staff: dict[str, Any] = {"request": request, "fingerprint": told, "scope": "prescribe"}
    assert holder.sign("certify", out=again, **staff) == 1
    assert holder.files() == before


class TestRegister:
    """The file beside the root."""

    def filled(self, holder: Holder) -> Path:
        for number in (1, 2, 3):
            revoke(holder, SoftwareKey.generate().public_key, str(number))
        return holder.home / "register.jsonl"

    def test_it_brings_back_every_file_that_was_written(self, holder: Holder) -> None:
        lines = Register.load(self.filled(holder)).lines
        written = [(holder.desk / f"{number}.cose").read_bytes() for number in (1, 2, 3)]
        assert [line.envelope for line in lines] == written

    def test_it_only_grows(self, holder: Holder, key: PublicKey) -> None:
        before = self.filled(holder).read_bytes()
        revoke(holder, key)
        assert (holder.home / "register.jsonl").read_bytes().startswith(before)

    @pytest.mark.parametrize(
        "damage",
        [
            lambda lines: [lines[0], lines[2]],
            lambda lines: [lines[0], lines[1], lines[1]],
            lambda lines: [lines[1], lines[0], lines[2]],
            lambda lines: [*lines, b"{}\n"],
            lambda lines: [*lines, b"\n"],
            lambda lines: [lines[0], lines[1], lines[2][:-1]],
            lambda lines: [lines[0], lines[1], lines[2][:40] + b"\n"],
            lambda lines: [lines[0].replace(b'"number": 1', b'"number": 7'), *lines[1:]],
        ],
    )
    def test_damaged_it_signs_nothing(
        self,
        holder: Holder,
        key: PublicKey,
        damage: Callable[[list[bytes]], list[bytes]],
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        path = self.filled(holder)
        broken = b"".join(damage(path.read_bytes().splitlines(keepends=True)))
        path.write_bytes(broken)
        assert revoke(holder, key) == 1
        assert "register.jsonl" in capsys.readouterr().err
        assert path.read_bytes() == broken
        assert not (holder.desk / "x.cose").exists()

    def test_without_it_nothing_is_signed(self, holder: Holder, key: PublicKey) -> None:
        (holder.home / "register.jsonl").unlink()
        assert revoke(holder, key) == 1
        assert not (holder.desk / "x.cose").exists()

    def test_two_at_once_do_not_share_a_number(self, holder: Holder, key: PublicKey) -> None:
        stale = Register.load(holder.home / "register.jsonl")
        revoke(holder, key)
        mine = Register.load(holder.home / "register.jsonl").lines[0]
        with pytest.raises(RootToolError, match="changed meanwhile"):
            stale.append(mine.envelope)

    def test_a_statement_of_another_kind_has_no_place_in_it(self, holder: Holder) -> None:
        register = Register.load(holder.home / "register.jsonl")
        with pytest.raises(ValueError, match="no place in a register"):
            register.append(holder.certificate("time").read_bytes())


class TestRenew:
    """The same key for longer."""

    def renewed(self, holder: Holder, told: str, **options: object) -> int:
        certificate = holder.desk / "time.cert"
        out = holder.desk / "renewed.cert"
        named = {"certificate": certificate, "fingerprint": told, "out": out, **options}
        return holder.sign("renew", at_s=NOW_S + 400 * DAY_S, **named)

    def test_an_expired_certificate_counts_anew_and_says_the_same(
        self, holder: Holder, key: PublicKey
    ) -> None:
        holder.certificate("time", key)
        assert self.renewed(holder, key.fingerprint, days=30) == 0
        found = certificates.judge(
            (holder.desk / "renewed.cert").read_bytes(),
            purpose=Purpose.TIME,
            clinic_id=b"clinic",
            root=holder.root,
            now_s=NOW_S + 430 * DAY_S,
        )
        assert (found.public_key, found.subject) == (key.data, "time key")
        assert found.not_before_s == NOW_S + 400 * DAY_S

    def test_the_fingerprint_is_compared_again(self, holder: Holder, key: PublicKey) -> None:
        holder.certificate("time", key)
        assert self.renewed(holder, SoftwareKey.generate().public_key.fingerprint) == 1
        assert not (holder.desk / "renewed.cert").exists()

    @pytest.mark.parametrize("days", [0, -1, 1101])
    def test_it_is_for_1_to_1100_days(self, holder: Holder, key: PublicKey, days: int) -> None:
        holder.certificate("time", key)
        assert self.renewed(holder, key.fingerprint, days=days) == 1

    def test_another_clinics_certificate_is_not_renewed(
        self, holder: Holder, key: PublicKey, tmp_path: Path
    ) -> None:
        (tmp_path / "else").mkdir()
        strangers = Holder.at(tmp_path / "else").certificate("time", key)
        assert self.renewed(holder, key.fingerprint, certificate=strangers) == 1
        assert not (holder.desk / "renewed.cert").exists()


def test_a_certificate_is_shown_before_it_is_renewed(
    holder: Holder, key: PublicKey, capsys: pytest.CaptureFixture[str]
) -> None:
    holder.certificate("time", key)
    capsys.readouterr()
    TestRenew().renewed(holder, "0000")
    assert key.fingerprint in capsys.readouterr().out


def test_the_register_is_shown_in_words(
    holder: Holder, key: PublicKey, capsys: pytest.CaptureFixture[str]
) -> None:
    revoke(holder, key)
    capsys.readouterr()
    assert main(["show", str(holder.home / "register.jsonl")]) == 0
    shown = capsys.readouterr().out
    assert key.key_id.hex() in shown
    assert "compromised" in shown
