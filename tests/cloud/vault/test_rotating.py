"""Rotation over files, killed with SIGKILL after each of its steps, and beside other work."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cloud.vault.errors import KeyDestroyed
from cloud.vault.key_files import FileKeys
from cloud.vault.owners import Owner, Purpose
from tests.cloud.vault.conformance import CLINIC, owner

PATIENTS = 3
STEPS = ["named", "made", "current", *["wrapped"] * PATIENTS, "destroyed", "done"]
KILLED_AT_A_STEP = """
import os, signal, sys
from pathlib import Path
from cloud.vault.key_files import FileKeys
from cloud.vault.owners import Purpose
left = int(sys.argv[2])
def tell(step):
    global left
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
FileKeys(Path(sys.argv[1])).rotate("demo", Purpose.DATA, tell)
"""


def wrapping_keys(folder: Path) -> set[str]:
    return {path.name for path in (folder / "data" / CLINIC / "wrapping").iterdir()}


def test_the_steps_are_those_that_the_next_test_kills_at(tmp_path: Path) -> None:
    port = FileKeys(tmp_path)
    for _ in range(PATIENTS):
        port.make(owner())
    before = wrapping_keys(tmp_path)
    told: list[str] = []
    assert port.rotate(CLINIC, Purpose.DATA, told.append) == PATIENTS
    assert told == STEPS
    assert len(wrapping_keys(tmp_path)) == 1
    assert not wrapping_keys(tmp_path) & before


def left_after(step: int) -> int:
    """How many keys are wrapped by the one who goes on, and then begins anew."""
    if STEPS[step] == "done":
        return PATIENTS + 1
    is_late_old = "current" not in STEPS[: step + 1]
    left = PATIENTS - STEPS[: step + 1].count("wrapped") + is_late_old
    return left + PATIENTS + 1


@pytest.mark.parametrize("step", range(len(STEPS)), ids=lambda n: f"{n}-{STEPS[n]}")
def test_a_rotation_that_was_killed_goes_on(tmp_path: Path, step: int) -> None:
    port = FileKeys(tmp_path)
    keys = {each: port.make(each) for each in (owner() for _ in range(PATIENTS))}
    erased = owner()
    port.destroy(erased)
    run = [sys.executable, "-c", KILLED_AT_A_STEP, str(tmp_path), str(step)]
    assert subprocess.run(run, check=False, timeout=30).returncode == -9
    before = wrapping_keys(tmp_path)
    for each, key in keys.items():
        assert port.open(each) == FileKeys(tmp_path).open(each) == key
    late = owner()
    keys[late] = FileKeys(tmp_path).make(late)
    told: list[str] = []
    FileKeys(tmp_path).rotate(CLINIC, Purpose.DATA, told.append)
    assert told.count("wrapped") == left_after(step)
    for each, key in keys.items():
        assert FileKeys(tmp_path).open(each) == key
    with pytest.raises(KeyDestroyed):
        FileKeys(tmp_path).open(erased)
    assert len(wrapping_keys(tmp_path)) == 1
    assert not wrapping_keys(tmp_path) & before
    assert not [*tmp_path.rglob("*.part")]
    assert not (tmp_path / "data" / CLINIC / "rotating").exists()


@pytest.mark.long
def test_others_read_add_and_erase_meanwhile(tmp_path: Path) -> None:
    port = FileKeys(tmp_path)
    keys = {each: port.make(each) for each in (owner() for _ in range(10))}
    erased = list(keys)[::2]
    stop, problems, added = threading.Event(), list[str](), dict[Owner, bytes]()

    def read() -> None:
        while not stop.is_set():
            for each in set(keys) - set(erased):
                try:
                    if FileKeys(tmp_path).open(each) != keys[each]:
                        problems.append(f"{each} is another")
                except Exception as problem:
                    problems.append(json.dumps(str(problem)))

    def change() -> None:
        for each in erased:
            FileKeys(tmp_path).destroy(each)
            new = owner()
            added[new] = FileKeys(tmp_path).make(new)

    threads = [threading.Thread(target=read), threading.Thread(target=change)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        FileKeys(tmp_path).rotate(CLINIC, Purpose.DATA)
    threads[1].join()
    stop.set()
    threads[0].join()
    assert not problems
    for each, key in added.items():
        assert port.open(each) == key
    for each in erased:
        with pytest.raises(KeyDestroyed):
            port.open(each)
