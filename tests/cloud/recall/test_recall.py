"""A recall finds the bands that are meant, holds and tells once, and says how far each has come."""

import re

import pytest

from cloud.cli import main
from cloud.errors import Refused
from cloud.holds.service import HoldState, holds_of, sign_asked, state_of
from cloud.ledger.firmware import Firmware
from cloud.patients.models import Device
from cloud.recall.criteria import Criteria, Serials
from shared.trust.statements import HoldKind, HoldSource
from shared.wire import records
from tests.cloud.phone import Phone
from tests.cloud.worlds import Band, World

pytestmark = pytest.mark.both_databases

OLD, NEW = Firmware("1.0.0", is_confirmed=True), Firmware("1.1.0", is_confirmed=True)


@pytest.mark.parametrize(
    ("serial", "meant"),
    [
        ("CB-0009", False),
        ("CB-0010", True),
        ("CB-0100", True),
        ("CB-00050", True),
        ("CB-0101", False),
        ("CX-0050", False),
        ("CB-", False),
    ],
)
def test_a_range_of_serials_has_both_its_ends_and_its_own_series(serial: str, meant: bool) -> None:
    assert Serials("CB-0010", "CB-0100").has(serial) is meant


def test_a_recall_means_who_runs_the_firmware_and_who_may() -> None:
    criteria = Criteria(firmware="1.0.0")
    assert [criteria.means("CB-1", each) for each in (OLD, NEW, None)] == [True, False, True]
    both = Criteria(Serials("CB-1", "CB-2"), "1.0.0")
    assert [both.means(each, OLD) for each in ("CB-2", "CB-3")] == [True, False]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Serials("CB-2", "CB-1"),
        lambda: Serials("CB-1", "CX-2"),
        lambda: Serials("CB", "CB-2"),
        Criteria,
    ],
)
def test_criteria_that_mean_nothing_are_refused(wrong: type[Criteria]) -> None:
    with pytest.raises(Refused):
        wrong()


@pytest.fixture
def recalled(world: World, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> tuple[Band, list[str]]:
    """A band of firmware 1.0.0 whose record came, and the command's words for it."""
    band = Band(world.identity, phone.bytes_of("patient_id"))
    band.write(
        records.BootBody(0, clock_unbroken=True, proven_ms=band.state.proven_ms, firmware="1.0.0")
    )
    phone.items([*band.record_items(), band.head_item()])
    monkeypatch.setenv("CIRCLET_CLOUD_DATA", str(world.settings.data))
    monkeypatch.setenv("CIRCLET_CLOUD_DATABASE_URL", world.settings.url)
    monkeypatch.setenv("CIRCLET_CLOUD_IDENTITY", str(world.identity.folder))
    return band, ["recall", "--firmware", "1.0.0"]


def said(capsys: pytest.CaptureFixture[str], words: list[str]) -> str:
    capsys.readouterr()
    main(words)
    return capsys.readouterr().out


def last_line(text: str) -> str:
    return text.strip().splitlines()[-1]


def test_a_recall_from_finding_to_a_hold_in_force(
    world: World, phone: Phone, recalled: tuple[Band, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    band, command = recalled
    by = world.member().name
    assert last_line(said(capsys, command)) == "1 bands: 1 not held"
    held = said(capsys, [*command, "--hold-by", by])
    assert "1 holds asked for" in held
    assert last_line(held) == "1 bands: 1 hold asked"
    assert "0 holds asked for" in said(capsys, [*command, "--hold-by", by])
    with world.database.write("demo") as session:
        sign_asked(session, "demo", world.identity.keys["hold"], now_ms=world.clock.now_ms)
        (hold,) = holds_of(session, "demo", band.patient_id)
    given = phone.get("/v1/sync?cursor=0").json()["items"]
    phone.get(f"/v1/sync?cursor={given[-1]['cursor']}")
    assert last_line(said(capsys, command)) == "1 bands: 1 hold on the phone"
    placed = (hold.hold_id, HoldKind.SAFETY, HoldSource.CLOUD, hold.reason, hold.number)
    first = band.state.number + 1
    band.write(records.HoldPlacedBody(*placed))
    phone.items([*band.record_items(first), band.head_item()])
    with world.database.read("demo") as session:
        (hold,) = holds_of(session, "demo", band.patient_id)
    assert state_of(hold) is HoldState.IN_FORCE
    assert last_line(said(capsys, command)) == "1 bands: 1 hold in force"


def test_a_patient_is_told_once(
    recalled: tuple[Band, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    _, command = recalled
    tell = [*command, "--tell", "Please don't treat. We bring you another.", "--author", "Clinic"]
    assert "1 patients told now, 0 before" in said(capsys, tell)
    assert "0 patients told now, 1 before" in said(capsys, tell)


def test_a_patient_who_cannot_be_told_is_named_and_keeps_nobody_else_from_being_told(
    world: World, recalled: tuple[Band, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    band, command = recalled
    transit = world.settings.vault_folder / "transit"
    (path,) = transit.rglob(f"{band.patient_id.hex()}.wrapped")
    path.unlink()
    told = said(capsys, [*command, "--tell", "Please call us.", "--author", "Clinic"])
    assert "0 patients told now, 0 before" in told
    assert "NOT TOLD: the patient of CB-0001" in told


def test_another_firmware_is_not_meant(
    recalled: tuple[Band, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, ["recall", "--firmware", "1.1.0"]) == "0 bands: none is meant\n"


def test_a_band_that_nobody_has_is_found_and_not_held(
    world: World, recalled: tuple[Band, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    _, command = recalled
    with world.database.write("demo") as session:
        device = session.get(Device, ("demo", world.identity.device_id))
        assert device is not None
        device.patient_id = None
    held = said(capsys, [*command, "--hold-by", world.member().name])
    assert "0 holds asked for" in held
    assert last_line(held) == "1 bands: 1 nobody has it"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["recall"], "Name a range"),
        (["recall", "--firmware", "1.0.0", "--tell", "x"], "--author"),
        (["recall", "--firmware", "1.0.0", "--hold-by", "Nobody"], "Nobody of that name"),
    ],
)
def test_a_recall_that_lacks_something_changes_nothing(
    recalled: tuple[Band, list[str]], words: list[str], why: str
) -> None:
    with pytest.raises(SystemExit, match=re.escape(why)):
        main(words)
