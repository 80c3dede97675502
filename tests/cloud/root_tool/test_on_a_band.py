"""What the root's holder writes on files, a band takes: revocation, rotation, acceptance."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.dose.reasons import ReasonCode
from shared.trust.keys import SoftwareKey
from shared.trust.statements import Purpose
from shared.wire.operations import Operation, StatementArguments, StatusCode
from shared.wire.records import CatalogueAcceptedBody
from tests.cloud.root_tool.holder import Holder, run
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.shared.clinic import CLINIC_ID, NOW_S, Clinic


@pytest.fixture
def holder(tmp_path: Path) -> Holder:
    """The roots of the clinic that the band belongs to."""
    made = Holder(tmp_path / "home", tmp_path / "desk")
    made.desk.mkdir()
    named = {"clinic": "Demo clinic", "clinic_id": CLINIC_ID.decode(), "demo": True}
    assert run("create", out=made.home, **named) == 0
    return made


@pytest.fixture
def band(holder: Holder, tmp_path: Path) -> Band:
    """A band that waits for arming, under these roots."""
    root, recovery = (key_of(holder, name) for name in ("clinic-root", "recovery-root"))
    band = Band(tmp_path / "band", Clinic(root=root, recovery=recovery))
    band.ready()
    return band


def key_of(holder: Holder, name: str) -> SoftwareKey:
    return SoftwareKey.from_pem((holder.home / f"{name}.key").read_bytes())


def give(band: Band, operation: Operation, path: Path) -> StatusCode:
    return band.ask(operation, StatementArguments(path.read_bytes())).status


def staff_file(holder: Holder, band: Band) -> Path:
    path = holder.desk / "staff.cert"
    path.write_bytes(band.clinic.certify(band.clinic.staff_certificate()))
    return path


def test_a_compromised_prescribers_treatment_locks_at_once(holder: Holder, band: Band) -> None:
    out, key = holder.desk / "r.cose", staff_file(holder, band)
    assert holder.sign("revoke", at_s=NOW_S, key=key, compromised=True, out=out) == 0
    assert give(band, Operation.REVOKE, out) is StatusCode.OK
    assert band.reasons == {ReasonCode.SIGNER_REVOKED}


def test_what_a_prescriber_who_left_had_signed_stands_until_the_date(
    holder: Holder, band: Band
) -> None:
    out, key = holder.desk / "r.cose", staff_file(holder, band)
    left = {"left": "2026-09-25T00:00:00Z", "key": key, "out": out}
    assert holder.sign("revoke", at_s=NOW_S, **left) == 0
    assert give(band, Operation.REVOKE, out) is StatusCode.OK
    assert ReasonCode.SIGNER_LEFT not in band.reasons
    band.skip(4 * 86_400_000)
    assert ReasonCode.SIGNER_LEFT in band.reasons


def test_under_the_new_root_the_certificates_of_the_one_go_are_taken(
    holder: Holder, band: Band
) -> None:
    old = holder.desk / "time.cert"
    old.write_bytes(band.clinic.certificate(Purpose.TIME))
    new = holder.home.parent / "new"
    recovery = holder.home / "recovery-root.key"
    rotated = {"clinic_root": recovery, "certificates": [old], "out": new}
    assert holder.sign("rotate", at_s=NOW_S, **rotated) == 0
    assert give(band, Operation.ROTATE_ROOT, new / "rotation.cose") is StatusCode.BUTTON_NEEDED
    band.press()
    assert band.set_time().status is StatusCode.NOT_TRUSTED
    band.clinic.root = key_of(Holder(new, holder.desk), "clinic-root")
    assert (new / "certificates" / "time.cert").read_bytes() != old.read_bytes()
    assert band.set_time().status is StatusCode.OK


def test_an_accepted_catalogue_is_on_the_bands_record(
    holder: Holder, band: Band, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    out = holder.desk / "accepted.cose"
    assert holder.sign("accept-catalogue", at_s=NOW_S, out=out) == 0
    assert give(band, Operation.ACCEPT_CATALOGUE, out) is StatusCode.OK
    assert len(band.bodies(CatalogueAcceptedBody)) == 1
