"""The systemd units are such as systemd reads, and start commands that there are."""

import argparse
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from cloud.cli import _parser

UNITS = Path(__file__).resolve().parents[2] / "packaging/systemd"
VAULT_PAGE = UNITS.parents[1] / "docs/vault.md"
SERVICES = sorted(UNITS.glob("*.service"))
HARDENED = ("NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "LimitCORE=0")
PROGRAM = "/opt/circlet/bin/circlet-cloud"
STARTED = re.compile(rf"{PROGRAM} ([^\n']+)")


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_unit_starts_a_command_that_there_is_and_is_hardened(unit: Path) -> None:
    text = unit.read_text()
    assert [line for line in HARDENED if line not in text] == []
    found = STARTED.search(text)
    assert found is not None
    words = shlex.split(re.sub(r"\$\([^)]*\)", "now", found[1]))
    assert isinstance(_parser().parse_args(words), argparse.Namespace)


def settings_of(unit: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (UNITS / f"circlet-{unit}.service").read_text().splitlines():
        name, is_setting, value = line.partition("=")
        if is_setting:
            found.setdefault(name, []).append(value)
    return found


def test_units_have_the_users_and_folders_that_the_documents_say() -> None:
    made = re.findall(r"install -d -o (\S+) -g (\S+) -m (\d+) (\S+)", VAULT_PAGE.read_text())
    assert [(owner, mode) for owner, _, mode, _ in made] == [
        ("circlet", "0750"),
        ("circlet", "0700"),
        ("circlet", "2750"),
    ]
    vault = made[0][3]
    assert [path for *_, path in made[1:]] == [f"{vault}/data", f"{vault}/transit"]
    for unit in ("dashboard", "worker", "ingest"):
        has = settings_of(unit)
        assert has["User"] == ["circlet-ingest" if unit == "ingest" else "circlet"]
        assert "circlet-transit" in has["SupplementaryGroups"][0].split()
        assert f"CIRCLET_CLOUD_VAULT={vault}" in has["Environment"]
        assert "StateDirectory" not in has
        assert (vault in has["ReadWritePaths"][0].split()) == (unit != "ingest")
        assert not vault.startswith("/var/lib/circlet/")
    assert settings_of("ingest")["Group"] != settings_of("worker")["Group"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
@pytest.mark.parametrize("unit", sorted(UNITS.iterdir()), ids=lambda unit: unit.name)
def test_systemd_reads_the_unit(unit: Path, tmp_path: Path) -> None:
    for each in UNITS.iterdir():
        text = each.read_text().replace(PROGRAM, "/bin/true")
        (tmp_path / each.name).write_text(text)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", tmp_path / unit.name],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    said = [line for line in checked.stderr.splitlines() if unit.name in line]
    assert said == []
