"""The desktop's other adapters: voice, tones, ways out, links, zone; each says what it lacks."""

from __future__ import annotations

import asyncio
import io
import itertools
import os
import shutil
import wave
from pathlib import Path

import pytest

from mobile.platform.biometrics import Recognised
from mobile.platform.choice import on_android, open_phone
from mobile.platform.cues import Cue
from mobile.platform.desktop.cues import DesktopCues
from mobile.platform.desktop.opening import open_desktop_phone
from mobile.platform.desktop.speech import DesktopSpeech
from mobile.platform.desktop.ways_out import DesktopWaysOut
from mobile.platform.desktop.zone import DesktopZone
from mobile.platform.errors import NotOpened
from mobile.platform.links import LetterLink, letter_link
from mobile.platform.silent import silent_phone
from mobile.platform.tones import RATE_HZ, wave_file
from mobile.platform.ways_out import checked, dialled
from mobile.platform.zone import zone_of


def program(folder: Path, script: str) -> str:
    """A program that does what the script says."""
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


async def test_the_voice_speaks_in_the_language(tmp_path: Path) -> None:
    assert shutil.which("espeak-ng"), "scripts/bootstrap.sh installs it"
    english, german = tmp_path / "en.wav", tmp_path / "de.wav"
    await DesktopSpeech(extra=("-w", str(english))).say("Something is due today.", "en")
    await DesktopSpeech(extra=("-w", str(german))).say("Something is due today.", "de")
    with wave.open(str(english)) as sound:
        assert 1.0 < sound.getnframes() / sound.getframerate() < 5.0
    assert english.read_bytes() != german.read_bytes()


async def test_new_words_interrupt_the_old_ones(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    speech = DesktopSpeech(program(tmp_path, f"cat > /dev/null; echo > {begun}; exec sleep 600"))
    first = asyncio.create_task(speech.say("One", "en"))
    async with asyncio.timeout(10):
        await asyncio.to_thread(begun.read_text)
        await speech.hush()
        await first


async def test_a_voice_without_a_loudspeaker_is_said(tmp_path: Path) -> None:
    quiet = DesktopSpeech(program(tmp_path, "cat > /dev/null; echo 'error: no device' >&2"))
    assert quiet.is_there
    await quiet.say("One", "en")
    assert not quiet.is_there
    assert "no loudspeaker" in quiet.sentence


async def test_no_voice_is_said_and_stays_silent(tmp_path: Path) -> None:
    gone = DesktopSpeech(str(tmp_path / "gone"))
    await gone.say("One", "en")
    assert not gone.is_there
    assert "espeak-ng" in gone.sentence


@pytest.mark.parametrize("cue", list(Cue))
def test_tones_last_as_long_as_they_say_and_do_not_click(cue: Cue) -> None:
    with wave.open(io.BytesIO(wave_file(cue.value.tones))) as sound:
        frames = sound.readframes(sound.getnframes())
    wanted_ms = sum(tone.length_ms for tone in cue.value.tones)
    assert len(frames) / 2 / RATE_HZ * 1000 == pytest.approx(wanted_ms, abs=1)
    values = memoryview(frames).cast("h")
    assert abs(values[0]) < 100
    assert max(abs(b - a) for a, b in itertools.pairwise(values)) < 8_000


async def test_a_cue_is_played_by_the_systems_player(tmp_path: Path) -> None:
    played = tmp_path / "played"
    await DesktopCues(program(tmp_path, f"cp $1 {played}")).give(Cue.DONE)
    assert played.read_bytes() == wave_file(Cue.DONE.value.tones)


async def test_a_cue_without_sound_plays_nothing(tmp_path: Path) -> None:
    played = tmp_path / "played"
    cues = DesktopCues(program(tmp_path, f"touch {played}"))
    await cues.give(Cue.DONE, sound=False)
    assert not played.exists()
    assert "vibrate" in cues.sentence


@pytest.mark.parametrize(
    ("written", "address"),
    [("+49 (30) 1234-567", "tel:+49301234567"), ("112", "tel:112"), ("0 30/12.34", "tel:0301234")],
)
def test_written_numbers_are_dialled(written: str, address: str) -> None:
    assert dialled(written) == address


@pytest.mark.parametrize("written", ["", "call me", "*#06#", "112;113", "+49 30 +1", "1"])
def test_what_is_no_number_is_not_dialled(written: str) -> None:
    with pytest.raises(NotOpened):
        dialled(written)


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://x.example", "https:", "javascript:1", "intent:x"]
)
def test_only_pages_and_mail_are_opened(address: str) -> None:
    with pytest.raises(NotOpened):
        checked(address)


