"""`circlet-app` on the command line: help, version, and plain words where there is no display."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")


def circlet_app(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs it without a display."""
    environment = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    return subprocess.run(
        [sys.executable, "-m", "mobile.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
        check=False,
    )


def test_help_names_every_option_and_the_keys_of_stop() -> None:
    shown = circlet_app("--help")
    assert shown.returncode == 0
    for word in ("--radio", "--clock", "--data", "--ingest", "--drive-port", "--size", "STOP"):
        assert word in shown.stdout


def test_version_is_the_distributions() -> None:
    assert circlet_app("--version").stdout.startswith("circlet-app 0.")


def test_without_a_display_it_says_what_to_do(tmp_path: Path) -> None:
    ended = circlet_app("--data", str(tmp_path / "phone"))
    assert ended.returncode == 3
    assert "xvfb-run" in ended.stderr
    assert "--offscreen" in ended.stderr
    assert not (tmp_path / "phone").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        ["--size", "wide"],
        ["--text-scale", "3"],
        ["--radio", "here"],
        ["--drive-port", "70000"],
        ["--zone", "Nowhere/Else"],
    ],
)
def test_a_wrong_option_is_named(wrong: list[str]) -> None:
    ended = circlet_app(*wrong)
    assert ended.returncode == 2
    assert wrong[0] in ended.stderr


async def test_it_draws_says_ready_takes_touches_and_ends_when_told(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mobile.cli", "--offscreen", "--drive-port", "0"),
        *("--data", str(tmp_path / "phone"), "--ingest", "http://127.0.0.1:9"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if name not in DISPLAYS},
    )
    try:
        async with asyncio.timeout(60):
            assert process.stdout is not None
            word, _, about = (await process.stdout.readline()).decode().partition(" ")
            assert word == "ready"
            answers = await _say(
                json.loads(about)["port"],
                {"do": "wait", "screen": "welcome"},
                {"do": "shot", "path": str(tmp_path / "welcome.png")},
                {"do": "tree"},
            )
        assert [answer["ok"] for answer in answers] == [True, True, True]
        assert (tmp_path / "welcome.png").stat().st_size > 10_000
        assert {one["id"] for one in answers[2]["widgets"]} >= {"code", "birth-date", "enrol"}
    finally:
        process.terminate()
        async with asyncio.timeout(20):
            _, said = await process.communicate()
    assert process.returncode == 0, said.decode()
    assert "Traceback" not in said.decode()


async def _say(port: int, *requests: dict[str, str]) -> list[dict[str, Any]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = []
    for request in requests:
        writer.write(json.dumps(request).encode() + b"\n")
        answers.append(json.loads(await reader.readline()))
    writer.close()
    return answers
