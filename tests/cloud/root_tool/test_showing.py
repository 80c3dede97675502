"""Whatever a key of this product signs can be read in words; the numbered and the named alike."""

from __future__ import annotations

import base64
import dataclasses
from pathlib import Path

import pytest

from cloud.root_tool.cli import main
from cloud.root_tool.showing import KNOWN
from shared.trust import sign1
from shared.trust.keys import SoftwareKey
from shared.trust.statements import Certificate, Purpose, TimeToken
from tests.cloud.root_tool.holder import NOW_S
from tests.shared.trust.examples import example

KEY = SoftwareKey.generate()


def written(folder: Path, kind: type) -> Path:
    path = folder / "statement"
    path.write_bytes(sign1.sign(example(kind), audience=b"clinic", signer=KEY))
    return path


def pub(folder: Path, key: SoftwareKey) -> Path:
    path = folder / "key.pub"
    path.write_text(key.public_key.data.hex())
    return path


@pytest.mark.parametrize("kind", KNOWN.values(), ids=lambda kind: str(kind.__name__))
def test_every_statement_is_shown_with_all_its_fields(
    tmp_path: Path, kind: type, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", str(written(tmp_path, kind))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert kind.TYPE in lines[0]  # type: ignore[attr-defined]
    if kind is not Certificate:
        assert len(lines) == 3 + len(dataclasses.fields(kind))


def test_the_signature_is_checked_where_a_key_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, TimeToken)
    assert main(["show", str(path), "--by", str(pub(tmp_path, KEY))]) == 0
    assert f"signed by {KEY.public_key.fingerprint}" in capsys.readouterr().out
    assert main(["show", str(path), "--by", str(pub(tmp_path, SoftwareKey.generate()))]) == 1
    assert "by another key" in capsys.readouterr().err


def test_a_statement_is_read_from_its_text_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, TimeToken)
    path.write_bytes(base64.urlsafe_b64encode(path.read_bytes()).rstrip(b"=") + b"\n")
    assert main(["show", str(path)]) == 0
    assert TimeToken.TYPE in capsys.readouterr().out


def test_a_certificates_fingerprint_is_that_of_its_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    certificate = Certificate(Purpose.TIME, KEY.public_key.data, "time", NOW_S, NOW_S + 1)
    path = tmp_path / "time.cert"
    path.write_bytes(sign1.sign(certificate, audience=b"clinic", signer=KEY))
    assert main(["show", str(path)]) == 0
    assert main(["fingerprint", str(path)]) == 0
    assert capsys.readouterr().out.count(KEY.public_key.fingerprint) == 2


@pytest.mark.parametrize("data", [b"", b"\xd2", b"\xd2\x84\x00", b"nothing", bytes(300_000)])
def test_what_is_none_of_ours_is_refused_in_a_sentence(
    tmp_path: Path, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    assert main(["show", str(path)]) == 1
    assert capsys.readouterr().err.startswith("circlet-root: ")


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    commands = ("demo", "create", "certify", "certify-key", "renew", "revoke", "rotate")
    for name in (*commands, "decisions", "accept-catalogue", "fingerprint", "show"):
        with pytest.raises(SystemExit) as left:
            main([name, "--help"])
        assert left.value.code == 0
        assert "usage: circlet-root " + name in capsys.readouterr().out
