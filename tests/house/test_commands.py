"""Every command in README, protocol and the five entry pages is one that works.

A command that the pages name and this file doesn't know fails. Cheap ones run as they stand; the
others are looked up as targets here, and run small in `make test-long`, or stand whole in a test
of their own, which is named.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.trace.places import Places

TREE = Path(__file__).resolve().parents[2]
PAGES = (
    "README.md",
    "docs/protocol.md",
    "docs/for-patients.md",
    "docs/for-clinicians.md",
    "docs/for-engineers.md",
    "docs/for-auditors.md",
)
COMMAND = re.compile(
    r"(?:^|`)((?:make(?: [a-z-]+)?|circlet-[a-z]+(?: [^`#\n]+)?|\.venv/bin/python -m [^`#\n]+|"
    r"python -m [^`#\n]+))(?=`|$|\s+#)",
    re.MULTILINE,
)
CHEAP = {
    "make": "make demo",
    "circlet-emulator": "usage: circlet-emulator",
    "circlet-emulator --help": "usage: circlet-emulator",
    "circlet-device": "usage: circlet-device",
    "circlet-device --help": "usage: circlet-device",
    "circlet-device conformance": "usage: circlet-device conformance",
    "circlet-verify --help": "usage: circlet-verify",
}
"""What runs at once, as it stands or for its help, and what it says then."""
SMALL = {
    "make campaign": ("make campaign N=100", "100 schedules"),
    "make fuzz": ("make fuzz INPUTS=300", "300"),
    "make vectors": ("make vectors", ""),
    "make soak": ("make soak HOURS=1", ""),
    ".venv/bin/python -m scripts.protocol_cddl": (".venv/bin/python -m scripts.protocol_cddl", "="),
    ".venv/bin/python -m scripts.protocol_table --write": (
        ".venv/bin/python -m scripts.protocol_table",
        "",
    ),
}
"""What is run whole but small by `make test-long`, and what it says then."""
ELSEWHERE = {
    "make demo": "tests/journey/test_day.py",
    "make up": "tests/journey/test_no_orphans.py",
    "make model": "tests/model/test_search.py",
    "make fault-matrix": "tests/fault_matrix/test_some_cells.py",
    "make mutants": "tests/mutants/test_mutants.py",
    "make usability": "tests/cloud/usability/test_tasks.py",
    "make model-card": "tests/cloud/response/test_model.py",
    "make trace": "tests/house/test_trace.py::test_the_command_runs_on_another_tree",
    "circlet-verify FILE": "tests/cloud/verifier/test_cli.py::"
    "test_it_runs_as_a_process_over_files_alone",
    "circlet-verify audit FILE": "tests/cloud/audit/test_verifier.py::"
    "test_command_exports_what_the_verifier_judges",
    "circlet-emulator run --profile cortex-m4": (
        "tests/firmware_bridge/conformance/test_emulator_conforms.py"
    ),
    ".venv/bin/python -m pytest -q tests/cloud/vault/test_readable.py": (
        "tests/cloud/vault/test_readable.py"
    ),
    "python -m cloud.desk.bundle --against URL": "tests/cloud/desk/test_surroundings.py",
}
"""What a test of its own runs, or runs the parts of."""
BY_HAND = {
    "make test": "is what runs this",
    "make test-bluez": "needs a guest of its own",
    "make bench-app": "measures, and fails nothing",
    "make bench-link": "measures, and fails nothing",
}


def documented() -> list[str]:
    """Every command of the pages, once."""
    found = {
        match.strip()
        for page in PAGES
        for match in COMMAND.findall((TREE / page).read_text("utf-8"))
    }
    return sorted(found)


def run(command: str, *, within_s: int = 60) -> str:
    """Run a command from the tree; return what it said."""
    shell = command.replace("circlet-", f"{Path(sys.executable).parent}/circlet-", 1)
    ended = subprocess.run(
        ["bash", "-c", shell], cwd=TREE, capture_output=True, text=True, timeout=within_s
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout + ended.stderr


@pytest.mark.parametrize("command", documented())
def test_a_command_that_a_page_names_is_known_here(command: str) -> None:
    assert command in CHEAP | SMALL | ELSEWHERE | BY_HAND


def test_no_command_is_known_that_no_page_names() -> None:
    assert (CHEAP | SMALL | ELSEWHERE | BY_HAND).keys() - set(documented()) == set()


@pytest.mark.parametrize("command", list(CHEAP))
def test_a_cheap_command_runs(command: str) -> None:
    helped = command if command == "make" or "--help" in command else f"{command} --help"
    assert CHEAP[command] in run(helped)


@pytest.mark.parametrize("command", [each for each in documented() if each.startswith("make ")])
def test_a_target_stands_in_the_makefile_with_its_line_and_its_parts(command: str) -> None:
    target = command.removeprefix("make ")
    makefile = (TREE / "Makefile").read_text("utf-8")
    assert re.search(rf"^{target}:.*## \S", makefile, re.MULTILINE)
    steps = run(f"make -n {target}")
    for script in re.findall(r"scripts/[\w-]+\.sh", steps):
        run(f"bash -n {script}")
    for module in re.findall(r"python -m ([\w.]+)", steps):
        path = TREE / module.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


@pytest.mark.parametrize("place", sorted(set(ELSEWHERE.values())))
def test_the_test_that_runs_a_command_elsewhere_exists(place: str) -> None:
    assert Places(TREE).problem_of(place) is None


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("command", list(SMALL))
def test_a_long_command_runs_small(command: str) -> None:
    small, words = SMALL[command]
    assert words in run(small, within_s=500)