async def test_a_page_is_handed_over_whole(tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    ways = DesktopWaysOut(program(tmp_path, f'printf "%s\\n" "$@" >> {opened}'))
    await ways.open("https://clinic.example/a?b=c&d=e f")
    await ways.dial("112")
    assert opened.read_text().splitlines() == ["https://clinic.example/a?b=c&d=e f", "tel:112"]


@pytest.mark.parametrize("script", ["exit 3", None])
async def test_what_is_not_opened_is_said(tmp_path: Path, script: str | None) -> None:
    path = str(tmp_path / "gone") if script is None else program(tmp_path, script)
    with pytest.raises(NotOpened, match="112"):
        await DesktopWaysOut(path).dial("112")


LETTER = LetterLink("ingest.clinic.example", "ABCD-EFGH-2345")


@pytest.mark.parametrize(
    "link",
    [
        "circlet:enrol?clinic=ingest.clinic.example&code=ABCD-EFGH-2345",
        "circlet:enrol?code=ABCD-EFGH-2345&clinic=Ingest.Clinic.Example&more=1",
        "https://ingest.clinic.example/enrol#code=ABCD-EFGH-2345",
    ],
)
def test_both_forms_of_a_letters_link_say_the_same(link: str) -> None:
    assert letter_link(link) == LETTER


@pytest.mark.parametrize(
    "link",
    [
        "",
        "circlet:enrol",
        "circlet:enrol?clinic=a.example",
        "circlet:enrol?clinic=a.example&code=ABCD&code=EFGH",
        "circlet:enrol?clinic=a.example/x&code=ABCD",
        "circlet://enrol?clinic=a.example&code=ABCD",
        "circlet:erase?clinic=a.example&code=ABCD",
        "http://a.example/enrol#code=ABCD",
        "https://user@a.example/enrol#code=ABCD",
        "https://a.example/enrol?code=ABCD",
        "https://a.example/other#code=ABCD",
        "https://a.example/enrol#code=<script>",
        "https://[::1/enrol#code=ABCD",
        f"circlet:enrol?clinic=a.example&code={'A' * 600}",
    ],
)
def test_any_other_link_says_nothing(link: str) -> None:
    assert letter_link(link) is None


def test_the_link_that_started_the_app_is_handed_over() -> None:
    links: list[str] = []
    open_desktop_phone(link="circlet:enrol?x=1").links.watch(links.append)
    open_desktop_phone().links.watch(links.append)
    assert links == ["circlet:enrol?x=1"]


def test_the_zone_follows_tz_and_then_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    localtime = tmp_path / "localtime"
    zone = DesktopZone(localtime)
    monkeypatch.delenv("TZ", raising=False)
    assert zone.name() == "Etc/UTC"
    localtime.symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    assert zone.name() == "Europe/Berlin"
    monkeypatch.setenv("TZ", "America/New_York")
    assert zone.name() == "America/New_York"
    monkeypatch.setenv("TZ", "../../etc/passwd")
    assert zone.name() == "Europe/Berlin"


def test_a_zone_that_no_table_knows_is_utc() -> None:
    assert zone_of("GMT+05:30").key == "Etc/UTC"
    assert zone_of("Asia/Kolkata").key == "Asia/Kolkata"


async def test_a_desktop_says_what_it_has_not() -> None:
    phone = open_phone()
    assert not on_android()
    assert not phone.biometrics.are_there
    assert await phone.biometrics.ask("a", "b", "c") is Recognised.UNAVAILABLE
    assert not phone.privacy.can_hide
    phone.close()


async def test_a_silent_phone_opens_nothing_and_says_so() -> None:
    phone = silent_phone()
    assert phone.notices.sentence == "Nothing is shown here."
    with pytest.raises(NotOpened):
        await phone.ways_out.dial("112")
    with pytest.raises(NotOpened):
        await phone.ways_out.open("https://clinic.example")
    with pytest.raises(NotOpened):
        await phone.ways_out.hand_on("A link for you")
