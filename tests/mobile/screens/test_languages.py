"""Every page in every language: no word is cut off where there's least room for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from mobile.kit.button import PushButton
from mobile.language import use
from mobile.presenters.appearance import Appearance
from mobile.presenters.welcome import welcome_view
from tests.mobile.screens.running import Running
from tests.mobile.screens.test_drawing import SMALL_PHONE


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use("en")


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("de", "1/3"),
        *(
            pytest.param(*each, marks=pytest.mark.long)
            for each in (("de", "2/3"), ("de", "3/3"), ("en", "1/1"), ("ar", "1/1"))
        ),
    ],
)
def test_no_word_is_cut_off_at_twice_the_size_on_a_small_phone(code: str, part: str) -> None:
    """In a process of its own: samples are made at import, in the language spoken then."""
    small = ("--text-scale", "2", "--size", f"{SMALL_PHONE[0]}x{SMALL_PHONE[1]}")
    asked = (sys.executable, "-m", "tests.mobile.screens.gallery")
    wanted = ("--language", code, "--part", part)
    done = subprocess.run([*asked, *wanted, *small], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    *complaints, judged = done.stdout.splitlines()
    assert complaints == []
    assert int(judged.removesuffix(" views judged")) > 150 / int(part[-1])


async def test_a_language_is_changed_on_the_page_that_stands_there(running: Running) -> None:
    await running.show(welcome_view())
    assert not running.widget("enrol").theme.mirrored
    arabic = use("ar")
    assert running.engine.callback_look is not None
    running.engine.callback_look(Appearance(mirrored=arabic.is_mirrored, language=arabic.code))
    await running.show(welcome_view())
    button = running.widget("enrol")
    assert isinstance(button, PushButton)
    assert button.theme.mirrored
    assert button.text == "الربط مع العيادة"
    left, right = running.widget("speak-ar").x, running.widget("speak-en").x
    assert left < right
