"""The root's tool on real files: what it makes holds, and what it must not do it refuses."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from cloud.root_tool.cli import main
from shared.trust import certificates, sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.statements import Certificate, Purpose, Scope, Transfer
from tests.cloud.root_tool.holder import CLINIC, DESK, NOW_S, public, request_file, run


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("root") / "identity"
    assert main(["demo", "--out", str(folder), "--now-ms", str(NOW_S * 1000)]) == 0
    return folder


@pytest.fixture
def passkey() -> PublicKey:
    return SoftwareKey.generate().public_key


def certify(identity: Path, request: Path, out: Path, fingerprint: str) -> int:
    return run(
        "certify",
        clinic_root=identity / "clinic-root.key",
        request=request,
        fingerprint=fingerprint,
        scope=["prescribe", "lift_hold"],
        days=30,
        now_ms=NOW_S * 1000,
        out=out,
    )


@pytest.mark.parametrize("name", ["enrolment", "time", "clearance", "hold", "receipt", "care"])
def test_each_server_key_is_certified_for_its_purpose(identity: Path, name: str) -> None:
    certificate = certificates.judge(
        (identity / "keys" / f"{name}.cert").read_bytes(),
        purpose=Purpose[name.upper()],
        clinic_id=CLINIC,
        root=public(identity / "clinic-root.pub"),
        now_s=NOW_S,
    )
    key = SoftwareKey.from_pem((identity / "keys" / f"{name}.key").read_bytes())
    assert certificate.public_key == key.public_key.data


def test_twenty_vault_keys_are_certified_and_all_differ(identity: Path) -> None:
    root = public(identity / "clinic-root.pub")
    keys = {
        certificates.judge(
            path.read_bytes(), purpose=Purpose.VAULT, clinic_id=CLINIC, root=root, now_s=NOW_S
        ).public_key
        for path in (identity / "keys").glob("vault-*.cert")
    }
    assert len(keys) == 20


def test_the_maker_vouches_for_the_device_and_gives_it_to_the_clinic(identity: Path) -> None:
    maker = public(identity / "device" / "manufacturer.pub")
    about = json.loads((identity / "device" / "device.json").read_text())
    device_id = bytes.fromhex(about["device_id"])
    certificate = certificates.judge(
        (identity / "device" / "device.cert").read_bytes(),
        purpose=Purpose.DEVICE,
        clinic_id=device_id,
        root=maker,
        now_s=NOW_S,
    )
    device_key = SoftwareKey.from_pem((identity / "device" / "device.key").read_bytes())
    assert certificate.public_key == device_key.public_key.data
    transfer = sign1.verify(
        Transfer, (identity / "transfer.cbor").read_bytes(), audience=device_id, key=maker
    )
    assert transfer.clinic_root == public(identity / "clinic-root.pub").data
    assert transfer.recovery_root == public(identity / "recovery-root.pub").data
    assert transfer.demo


def test_the_maker_vouches_for_a_key_that_signs_firmware_and_nothing_else(identity: Path) -> None:
    certificate = certificates.judge(
        (identity / "firmware" / "firmware.cert").read_bytes(),
        purpose=Purpose.FIRMWARE,
        clinic_id=b"circlet-band",
        root=public(identity / "device" / "manufacturer.pub"),
        now_s=NOW_S,
    )
    key = SoftwareKey.from_pem((identity / "firmware" / "firmware.key").read_bytes())
    assert certificate.public_key == key.public_key.data


def test_the_clinic_is_plainly_a_demonstration(identity: Path) -> None:
    about = json.loads((identity / "clinic.json").read_text())
    assert about == {
        "clinic_id": "demo-clinic",
        "name": "Demo clinic",
        "desk_rp_id": "desk.localhost",
        "desk_origin": DESK,
        "demo": True,
    }


def test_a_demonstration_refuses_a_name_that_hides_what_it_is(tmp_path: Path) -> None:
    assert main(["demo", "--out", str(tmp_path / "x"), "--clinic", "General Hospital"]) == 1
    assert not (tmp_path / "x").exists()


def test_private_keys_are_for_their_owner_alone(identity: Path) -> None:
    keys = list(identity.rglob("*.key"))
    assert len(keys) == 32
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}


def test_nothing_is_overwritten(identity: Path, tmp_path: Path) -> None:
    before = (identity / "clinic-root.key").read_bytes()
    assert main(["demo", "--out", str(identity)]) == 1
    made = ["create", "--out", str(identity), "--clinic", "Clinic", "--clinic-id", "elsewhere"]
    assert main(made) == 1
    assert (identity / "clinic-root.key").read_bytes() == before


def test_a_compared_passkey_is_certified(
    identity: Path, tmp_path: Path, passkey: PublicKey
) -> None:
    out = tmp_path / "clinician.cert"
    request = request_file(tmp_path, passkey)
    assert certify(identity, request, out, passkey.fingerprint.upper()) == 0
    certificate = certificates.judge(
        out.read_bytes(),
        purpose=Purpose.STAFF,
        clinic_id=CLINIC,
        root=public(identity / "clinic-root.pub"),
        now_s=NOW_S + 30 * 86_400,
    )
    assert certificate == Certificate(
        purpose=Purpose.STAFF,
        public_key=passkey.data,
        subject="Dr A. Example",
        not_before_s=NOW_S,
        not_after_s=NOW_S + 30 * 86_400,
        scopes=(Scope.PRESCRIBE, Scope.LIFT_HOLD),
        rp_id="desk.localhost",
        origin=DESK,
        backup_eligible=False,
        credential_id=b"credential",
    )


@pytest.mark.parametrize("told", ["", "0000", "another key's"])
def test_a_wrong_fingerprint_is_refused(
    identity: Path,
    tmp_path: Path,
    passkey: PublicKey,
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "clinician.cert"
    fingerprint = SoftwareKey.generate().public_key.fingerprint if "another" in told else told
    assert certify(identity, request_file(tmp_path, passkey), out, fingerprint) == 1
    assert not out.exists()
    assert passkey.fingerprint in capsys.readouterr().err


def test_a_prefix_of_the_fingerprint_is_not_enough(
    identity: Path, tmp_path: Path, passkey: PublicKey
) -> None:
    out = tmp_path / "clinician.cert"
    assert certify(identity, request_file(tmp_path, passkey), out, passkey.fingerprint[:-1]) == 1
    assert not out.exists()


@pytest.mark.parametrize(
    "changes",
    [{"origin": "http://cloud.localhost:8080"}, {"rp_id": "cloud.localhost"}],
)
def test_a_key_made_elsewhere_than_at_the_desk_is_refused(
    identity: Path, tmp_path: Path, passkey: PublicKey, changes: dict[str, object]
) -> None:
    out = tmp_path / "clinician.cert"
    request = request_file(tmp_path, passkey, **changes)
    assert certify(identity, request, out, passkey.fingerprint) == 1
    assert not out.exists()


@pytest.mark.parametrize("text", [b"", b"%%%", b"gA", b"oQEC"])
def test_a_file_that_is_no_request_is_refused(
    identity: Path, tmp_path: Path, passkey: PublicKey, text: bytes
) -> None:
    request = tmp_path / "request.txt"
    request.write_bytes(text)
    assert certify(identity, request, tmp_path / "x.cert", passkey.fingerprint) == 1


def test_a_name_cannot_rearrange_what_the_holder_reads(
    tmp_path: Path, passkey: PublicKey, capsys: pytest.CaptureFixture[str]
) -> None:
    request = request_file(tmp_path, passkey, subject="Dr\u202e A\n fingerprint 0000")
    assert main(["show", str(request)]) == 0
    assert "Dr\\u202e A\\u000a fingerprint 0000" in capsys.readouterr().out


def test_a_created_root_certifies_a_servers_key(
    tmp_path: Path, passkey: PublicKey, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "time.pub").write_text(passkey.data.hex())
    home, out = tmp_path / "home", tmp_path / "time.cert"
    assert run("create", out=home, clinic="Clinic", clinic_id="elsewhere") == 0
    code = run(
        "certify-key",
        clinic_root=home / "clinic-root.key",
        purpose="time",
        public_key=tmp_path / "time.pub",
        now="2027-01-15T08:00:00Z",
        out=out,
    )
    assert code == 0
    root_key = public(home / "clinic-root.pub")
    found = certificates.judge(
        out.read_bytes(), purpose=Purpose.TIME, clinic_id=b"elsewhere", root=root_key, now_s=NOW_S
    )
    assert found.public_key == passkey.data
    with pytest.raises(TrustError, match="for TIME"):
        certificates.judge(
            out.read_bytes(),
            purpose=Purpose.STAFF,
            clinic_id=b"elsewhere",
            root=root_key,
            now_s=NOW_S,
        )
    capsys.readouterr()
    assert main(["fingerprint", str(out)]) == 0
    assert capsys.readouterr().out.strip() == passkey.fingerprint


@pytest.mark.parametrize("name", ["keys/time.cert", "transfer.cbor", "clinic-root.key"])
def test_show_never_shows_a_private_half(
    identity: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", str(identity / name)]) == 0
    shown = capsys.readouterr().out
    assert "PRIVATE" not in shown
    assert public(identity / "clinic-root.pub").key_id.hex()[:4] in shown
