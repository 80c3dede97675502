"""`circlet-cloud serve`: all processes or none, and none is left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.cloud.test_processes import environment, first, set_up

__all__ = ["first", "set_up"]
ENDS_S = 20.0


@contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, int]]]:
    """Serve on free ports; yield the supervisor and the ports."""
    ports = [word for name in ("ingest", "dashboard", "signing-desk") for word in
             (f"--{name}-port", "0")]  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "cloud.cli", "serve", *ports],
        env=environment(folder),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        word, _, about = process.stdout.readline().partition(" ")
        assert word == "ready"
        yield process, json.loads(about)
    finally:
        process.terminate()
        try:
            process.wait(ENDS_S)
        finally:
            process.kill()
            process.wait()


def children(process: subprocess.Popen[str]) -> dict[str, int]:
    """Return the process ids of what it started, by command."""
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    words = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in found}
    return {line[3].decode(): pid for pid, line in words.items()}


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_all_serve_and_all_end_when_asked(set_up: Path) -> None:
    with serving(set_up) as (process, ports):
        assert ports.keys() == {"ingest", "dashboard", "signing-desk", "worker"}
        for name, path in (("ingest", "/ready"), ("dashboard", "/ready"), ("signing-desk", "/")):
            assert httpx2.get(f"http://127.0.0.1:{ports[name]}{path}").status_code == 200, name
        started = children(process)
        assert started.keys() == ports.keys()
        process.send_signal(signal.SIGTERM)
        assert process.wait(ENDS_S) == 0
        assert not any(map(lives, started.values()))


@pytest.mark.long
@pytest.mark.parametrize("name", ["worker", "dashboard"])
def test_one_that_dies_ends_the_others_and_is_said(set_up: Path, name: str) -> None:
    with serving(set_up) as (process, _):
        started = children(process)
        os.kill(started[name], signal.SIGKILL)
        assert process.wait(ENDS_S) == 1
        assert not any(map(lives, started.values()))


@pytest.mark.long
def test_request_under_way_is_answered_when_asked_to_end(set_up: Path) -> None:
    with serving(set_up) as (process, ports):
        with socket.create_connection(("127.0.0.1", ports["ingest"])) as slow:
            slow.settimeout(ENDS_S)
            slow.sendall(
                b"POST /v1/enrolments HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                b"Content-Type: application/json\r\nContent-Length: 2\r\n"
                b"Expect: 100-continue\r\n\r\n"
            )
            assert slow.recv(64).startswith(b"HTTP/1.1 100 ")
            process.send_signal(signal.SIGTERM)
            with socket.socket() as other:
                while other.connect_ex(("127.0.0.1", ports["ingest"])) == 0:
                    other.close()
                    other = socket.socket()
            slow.sendall(b"{}")
            answer = b""
            while piece := slow.recv(4096):
                answer += piece
        assert answer.startswith(b"HTTP/1.1 422")
        assert process.wait(ENDS_S) == 0
