"""A recorded run is the same to the same firmware, and tells a changed one where it differs."""

import asyncio
import json
import shutil
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from firmware_bridge.emulator.cli import main
from firmware_bridge.emulator.firmware import core as core_module
from firmware_bridge.emulator.firmware import session_commands, treatment
from firmware_bridge.emulator.profile.figures import CORTEX_M4, DESKTOP, Profile
from firmware_bridge.emulator.recording import folder as kept
from firmware_bridge.emulator.recording.recorder import Recorded, Recorder
from firmware_bridge.emulator.recording.replay import Replayed, replay
from firmware_bridge.emulator.recording.snoop import EPOCH_MS
from firmware_bridge.emulator.update.bootloader import boot_image
from firmware_bridge.timebase import SystemClock
from shared.dose.lock import Case, Verdict, decide
from shared.dose.reasons import Reason, ReasonCode
from tests.firmware_bridge.emulator.recording.session import RECORDING, recorded
from tests.shared.clinic import NOW_S


def fed(recording: Path, scratch: Path) -> Replayed:
    return replay(recording, scratch, boot_image)


async def a_session(folder: Path, profile: Profile = DESKTOP) -> Path:
    async with recorded(folder, profile) as acting:
        await acting.treat()
    return folder / RECORDING


@pytest.mark.parametrize(
    "profile",
    [DESKTOP, pytest.param(CORTEX_M4, marks=pytest.mark.long)],
    ids=lambda each: each.name,
)
async def test_session_is_the_same_to_the_same_firmware(tmp_path: Path, profile: Profile) -> None:
    recording = await a_session(tmp_path, profile)
    replayed = fed(recording, tmp_path / "again")
    assert replayed.difference is None
    assert replayed.requests > 30
    assert replayed.records >= 12
    assert replayed.signatures == 2
    assert fed(recording, tmp_path / "once more") == replayed


async def test_faults_strike_again_in_the_midst_of_the_same_step(tmp_path: Path) -> None:
    async with recorded(tmp_path) as acting:
        address = await acting.patient.pair(acting.hand)
        life = acting.scene.life
        life.faults.place({"fault": "miscount", "event": "pulse", "nth": 7})
        life.faults.place(
            {"fault": "flash_power_cut", "value": 60, "event": "record", "of": "SLICE_RESERVED"}
        )
        async with acting.patient.kept(address):
            await acting.patient.set_up(acting.hand)
            await acting.patient.pass_gates()
            await acting.patient.arm(acting.made.device.public_key)
            async with acting.patient.treated(acting.hand):
                await acting.scene.until_boot(2)
        life.faults.set({"contact": False, "watchdog": True})
        await acting.scene.until_boot(3)
        life.faults.clear()
    replayed = fed(tmp_path / RECORDING, tmp_path / "again")
    assert replayed.difference is None
    fired = (tmp_path / "band" / "coil" / "pulses.log").read_text()
    assert (tmp_path / "again" / "coil" / "pulses.log").read_text() == fired
    assert fired


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return asyncio.run(a_session(tmp_path_factory.mktemp("session")))


@pytest.fixture
def recording(first: Path, tmp_path: Path) -> Path:
    """A recording that a test may spoil."""
    return Path(shutil.copytree(first, tmp_path / RECORDING))


def locked(case: Case) -> Verdict:
    verdict = decide(case)
    return Verdict((*verdict.reasons, Reason(ReasonCode.BATTERY)))


CHANGES: list[tuple[str, Callable[[pytest.MonkeyPatch], None], tuple[str, ...]]] = [
    (
        "the lock refuses",
        lambda patch: patch.setattr(core_module, "decide", locked),
        ("the status differs: reasons", "no prescription, battery today"),
    ),
    (
        "the arm answer says another time",
        lambda patch: patch.setattr(session_commands, "ARMED_MS", 1),
        ("the answer to arm differs", "it signs something else today"),
    ),
    (
        "a pause is never told",
        lambda patch: patch.setattr(treatment.Treatment, "stop", lambda self: None, raising=True),
        ("the ledger: isn't written today: 11 (session paused)",),
    ),
]


