"""The tree runs anywhere: no file names a folder of one machine or the address of a registry."""

import re
import subprocess
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]
VENDORED = re.compile(r"/(vendor|fonts)/")
# Written in pieces, so that this file doesn't find itself.
FOREIGN = re.compile(
    "|".join(
        [
            r"(?<![\w.])/(work|root|home/\w+)" + "/",
            r"pypi\." + r"org",
            r"files\.python" + r"hosted",
            r"registry\.npm" + r"js",
            r"deb\." + r"debian\.org",
        ]
    )
)

FIXED_SLEEP = re.compile(r"\b(?:asyncio|time|anyio)\.sleep\((?!0\))|wait_for_timeout|setTimeout")
# Looks again at what sends no event, another process; sleeps by a clock that is simulated.
POLLS = {"tests/journey/polling.py", "tests/campaign/schedules/timeline.py"}


def tracked_texts() -> list[tuple[str, str]]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=TREE, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    texts = []
    for name in filter(None, listed):
        path = TREE / name
        if VENDORED.search(name) or not path.is_file():
            continue
        try:
            texts.append((name, path.read_text("utf-8")))
        except UnicodeDecodeError:
            continue
    return texts


def test_no_file_names_a_machine_or_a_registry() -> None:
    texts = tracked_texts()
    assert len(texts) > 20
    found = [(name, match[0]) for name, text in texts if (match := FOREIGN.search(text))]
    assert found == []


def test_the_check_finds_what_it_looks_for() -> None:
    assert FOREIGN.search("see /" + "work/main/x")
    assert FOREIGN.search("https://pypi" + ".org/simple")
    assert not FOREIGN.search("docs/work/plan")


def test_no_test_sleeps_for_a_fixed_time() -> None:
    tests = {name: text for name, text in tracked_texts() if name.startswith("tests/")}
    assert len(tests) > 100
    sleeping = {name for name, text in tests.items() if FIXED_SLEEP.search(text)}
    assert sleeping - {Path(__file__).relative_to(TREE).as_posix()} == POLLS


def test_no_tracked_name_is_a_link_to_elsewhere() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=TREE, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    assert [name for name in filter(None, listed) if (TREE / name).is_symlink()] == []


def test_each_target_of_make_is_written_once() -> None:
    targets = re.findall(r"^([a-z][a-z-]*):", (TREE / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert "bench-app" in targets
    assert sorted(targets) == sorted(set(targets))
