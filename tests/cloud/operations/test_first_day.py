"""What help and docs/operations.md tell an operator to type is what can be typed, and works."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from cloud.cli import EPILOG, _parser
from cloud.root_tool.cli import _parser as _root_parser

DOCS = Path(__file__).resolve().parents[3] / "docs"
PARSERS = {"circlet-cloud": _parser, "circlet-root": _root_parser}
FIRST_DAY = re.findall(r"^  (circlet-(?:cloud|root) .+)$", EPILOG, re.MULTILINE)
PORTS = "--ingest-port 0 --dashboard-port 0 --signing-desk-port 0"


def typed(page: str) -> list[str]:
    """Return the commands that a page's indented blocks have, with their lines put together."""
    text = (DOCS / page).read_text().replace("\\\n", " ")
    found = re.findall(r"^ {4,}(circlet-(?:cloud|root) [^#\n]+)", text, re.MULTILINE)
    return [re.sub(r"\s+", " ", each).strip() for each in found]


@pytest.mark.parametrize("line", [*FIRST_DAY, *typed("operations.md"), *typed("audit.md")])
def test_a_command_of_the_documents_is_one_that_there_is(line: str) -> None:
    program, *words = shlex.split(line)
    PARSERS[program]().parse_args(words)


def test_the_first_days_commands_come_in_the_order_that_works() -> None:
    assert [shlex.split(line)[1] for line in FIRST_DAY] == [
        "demo", "migrate", "create-clinic", "serve",
    ]  # fmt: skip


@pytest.mark.long
def test_the_first_days_commands_end_at_an_invitation_that_opens(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {name: value for name, value in os.environ.items() if not name.startswith("CIRCLET_")}
    *before, serve = FIRST_DAY
    said = ""
    for line in before:
        said += subprocess.run(
            shlex.split(line), cwd=tmp_path, env=env | {"PATH": path}, check=True,
            capture_output=True, text=True,
        ).stdout  # fmt: skip
    token = re.search(r"/invitations/(\S+)", said)
    assert token is not None
    words = shlex.split(f"{serve} {PORTS}")
    with subprocess.Popen(
        words, cwd=tmp_path, env=env | {"PATH": path}, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            ports = re.search(r'"dashboard": (\d+)', process.stdout.readline())
            assert ports is not None
            page = httpx2.get(f"http://127.0.0.1:{ports[1]}/invitations/{token[1]}")
            assert page.status_code == 200
            assert "A. Example" in page.text
        finally:
            process.terminate()
