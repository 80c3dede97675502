"""Every command of `circlet-cloud` that touches a clinic leaves a line that names it."""

import argparse
from pathlib import Path

import pytest

from cloud.audit.console import CONSOLE
from cloud.audit.service import newest
from cloud.cli import _parser, main
from cloud.fhir.systems.service import add_system, client_id_of
from shared.trust.keys import SoftwareKey
from shared.trust.statements import Purpose
from shared.wire import fields
from tests.cloud.bands.test_inventory import delivered
from tests.cloud.fhir.systems import ec_key, jwk_of
from tests.cloud.phone import Phone
from tests.cloud.test_care import DEMO_CARD, told
from tests.cloud.worlds import Band, World, certify

LEAVE_NONE = {
    "serve",
    "ingest",
    "dashboard",
    "worker",
    "signing-desk",
    "make-backup-key",  # touches no database
    "demo-data",  # makes a clinic that nobody real is in
    "restore",  # into an empty one: test_backup.py
    "create-clinic",  # into one without it: test_processes.py
    "distribute",  # moves the tables of all clinics: test_plan.py
    "check-fhir",  # touches no database
    "fhir-systems",  # names no patient
}


def commands() -> set[str]:
    (found,) = (each for each in _parser()._actions if isinstance(each, argparse._SubParsersAction))
    return set(found.choices)


@pytest.fixture
def given(world: World, phone: Phone, tmp_path: Path) -> dict[str, list[str]]:
    """Return the options with which each command succeeds."""
    band = Band(world.identity, phone.bytes_of("patient_id"))
    band.session()
    phone.items([*band.record_items(), band.head_item(), told(world, phone)])
    item = phone.get("/v1/received").json()["items"][0]["id"]
    key = SoftwareKey.generate()
    envelope = certify(world.identity.root, "demo", Purpose.TIME, key, "another")
    (tmp_path / "new.cert").write_bytes(envelope)
    (tmp_path / "backup.pub").write_text(key.public_key.data.hex())
    (tmp_path / "band.delivery").write_bytes(fields.pack(delivered(world, 0)))
    (tmp_path / "archive.jwk").write_text(jwk_of(ec_key()))
    with world.database.write("demo") as session:
        scopes, now_ms = "system/*.read", world.clock.now_ms
        system = add_system(session, "demo", "Old", jwk_of(ec_key()), scopes, now_ms=now_ms)
    whom = ["--patient", phone.bytes_of("patient_id").hex()]
    return {
        "migrate": [],
        "invite": ["--clinician", "B. Colleague"],
        "add-certificate": ["--file", str(tmp_path / "new.cert")],
        "add-band": ["--file", str(tmp_path / "band.delivery")],
        "export-fhir": ["--out", str(tmp_path / "f")],
        "add-fhir-system": ["--name", "Archive", "--jwk", str(tmp_path / "archive.jwk")],
        "end-fhir-system": ["--client", client_id_of(system)],
        "recall": ["--firmware", "9.9.9"],
        "export-ledger": ["--device", world.identity.device_id.hex(), "--out", str(tmp_path / "l")],
        "rebuild-doses": [],
        "publish-card": ["--file", str(DEMO_CARD)],
        "send-message": [*whom, "--author", "K.", "--text", "Hello."],
        "care-items": whom,
        "phones": whom,
        "sign-again": [],
        "mark-seen": [*whom, "--item", item, "--by", "K."],
        "revoke-phone": [*whom, "--number", "1"],
        "rotate-keys": [],
        "export-audit": ["--out", str(tmp_path / "a")],
        "backup": ["--out", str(tmp_path / "b"), "--to", str(tmp_path / "backup.pub")],
        "verify": [],
        "erase-patient": [*whom, "--again", whom[1]],
    }


ELSEWHERE = {"add-release", "add-revocation", "publish-text-pack", "relay-word", "release"}
"""Their lines are checked where the files that they take are made."""


def test_every_command_leaves_a_line(
    world: World, given: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloud.cli.configure", lambda _: None)
    assert commands() - LEAVE_NONE - ELSEWHERE == given.keys()
    place = ["--data", str(world.settings.data), "--identity", str(world.identity.folder)]
    for name, options in given.items():
        main([name, *place, *options])
        with world.database.read("demo") as session:
            (line,) = newest(session, "demo", 1)
        assert (line.actor, line.route) == (CONSOLE, f"circlet-cloud {name}")
