"""A release goes ring by ring, each opened by a person, and stops by itself where it does harm."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cloud.alerts.service import open_alerts
from cloud.audit.console import CONSOLE
from cloud.audit.service import newest
from cloud.cli import main
from cloud.errors import Refused
from cloud.ingest.app import create_app
from cloud.ingest.bodies import decode_bytes, encode_bytes
from cloud.releases.adding import release_of
from cloud.releases.offering import PART_BYTES
from cloud.releases.rings import ALL, NAMED, SHARE, ring_of
from cloud.releases.steps import open_next, resume, withdraw
from cloud.releases.watch import look
from shared.firmware.image import read
from tests.cloud.releases.stands import NEW, OLD, Patient, let_sign, release
from tests.cloud.worlds import World
from tests.shared.firmware.releases import Maker

DAY_MS = 86_400_000


@pytest.fixture
def maker(world: World) -> Maker:
    made = Maker()
    let_sign(world, made)
    return made


@pytest.fixture
def bands(world: World) -> Iterator[list[Patient]]:
    with TestClient(create_app(world.settings, world.clock)) as ingest:
        yield [Patient(world, ingest, each) for each in world.identity.devices]


def offers(bands: list[Patient]) -> list[str | None]:
    return [each.is_offered() for each in bands]


def work(world: World) -> int:
    with world.database.write("demo") as session:
        return look(session, "demo", now_ms=world.clock.now_ms)


def test_a_share_is_the_same_bands_each_time_and_other_ones_for_another_release() -> None:
    devices = [hashlib.sha256(bytes([each // 256, each % 256])).digest() for each in range(5000)]

    def shared(image_hash: bytes) -> set[bytes]:
        return {
            each
            for each in devices
            if ring_of(image_hash, each, is_named=False, share_percent=10) == SHARE
        }

    first = shared(b"a" * 32)
    assert first == shared(b"a" * 32)
    assert 400 < len(first) < 600
    assert len(first & shared(b"b" * 32)) < 100
    rings = Counter(
        ring_of(b"a" * 32, each, is_named=each is devices[0], share_percent=100) for each in devices
    )
    assert rings == {NAMED: 1, SHARE: 4999}
    assert ring_of(b"a" * 32, devices[1], is_named=False, share_percent=0) == ALL


def test_what_the_maker_did_not_sign_is_no_release(world: World, maker: Maker) -> None:
    image = bytearray(maker.image(filler=bytes(100)))
    for wrong in (Maker().image(), bytes(image[:-1]), maker.image(product="other")):
        with pytest.raises(Refused):
            release(world, wrong, "CB-0001")
    release(world, bytes(image), "CB-0001")
    with pytest.raises(Refused, match=NEW):
        release(world, maker.image(security_counter=2), "CB-0001")


def test_a_ring_opens_by_a_person_once_enough_bands_kept_it_long_enough(
    world: World, maker: Maker, bands: list[Patient]
) -> None:
    release(world, maker.image(), "CB-0001")
    assert offers(bands) == [NEW, None, None]

    def open_ring() -> None:
        with world.database.write("demo") as session:
            open_next(session, release_of(session, "demo", NEW), now_ms=world.clock.now_ms)

    world.clock.now_ms += 7 * DAY_MS
    with pytest.raises(Refused, match="0 bands"):
        open_ring()
    bands[0].says(NEW, kept=False)
    with pytest.raises(Refused, match="0 bands"):
        open_ring()
    bands[0].says(NEW)
    open_ring()
    with pytest.raises(Refused, match="0 days"):
        open_ring()
    world.clock.now_ms += 7 * DAY_MS
    open_ring()
    assert offers(bands) == [None, NEW, NEW]
    with pytest.raises(Refused, match="Every ring"):
        open_ring()


def test_a_release_that_bands_go_back_from_is_halted_until_a_person_decides(
    world: World, maker: Maker, bands: list[Patient]
) -> None:
    release(world, maker.image(), "CB-0001", "CB-0002")
    assert work(world) == 0
    world.clock.now_ms += DAY_MS
    bands[0].says(NEW, kept=False)
    bands[0].says(OLD)
    assert work(world) == 1
    assert offers(bands) == [None, None, None]
    with world.database.read("demo") as session:
        (alert,) = [each for each in open_alerts(session, "demo") if each.patient_id is None]
        assert alert.title == "A firmware release was halted"
        assert "1 of 1 bands" in alert.detail
        (line,) = newest(session, "demo", 1)
        assert (line.actor, line.action) == ("worker", "halted a release")
    assert work(world) == 0, "what is halted is looked at no more"
    world.clock.now_ms += DAY_MS
    with world.database.write("demo") as session:
        resume(session, release_of(session, "demo", NEW), now_ms=world.clock.now_ms)
        assert not [each for each in open_alerts(session, "demo") if each.patient_id is None]
    assert work(world) == 0, "what went wrong before counts no more"
    assert offers(bands) == [NEW, NEW, None]
    with world.database.write("demo") as session:
        withdraw(session, release_of(session, "demo", NEW), now_ms=world.clock.now_ms)
    assert offers(bands) == [None, None, None]


def test_faults_that_bands_on_other_firmware_have_too_halt_nothing(
    world: World, maker: Maker, bands: list[Patient]
) -> None:
    release(world, maker.image(), "CB-0001")
    world.clock.now_ms += DAY_MS
    bands[0].says(NEW)
    for each in bands:
        each.fails()
    assert work(world) == 0


def test_a_crash_that_only_the_phone_can_tell_of_counts(
    world: World, maker: Maker, bands: list[Patient]
) -> None:
    image = maker.image()
    release(world, image, "CB-0001", "CB-0002")
    told = {
        "device_id": encode_bytes(bands[0].device_id),
        "image_hash": encode_bytes(read(image).hash),
        "outcome": "rolled-back",
    }
    assert bands[1].phone.post("/v1/releases/tries", told).status_code == 404
    assert bands[0].phone.post("/v1/releases/tries", told).status_code == 200
    assert offers(bands) == [None, NEW, None]
    assert work(world) == 1


def test_an_image_comes_in_parts_while_it_is_offered(
    world: World, maker: Maker, bands: list[Patient]
) -> None:
    image = maker.image(filler=bytes(PART_BYTES))
    release(world, image, "CB-0001")
    got = b""
    asked = {
        "device_id": encode_bytes(bands[0].device_id),
        "image_hash": encode_bytes(read(image).hash),
    }
    while len(got) < len(image):
        answer = bands[0].phone.post("/v1/releases/parts", {**asked, "start": len(got)})
        got += decode_bytes(answer.json()["data"])
    assert got == image
    other = {**asked, "device_id": encode_bytes(bands[1].device_id), "start": 0}
    assert bands[1].phone.post("/v1/releases/parts", other).status_code == 404
    with world.database.write("demo") as session:
        withdraw(session, release_of(session, "demo", NEW), now_ms=world.clock.now_ms)
    answer = bands[0].phone.post("/v1/releases/parts", {**asked, "start": 0})
    assert answer.status_code == 404


def test_the_commands_say_how_it_stands_and_leave_a_line_each(
    world: World,
    maker: Maker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("cloud.cli.configure", lambda _: None)
    (tmp_path / "new.img").write_bytes(maker.image())
    place = ["--data", str(world.settings.data), "--identity", str(world.identity.folder)]
    image = ["--image", str(tmp_path / "new.img"), "--bands", "CB-0001"]
    about = ["--version", NEW]
    for words, standing, action in (
        (["add-release", *image], "offered, ring 1", "added a release"),
        (["release", *about], "offered, ring 1", "looked at a release"),
        (["release", "halt", *about], "HALTED", "halted a release"),
        (["release", "resume", *about], "offered", "resumed a release"),
        (["release", "withdraw", *about], "withdrawn", "withdrew a release"),
    ):
        capsys.readouterr()
        main([*words, *place])
        assert f"{NEW}: {standing}" in capsys.readouterr().out
        with world.database.read("demo") as session:
            (line,) = newest(session, "demo", 1)
        assert (line.actor, line.route) == (CONSOLE, f"circlet-cloud {words[0]}")
        assert (line.action, line.subject) == (action, f"release/{NEW}")
    with pytest.raises(SystemExit, match="halted or withdrawn"):
        main(["release", "open-ring", *about, *place])
