"""A renewed certificate speaks for its key from then on, and the one before is kept."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cloud.audit import heads
from cloud.cli import main
from cloud.clinics.certificates import (
    Outcome,
    add_certificate,
    certificate_of_key,
    certificates_for,
    envelopes_of_key,
)
from cloud.clinics.service import clinic_of
from cloud.dashboard.app import create_app
from cloud.errors import Refused
from cloud.ingest.words import clearance
from cloud.people.authority import Role
from cloud.phones.models import Phone as StoredPhone
from cloud.verifier import cli as verify
from shared.trust import certificates
from shared.trust.statements import Purpose
from tests.cloud.audit.test_verifier import act, exported, judged, sign_head
from tests.cloud.authority.people import visitor
from tests.cloud.worlds import PURPOSES, START_MS, VALID_S, World, certificate_of

DAY_S = 86_400
NOW_S = START_MS // 1000


def certified_until(
    world: World,
    name: str,
    days: int,
    *,
    from_s: int = NOW_S - DAY_S,
    purpose: Purpose | None = None,
) -> bytes:
    """A certificate of one of the clinic's keys, until so many days after the first one's end."""
    said = certificate_of(purpose or PURPOSES[name], world.identity.keys[name], name)
    end_s = NOW_S + VALID_S + days * DAY_S
    return certificates.issue(
        replace(said, not_before_s=from_s, not_after_s=end_s),
        clinic_id=b"demo",
        root=world.identity.root,
    )


def add(world: World, envelope: bytes) -> Outcome:
    with world.database.write("demo") as session:
        clinic = clinic_of(session, "demo")
        return add_certificate(session, clinic, envelope, now_ms=world.clock.now_ms).outcome


def spoken_for(world: World, name: str) -> bytes:
    with world.database.read("demo") as session:
        return certificate_of_key(session, "demo", world.identity.keys[name].public_key.key_id)


@pytest.mark.both_databases
def test_clearance_carries_the_renewed_certificate(world: World) -> None:
    renewed = certified_until(world, "clearance", 14)
    before = spoken_for(world, "clearance")
    assert add(world, renewed) is Outcome.RENEWED
    owner = world.enrol()[0].patient_id
    phone = StoredPhone(clinic_id="demo", device_id=world.identity.device_id, patient_id=owner)
    key = world.identity.keys["clearance"]
    with world.database.read("demo") as session:
        _, carried = clearance(session, phone, phone.device_id, bytes(16), key, now_ms=START_MS)
        assert carried == renewed
        assert envelopes_of_key(session, "demo", key.public_key.key_id) == (renewed, before)
        assert [each.envelope for each in certificates_for(session, "demo", Purpose.CLEARANCE)] == [
            renewed
        ]


@pytest.mark.both_databases
def test_what_is_shorter_or_known_changes_nothing(world: World) -> None:
    before = spoken_for(world, "clearance")
    shorter = certified_until(world, "clearance", -1)
    assert [add(world, each) for each in (shorter, before, shorter)] == [
        Outcome.SHORTER,
        Outcome.KNOWN,
        Outcome.KNOWN,
    ]
    assert spoken_for(world, "clearance") == before


def test_a_key_gets_no_second_purpose_and_no_certificate_of_tomorrow(world: World) -> None:
    before = spoken_for(world, "hold")
    with pytest.raises(Refused, match="something else"):
        add(world, certified_until(world, "hold", 1, purpose=Purpose.AUDIT))
    with pytest.raises(Refused, match="2026-03-03 09:00 UTC"):
        add(world, certified_until(world, "hold", 1, from_s=NOW_S + DAY_S))
    assert spoken_for(world, "hold") == before


def test_heads_of_before_the_renewal_hold_here_and_for_whoever_judges_the_file(
    world: World, tmp_path: Path
) -> None:
    act(world)
    assert sign_head(world)
    world.clock.now_ms += 2 * DAY_S * 1000
    assert add(world, certified_until(world, "audit", 14, from_s=NOW_S + DAY_S)) is Outcome.RENEWED
    act(world)
    assert sign_head(world)
    with world.database.read("demo") as session:
        assert heads.first_false_head(session, "demo") is None
    assert judged(world, exported(world), tmp_path) == verify.WHOLE


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock)) as client:
        yield client


def test_command_says_what_became_of_it(
    world: World,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cloud.cli.configure", lambda _: None)
    longer, shorter = (certified_until(world, "clearance", days) for days in (14, 7))
    for given, words in [
        (longer, "stored, in place of the one before; the key is certified until 2126-02-20"),
        (longer, "it was here already, nothing changed; the key is certified until 2126-02-20"),
        (
            shorter,
            "kept, but the key has one that lasts longer; the key is certified until 2126-02-20",
        ),
    ]:
        (tmp_path / "c").write_bytes(given)
        main(["add-certificate", "--data", str(world.settings.data), "--file", str(tmp_path / "c")])
        assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("renewed", "takes its place"), ("shorter", "changes nothing"), ("known", "here already")],
)
def test_page_says_what_became_of_it(
    world: World, pages: TestClient, outcome: str, words: str
) -> None:
    pages.cookies.set("circlet", visitor(world, "A.", Role.ADMINISTRATOR).cookie)
    assert words in pages.get(f"/clinic?outcome={outcome}").text
