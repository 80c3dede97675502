"""The tree that goes onto the phone holds what it needs, and starts without a desktop's modules."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mobile.android.stage import LEFT_OUT, stage
from tests.mobile.android import blocked_start

LIMIT_S = 110.0


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("android") / "app"
    stage(folder)
    return folder


@pytest.fixture(scope="module")
def seen(staged: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    data = tmp_path_factory.mktemp("private")
    command = [sys.executable, blocked_start.__file__, str(staged), str(data)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=LIMIT_S, cwd=data, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found | {"tree is staged": found["tree"] == str(staged), "log": done.stderr}


def test_only_what_runs_on_the_phone_goes_there(staged: Path) -> None:
    assert (staged / "main.py").is_file()
    assert {path.name for path in (staged / "firmware_bridge").iterdir()} >= {"link", "timebase"}
    assert not (staged / "firmware_bridge/emulator").exists()
    assert not (staged / "cloud").exists()
    assert [name for name in LEFT_OUT if (staged / name).exists()] == []
    assert not list(staged.rglob("*.so"))
    assert (staged / "mobile/kit/tokens.json").is_file()


def test_packages_without_a_wheel_for_android_come_along_and_need_no_c(staged: Path) -> None:
    check = (
        "import crcmod.predefined, markupsafe; "
        "assert crcmod.predefined.mkCrcFun('crc-16')(b'123456789') == 0xBB3D; "
        "assert str(markupsafe.escape('<')) == '&lt;'; "
        "print(crcmod.__file__, markupsafe.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", check],
        env={"PYTHONPATH": str(staged)},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=True,
    )
    assert [Path(each).parents[1] for each in done.stdout.split()] == [staged, staged]


def test_the_app_starts_without_the_desktops_modules(seen: dict[str, Any]) -> None:
    assert seen["tree is staged"]
    assert seen["in time"], seen["log"]
    assert seen["view"] == "WelcomeView"


def test_nothing_asked_for_what_a_phone_has_not(seen: dict[str, Any]) -> None:
    """Kivy looks for Pillow among its picture loaders, and goes on without it."""
    assert {name.partition(".")[0] for name in seen["asked"]} <= {"PIL"}


def test_the_keys_are_the_phones_own_and_the_store_stands(seen: dict[str, Any]) -> None:
    assert "secrets.json" in seen["keys"]
    assert "keys.json" not in seen["keys"]
    assert "java.security.KeyStore.containsAlias" in seen["calls"]
    assert [name for name in seen["keys"] if name.startswith("circlet.")]


def test_the_window_is_hidden_and_stop_is_heard_from_the_start(seen: dict[str, Any]) -> None:
    assert "org.circlet.patient.Screen.hide" in seen["calls"]
    assert "org.circlet.patient.StopReceiver.hear" in seen["calls"]
