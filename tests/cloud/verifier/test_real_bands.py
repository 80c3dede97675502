"""Ledgers of the real firmware, over real parts in a folder, judged by the maker's root."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from cloud.verifier.findings import Flaw
from firmware_bridge.emulator.export import ledger_bytes
from firmware_bridge.emulator.firmware.ports import Identity
from shared.trust import certificates
from shared.trust.keys import PublicKey
from shared.trust.statements import Certificate, Purpose
from shared.wire.ledger_file import Spelling
from shared.wire.records import CloseCause
from tests.cloud.verifier.judging import Judged, judge
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.shared.clinic import DEVICE_ID, FAR_S, NOW_S, itbs


@pytest.fixture
def band(tmp_path: Path) -> Band:
    """A band that waits for arming only."""
    made = Band(tmp_path / "band")
    made.ready()
    return made


def identity_of(band: Band) -> Identity:
    """What the maker put into it, the certificate included."""
    key, maker = band.device_key, band.clinic.manufacturer
    certificate = Certificate(Purpose.DEVICE, key.public_key.data, "Band", NOW_S, FAR_S)
    issued = certificates.issue(certificate, clinic_id=DEVICE_ID, root=maker)
    return Identity(DEVICE_ID, key, issued, maker.public_key)


def exported(band: Band, folder: Path, spelling: Spelling = Spelling.JSON) -> Path:
    path = folder / f"ledger.{spelling}"
    path.write_bytes(ledger_bytes(band.firmware, identity_of(band), spelling))
    return path


def judged(band: Band, folder: Path, spelling: Spelling = Spelling.JSON) -> Judged:
    return judge(exported(band, folder, spelling), band.clinic.manufacturer.public_key)


@pytest.mark.parametrize("spelling", Spelling)
def test_whole_session_of_the_firmware_is_proven_and_told(
    band: Band, spelling: Spelling, tmp_path: Path
) -> None:
    band.start()
    band.run_until_fired(600)
    band.run(10_000, beat=True)
    found = judged(band, tmp_path, spelling)
    assert found.summary.whole, found.summary.findings
    (session,) = found.sessions
    assert (session.pulses, session.planned_pulses, len(session.trains)) == (600, 600, 20)
    assert (session.completed, session.cause) == (True, CloseCause.COMPLETED)
    assert session.percent_mso == (itbs().percent_mso(0), itbs().percent_mso(0))
    assert all(entry.proven for entry in found.entries)
    assert found.summary.pulses == band.fired


def test_stopped_session_and_a_power_cut_are_told_as_they_were(band: Band, tmp_path: Path) -> None:
    band.start()
    band.run_until_fired(40)
    band.reboot(off_ms=5000)
    found = judged(band, tmp_path)
    assert found.summary.whole, found.summary.findings
    (session,) = found.sessions
    assert session.cause is CloseCause.REBOOT
    assert band.fired <= session.pulses <= band.fired + 50


def test_hold_is_told(band: Band, tmp_path: Path) -> None:
    band.place_hold()
    found = judged(band, tmp_path)
    assert found.summary.whole
    assert any(words.startswith("hold placed") for words in found.notables)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], PublicKey]:
    """The lines of a whole session's ledger, and the maker's root."""
    folder = tmp_path_factory.mktemp("given")
    band = Band(folder / "band")
    band.ready()
    band.start()
    band.run_until_fired(600)
    band.run(10_000, beat=True)
    lines = exported(band, folder).read_text().splitlines(keepends=True)
    return lines, band.clinic.manufacturer.public_key


def flip(lines: list[str]) -> list[str]:
    digits = lines[20][11:-3]
    other = "1" if digits[-1] != "1" else "0"
    return [*lines[:20], f'{{"record":"{digits[:-1]}{other}"}}\n', *lines[21:]]


def swap(lines: list[str]) -> list[str]:
    return [*lines[:20], lines[21], lines[20], *lines[22:]]


@pytest.mark.parametrize(
    ("harm", "flaw"),
    [
        (flip, Flaw.BROKEN_LINK),
        (swap, Flaw.OUT_OF_ORDER),
        (lambda lines: [*lines[:20], *lines[21:]], Flaw.GAP),
        (lambda lines: [*lines[:20], lines[20], *lines[20:]], Flaw.REPEATED),
        (lambda lines: [*lines[:21], flip(lines)[20], *lines[21:]], Flaw.FORK),
        (lambda lines: [*lines[:20], lines[-1]], Flaw.GAP),
        (lambda lines: lines[:20], Flaw.UNSIGNED),
        (lambda lines: [*lines[:20], "junk\n", *lines[20:]], Flaw.UNREADABLE),
        (lambda lines: [*lines[:-1], lines[-1][:-20]], Flaw.UNREADABLE),
    ],
)
def test_harmed_ledger_of_the_firmware_is_found_out(
    given: tuple[list[str], PublicKey],
    harm: Callable[[list[str]], list[str]],
    flaw: Flaw,
    tmp_path: Path,
) -> None:
    lines, maker = given
    path = tmp_path / "ledger"
    path.write_text("".join(lines))
    assert judge(path, maker).summary.whole
    path.write_text("".join(harm(lines)))
    assert flaw in judge(path, maker).flaws


def test_band_of_another_maker_is_found(band: Band, tmp_path: Path) -> None:
    path = exported(band, tmp_path)
    assert Flaw.CERTIFICATE in judge(path, band.clinic.root.public_key).flaws


def test_certificate_of_another_key_is_found(band: Band, tmp_path: Path) -> None:
    identity = identity_of(band)
    other = replace(identity, certificate=identity_of(Band(tmp_path / "other")).certificate)
    path = tmp_path / "ledger"
    path.write_bytes(ledger_bytes(band.firmware, other, Spelling.JSON))
    assert Flaw.CERTIFICATE in judge(path, band.clinic.manufacturer.public_key).flaws


class Forgetful:
    """A band whose older records were overwritten for room (R28)."""

    def __init__(self, band: Band, first: int) -> None:
        self._core, self._first = band.firmware, first

    def __getattr__(self, name: str) -> Any:
        return getattr(self._core, name)

    def record_range(self) -> tuple[int, int]:
        return self._first, self._core.record_range()[1]


def test_band_that_has_overwritten_its_beginning_is_proven_from_there(
    band: Band, tmp_path: Path
) -> None:
    path, kept = tmp_path / "ledger", cast(Any, Forgetful(band, 4))
    path.write_bytes(ledger_bytes(kept, identity_of(band), Spelling.JSON))
    found = judge(path, band.clinic.manufacturer.public_key)
    assert found.summary.whole, found.summary.findings
    assert found.proven == [(4, band.firmware.record_range()[1])]
