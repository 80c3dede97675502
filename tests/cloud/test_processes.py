"""The processes as they are started: they say that they listen, and end when asked."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from tests.cloud.worlds import make_identity


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cloud.cli", *arguments],
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=60,
    )


def environment(folder: Path) -> dict[str, str]:
    own = {name: v for name, v in os.environ.items() if not name.startswith("CIRCLET")}
    return {
        **own,
        "CIRCLET_CLOUD_DATA": str(folder / "data"),
        "CIRCLET_CLOUD_IDENTITY": str(folder / "identity"),
    }


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the commands of the first day were run."""
    folder = tmp_path_factory.mktemp("first")
    make_identity(folder / "identity")
    assert run(folder, "migrate").returncode == 0
    made = run(folder, "create-clinic", "--clinician", "A. Example")
    assert made.returncode == 0, made.stderr
    assert "/invitations/demo." in made.stdout
    return folder


@pytest.fixture
def set_up(first: Path, tmp_path: Path) -> Path:
    """A copy of it, to run and to break."""
    return Path(shutil.copytree(first, tmp_path, dirs_exist_ok=True))


@pytest.mark.parametrize(
    ("command", "path"), [("ingest", "/openapi.json"), ("dashboard", "/sign-in"), ("worker", None)]
)
def test_process_says_ready_and_ends_within_two_seconds(
    set_up: Path, command: str, path: str | None
) -> None:
    port = ["--port", "0"] if path else []
    process = subprocess.Popen(
        [sys.executable, "-m", "cloud.cli", command, *port],
        env=environment(set_up),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        word, _, about = process.stdout.readline().partition(" ")
        assert word == "ready"
        if path:
            answer = httpx2.get(f"http://127.0.0.1:{json.loads(about)['port']}{path}")
            assert answer.status_code == 200
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        assert time.monotonic() - asked < 2
    finally:
        process.kill()
        process.wait(5)


def test_missing_key_is_said_with_its_file(set_up: Path) -> None:
    (set_up / "identity" / "keys" / "hold.key").unlink()
    failed = run(set_up, "worker")
    assert failed.returncode == 1
    assert "hold.key" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_help_names_commands_and_settings(tmp_path: Path) -> None:
    text = run(tmp_path, "--help").stdout
    for word in ("migrate", "ingest", "worker", "dashboard", "signing-desk", "CIRCLET_CLOUD_CLOCK"):
        assert word in text
