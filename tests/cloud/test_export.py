"""`circlet-cloud export-ledger` writes what `circlet-verify` judges."""

from pathlib import Path

import pytest

from cloud.cli import main
from cloud.verifier import cli as verify
from shared.wire.ledger_file import Spelling
from tests.cloud.phone import Phone
from tests.cloud.worlds import Band, World


@pytest.fixture
def band(world: World, phone: Phone) -> Band:
    """A band whose two sessions reached the clinic, with a head behind each."""
    made = Band(world.identity, phone.bytes_of("patient_id"))
    for first in (1, 44):
        made.session()
        answers = phone.items([*made.record_items(first), made.head_item()])
        assert {each["answer"] for each in answers} == {"accepted"}
    return made


@pytest.fixture(autouse=True)
def logs_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's own logging would outlive the stream that a test captures."""
    monkeypatch.setattr("cloud.cli.configure", lambda _: None)


def export(world: World, out: Path, *more: str) -> None:
    command = ["export-ledger", "--data", str(world.settings.data), "--out", str(out)]
    main([*command, "--device", world.identity.device_id.hex(), *more])


def verified(world: World, out: Path) -> int:
    maker = world.identity.folder / "manufacturer.pub"
    return verify.main([str(out), "--manufacturer", str(maker)])


@pytest.mark.parametrize("spelling", Spelling)
def test_exported_record_is_judged_by_the_maker_s_root_alone(
    world: World,
    band: Band,
    spelling: Spelling,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "ledger"
    export(world, out, "--spelling", spelling)
    assert verified(world, out) == verify.WHOLE
    said = capsys.readouterr().out
    assert f"proven        1-{band.state.number}, by 2 signed heads" in said
    assert f"pulses        {band.state.total_pulses}" in said
    assert said.count("600 of 600 pulses") == 2


def test_records_without_a_head_are_exported_and_not_proven(
    world: World, phone: Phone, band: Band, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proven_to = band.state.number
    band.session()
    phone.items(band.record_items(proven_to + 1))
    export(world, tmp_path / "ledger")
    assert verified(world, tmp_path / "ledger") == verify.WHOLE
    assert f"the last {band.state.number - proven_to}" in capsys.readouterr().out


def test_device_and_epoch_that_are_not_there_are_named(
    world: World, band: Band, tmp_path: Path
) -> None:
    with pytest.raises(SystemExit, match="no device 'none'"):
        export(world, tmp_path / "ledger", "--device", "none")
    with pytest.raises(SystemExit, match=band.epoch.hex()):
        export(world, tmp_path / "ledger", "--epoch", "00")
    assert not (tmp_path / "ledger").exists()


def test_nothing_is_overwritten(world: World, band: Band, tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("mine")
    with pytest.raises(SystemExit, match="exists"):
        export(world, tmp_path / "ledger")
    assert (tmp_path / "ledger").read_text() == "mine"
