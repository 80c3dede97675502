"""Android's adapters, call by call against the table of its API; the words they answer with."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from mobile.platform.alarms import Alarm, AlarmPlan, Exactness
from mobile.platform.android import bluetooth
from mobile.platform.android.bridge import OURS
from mobile.platform.android.opening import android_phone
from mobile.platform.biometrics import Recognised
from mobile.platform.cues import Cue
from mobile.platform.errors import KeyStoreBroken, NoticeNotShown, NotOpened
from mobile.platform.keystore import KeyName
from mobile.platform.notices import Words
from tests.mobile.platform.android.stand_in import (
    JavaError,
    JavaObject,
    NotInTheReference,
    SealingPhone,
    StandIn,
)

WORDS = Words("Circlet", "Something is due today.")
PLAN = AlarmPlan(
    (Alarm("session", 1_790_000_000_000, WORDS, floating=True),),
    "Europe/Berlin",
    Words("Circlet", "Open the app."),
    21 * 60,
    8 * 60,
)
ENABLED = "android.app.NotificationManager.areNotificationsEnabled"


@pytest.fixture
def stand_in() -> StandIn:
    return StandIn()


async def test_a_notification_is_posted_by_our_java(stand_in: StandIn) -> None:
    notices = android_phone(stand_in.bridge).notices
    await notices.show("due", WORDS)
    await notices.take_away("due")

    shown = stand_in.last(f"{OURS}.Notifications.show")
    assert shown[1:] == ("due", WORDS.title, WORDS.body)
    assert f"{OURS}.Notifications.setChannels" in stand_in.names()
    assert stand_in.last(f"{OURS}.Notifications.takeAway")[1] == "due"


async def test_notifications_that_are_not_allowed_are_asked_for_and_then_said(
    stand_in: StandIn,
) -> None:
    stand_in.answers[ENABLED] = lambda: False
    notices = android_phone(stand_in.bridge).notices

    assert not await notices.ask()
    with pytest.raises(NoticeNotShown, match="settings"):
        await notices.show("due", WORDS)
    assert stand_in.asked == [["android.permission.POST_NOTIFICATIONS"]]


async def test_stop_on_the_lock_screen_calls_what_the_engine_gave(stand_in: StandIn) -> None:
    stopped: list[str] = []
    standing = android_phone(stand_in.bridge).standing
    standing.when_stopped(lambda: stopped.append("stop"))
    await standing.show(WORDS, "STOP")
    await standing.end()

    (listener,) = stand_in.last(f"{OURS}.StopReceiver.hear")
    listener.call()
    assert stopped == ["stop"]
    assert stand_in.last(f"{OURS}.SessionService.show")[1:] == (WORDS.title, WORDS.body, "STOP")
    assert f"{OURS}.SessionService.end" in stand_in.names()


async def test_a_plan_is_handed_over_whole(stand_in: StandIn) -> None:
    alarms = android_phone(stand_in.bridge).alarms
    await alarms.replace(PLAN)
    await alarms.ask_for_exactness()

    plan = json.loads(stand_in.last(f"{OURS}.Alarms.replace")[1])
    assert plan["zone"] == "Europe/Berlin"
    assert (plan["quiet_from_minute"], plan["quiet_to_minute"]) == (1260, 480)
    assert (plan["title"], plan["body"]) == ("Circlet", "Open the app.")
    (alarm,) = plan["alarms"]
    assert alarm == {
        "name": "session",
        "at_ms": 1_790_000_000_000,
        "floating": True,
        "title": "Circlet",
        "body": "Something is due today.",
    }


@pytest.mark.parametrize(("allowed", "said"), [(True, Exactness.EXACT), (False, Exactness.ABOUT)])
def test_exactness_is_what_the_person_allowed(
    stand_in: StandIn, allowed: bool, said: Exactness
) -> None:
    stand_in.answers["android.app.AlarmManager.canScheduleExactAlarms"] = lambda: allowed
    assert android_phone(stand_in.bridge).alarms.exactness is said


async def test_the_voice_says_nothing_before_it_has_started(stand_in: StandIn) -> None:
    speech = android_phone(stand_in.bridge).speech
    speak = "android.speech.tts.TextToSpeech.speak"
    await speech.say("Too early", "en")
    assert not speech.is_there
    assert speak not in stand_in.names()

    _start_voice(stand_in, status=0)
    await speech.say("A train begins.", "de")
    await speech.hush()
    assert speech.is_there
    assert stand_in.last(speak) == ("A train begins.", 0, None, "cue")
    assert stand_in.last("java.util.Locale.forLanguageTag") == ("de",)


async def test_a_phone_without_a_voice_or_without_the_language_says_nothing(
    stand_in: StandIn,
) -> None:
    speech = android_phone(stand_in.bridge).speech
    _start_voice(stand_in, status=-1)
    assert not speech.is_there
    assert "no voice" in speech.sentence

    _start_voice(stand_in, status=0)
    stand_in.answers["android.speech.tts.TextToSpeech.setLanguage"] = lambda _locale: -2
    await speech.say("A train begins.", "ar")
    assert "android.speech.tts.TextToSpeech.speak" not in stand_in.names()


def _start_voice(stand_in: StandIn, *, status: int) -> None:
    stand_in.last("android.speech.tts.TextToSpeech.new")[1].call(status)


async def test_every_cue_sounds_and_vibrates_and_an_urgent_one_is_an_alarm(
    stand_in: StandIn,
) -> None:
    cues = android_phone(stand_in.bridge).cues
    for cue in Cue:
        await cues.give(cue)
        pattern, repeat = stand_in.last("android.os.VibrationEffect.createWaveform")
        assert (pattern, repeat) == ([0, *cue.value.vibrations_ms], -1)
        (usage,) = stand_in.last("android.media.AudioAttributes$Builder.setUsage")
        assert usage == (4 if cue.value.urgent else 13)
        sound, start, length = stand_in.last("android.media.AudioTrack.write")
        assert (start, length) == (0, len(sound))
    stand_in.calls.clear()
    await cues.give(Cue.DONE, sound=False, vibration=False)
    assert stand_in.calls == []


@pytest.mark.parametrize(
    ("code", "answer"),
    [(0, Recognised.YES), (1, Recognised.NO), (2, Recognised.LEFT), (9, Recognised.UNAVAILABLE)],
)
async def test_the_owner_is_asked_by_the_systems_dialog(
    stand_in: StandIn, code: int, answer: Recognised
) -> None:
    def asked(_activity: Any, _title: str, _reason: str, _leave: str, listener: Any) -> None:
        listener.call(code)

    stand_in.answers[f"{OURS}.OwnerAsk.ask"] = asked
    biometrics = android_phone(stand_in.bridge).biometrics
    async with asyncio.timeout(5):
        assert await biometrics.ask("Circlet", "It's locked.", "PIN") is answer


async def test_nobody_is_asked_where_no_finger_is_enrolled(stand_in: StandIn) -> None:
    manager = "android.hardware.biometrics.BiometricManager.canAuthenticate"
    stand_in.answers[manager] = lambda _kinds: 11
    biometrics = android_phone(stand_in.bridge).biometrics
    assert not biometrics.are_there
    assert await biometrics.ask("Circlet", "It's locked.", "PIN") is Recognised.UNAVAILABLE
    assert f"{OURS}.OwnerAsk.ask" not in stand_in.names()


async def test_the_window_is_hidden_and_shown_again(stand_in: StandIn) -> None:
    privacy = android_phone(stand_in.bridge).privacy
    await privacy.hide(hidden=True)
    assert stand_in.last(f"{OURS}.Screen.hide")[1] is True
    await privacy.hide(hidden=False)
    assert stand_in.last(f"{OURS}.Screen.hide")[1] is False


async def test_a_number_goes_to_the_keypad_and_is_not_called(stand_in: StandIn) -> None:
    await android_phone(stand_in.bridge).ways_out.dial("+49 (30) 1234-567")
    assert stand_in.last("android.content.Intent.new")[0] == "android.intent.action.DIAL"
    assert stand_in.last("android.net.Uri.parse") == ("tel:+49301234567",)


async def test_words_go_to_the_sheet_on_which_the_person_chooses_an_app(stand_in: StandIn) -> None:
    await android_phone(stand_in.bridge).ways_out.hand_on("A link for you")
    assert stand_in.last("android.content.Intent.new")[0] == "android.intent.action.SEND"
    assert stand_in.last("android.content.Intent.putExtra")[1] == "A link for you"
    assert "android.app.Activity.startActivity" in stand_in.names()


async def test_what_no_app_opens_is_said_with_what_to_do(stand_in: StandIn) -> None:
    def nobody(_intent: Any) -> None:
        raise JavaError("ActivityNotFoundException")

    stand_in.answers["android.app.Activity.startActivity"] = nobody
    with pytest.raises(NotOpened, match="by hand"):
        await android_phone(stand_in.bridge).ways_out.open("https://clinic.example/help")


def test_links_come_with_the_start_and_while_the_app_runs(stand_in: StandIn) -> None:
    links: list[str] = []
    stand_in.answers["android.content.Intent.getDataString"] = lambda: "circlet:enrol?code=1"
    android_phone(stand_in.bridge).links.watch(links.append)
    stand_in.answers["android.content.Intent.getDataString"] = lambda: None
    (arrived,) = stand_in.intents
    arrived(JavaObject(stand_in, "android.content.Intent"))
    assert links == ["circlet:enrol?code=1"]


def test_the_zone_is_asked_anew_each_time(stand_in: StandIn) -> None:
    zone = android_phone(stand_in.bridge).zone
    for name in ("Europe/Berlin", "America/New_York"):
        stand_in.answers["java.util.TimeZone.getID"] = lambda name=name: name
        assert zone.name() == name


def test_secrets_are_sealed_by_the_phones_key_and_bound_to_their_names(tmp_path: Path) -> None:
    phone = SealingPhone()
    keys = android_phone(phone.bridge).open_keys(tmp_path)
    assert keys.read(KeyName.APP) is None
    keys.write(KeyName.APP, b"the app key")
    keys.write(KeyName.WRAPPING, b"\x00\xff" * 16)

    again = android_phone(phone.bridge).open_keys(tmp_path)
    assert again.read(KeyName.APP) == b"the app key"
    assert again.read(KeyName.WRAPPING) == b"\x00\xff" * 16
    (path,) = tmp_path.iterdir()
    assert b"the app key" not in path.read_bytes()
    again.erase(KeyName.APP)
    assert again.read(KeyName.APP) is None


def test_a_secret_in_another_ones_place_does_not_open(tmp_path: Path) -> None:
    keys = android_phone(SealingPhone().bridge).open_keys(tmp_path)
    keys.write(KeyName.APP, b"one")
    keys.write(KeyName.REQUEST, b"other")
    (path,) = tmp_path.iterdir()
    entries = json.loads(path.read_text())
    path.write_text(json.dumps({"app-key": entries["request-key"]}))
    with pytest.raises(KeyStoreBroken):
        keys.read(KeyName.APP)


@pytest.mark.parametrize("text", ["{", "[]", '{"app-key": 1}', '{"app-key": "?"}'])
def test_a_damaged_file_of_secrets_is_an_error_and_not_an_empty_one(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "secrets.json").write_text(text)
    with pytest.raises(KeyStoreBroken):
        android_phone(SealingPhone().bridge).open_keys(tmp_path).read(KeyName.APP)


def test_a_key_that_the_phone_has_lost_is_said(tmp_path: Path) -> None:
    phone = SealingPhone()
    keys = android_phone(phone.bridge).open_keys(tmp_path)
    keys.write(KeyName.APP, b"secret")
    phone.forget_key()
    with pytest.raises(KeyStoreBroken, match="keystore"):
        keys.read(KeyName.APP)


def test_bleak_asks_for_bluetooth_and_for_no_place(
    stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner = ModuleType(bluetooth.SCANNER)
    setattr(scanner, bluetooth.QUESTION, lambda *_: None)
    monkeypatch.setitem(sys.modules, bluetooth.SCANNER, scanner)
    answers: list[list[bool]] = []

    bluetooth.ask_for_bluetooth_only(stand_in.bridge)
    getattr(scanner, bluetooth.QUESTION)(
        ["android.permission.ACCESS_FINE_LOCATION"], lambda _, grants: answers.append(grants)
    )
    assert stand_in.asked == [[bluetooth.SCAN, bluetooth.CONNECT]]
    assert answers == [[True, True]]


def test_a_bleak_that_asks_in_another_way_is_noticed(
    stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, bluetooth.SCANNER, ModuleType(bluetooth.SCANNER))
    with pytest.raises(AttributeError, match="bleak"):
        bluetooth.ask_for_bluetooth_only(stand_in.bridge)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda java: java("android.os.Vibratr"),
        lambda java: java("android.net.Uri").parse(),
        lambda java: java("android.net.Uri").parse(1),
        lambda java: java("android.net.Uri").parse("tel:1").pars(),
        lambda java: java("android.os.VibrationEffect").createWaveform([0, 2**70], -1),
    ],
)
def test_the_stand_in_refuses_what_the_reference_does_not_have(wrong: Any) -> None:
    with pytest.raises(NotInTheReference):
        wrong(StandIn().bridge.java)