@pytest.mark.parametrize(
    ("change", "told"), [each[1:] for each in CHANGES], ids=[each[0] for each in CHANGES]
)
def test_changed_firmware_is_told_where_it_differs(
    recording: Path,
    change: Callable[[pytest.MonkeyPatch], None],
    told: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    change(monkeypatch)
    with pytest.raises(SystemExit) as ended:
        main(["replay", str(recording)])
    said = capsys.readouterr().out
    assert ended.value.code == 1
    assert "differs at step" in said
    for words in told:
        assert words in said


def test_same_firmware_ends_with_status_0_and_names_what_was_ignored(
    recording: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core_module, "FIRMWARE_VERSION", "9.9.9")
    with pytest.raises(SystemExit) as ended:
        main(["replay", str(recording)])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert "2 signatures compared by verification" in said
    assert "ignored: firmware version 1.0.0-demo, today 9.9.9" in said
    assert said.endswith("the same\n")


def test_recording_is_for_its_owner_and_says_what_it_holds(recording: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in recording.iterdir()}
    assert modes == dict.fromkeys(
        [kept.MANIFEST, kept.SNAPSHOT, kept.JOURNAL, kept.AIR, kept.BONDS], 0o600
    )
    assert recording.stat().st_mode & 0o777 == 0o700
    manifest = json.loads((recording / kept.MANIFEST).read_text())
    assert "private keys" in manifest["warning"]
    assert "health data" in manifest["warning"]


def test_steps_carry_the_bands_time(recording: Path) -> None:
    times = [step.wall_ms for step in kept.read_journal(recording)]
    assert times == sorted(times)
    assert times[-1] - times[0] > 9_000


def packets(log: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Flags, Unix time in milliseconds and bytes of each packet in a btsnoop file."""
    place = 16
    while place < len(log):
        original, held, flags, drops, at_us = struct.unpack_from(">IIIIQ", log, place)
        assert (original, drops) == (held, 0)
        yield flags, at_us // 1000 - EPOCH_MS, log[place + 24 : place + 24 + held]
        place += 24 + held


def test_air_is_a_btsnoop_file_in_the_bands_time(recording: Path) -> None:
    log = (recording / kept.AIR).read_bytes()
    assert log[:16] == b"btsnoop\0" + struct.pack(">II", 1, 1002)
    seen = list(packets(log))
    first_flags, _, first = seen[0]
    assert (first_flags, first[:3]) == (2, bytes([1, 0x03, 0x0C]))  # to the controller: HCI_Reset
    assert {flags & 1 for flags, _, _ in seen} == {0, 1}
    times = [at_ms for _, at_ms, _ in seen]
    assert times == sorted(times)
    assert NOW_S * 1000 <= times[0] < NOW_S * 1000 + 3_600_000


def test_recorded_values_make_the_requests(recording: Path, tmp_path: Path) -> None:
    journal = recording / kept.JOURNAL
    lines = journal.read_text().splitlines(keepends=True)
    written = next(number for number, line in enumerate(lines) if line.startswith('["wrote"'))
    journal.write_text("".join(lines[:written] + lines[written + 1 :]))
    replayed = fed(recording, tmp_path / "again")
    assert replayed.difference is not None
    assert "ATT values" in replayed.difference.words


def test_last_line_may_be_cut_by_a_kill(recording: Path, tmp_path: Path) -> None:
    journal = recording / kept.JOURNAL
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-3])
    replayed = fed(recording, tmp_path / "again")
    assert replayed.difference is None
    assert replayed.steps == whole.count(b"\n") - 1


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (kept.MANIFEST, b"{}", kept.MANIFEST),
        (kept.MANIFEST, b"no JSON", kept.MANIFEST),
        (kept.JOURNAL, b'["leap",1]\n', "line 1"),
        (kept.JOURNAL, b"[]\n", "line 1"),
        (kept.SNAPSHOT, b"no zip", "snapshot"),
    ],
)
def test_what_is_no_recording_ends_with_status_2(
    recording: Path, name: str, content: bytes, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (recording / name).write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        main(["replay", str(recording)])
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_nothing_is_recorded_over(tmp_path: Path) -> None:
    band = Recorded(tmp_path / "band", tmp_path / "identity", bytes(16), DESKTOP)
    with ExitStack() as closing, pytest.raises(kept.RecordingBroken, match="new folder"):
        Recorder(tmp_path, band, SystemClock(), closing)
