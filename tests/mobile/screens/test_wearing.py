"""Another look is worn at once, by whatever stands on the screen, and what was typed stays."""

from __future__ import annotations

from kivy.core.window import Window

from mobile.kit.field import Entry
from mobile.kit.theme import Theme, theme_of
from mobile.presenters.actions import Enrol
from mobile.presenters.appearance import Appearance, Contrast
from tests.mobile.screens.running import Running
from tests.mobile.screens.samples import TODAY_READY, WELCOME


async def test_a_chosen_look_is_worn_by_the_page_that_stands_there(running: Running) -> None:
    await running.show(TODAY_READY)
    before = running.widget("get-ready")
    assert running.engine.callback_look is not None
    running.engine.callback_look(Appearance(Contrast.HIGH, text_percent=150))
    await running.frame()
    await running.frame()
    after = running.widget("get-ready")
    assert after is not before
    assert after.theme.text_scale == 1.5
    assert tuple(Window.clearcolor) == after.theme.colour("paper")
    assert after.theme.colour("ink") == (0.0, 0.0, 0.0, 1.0)


async def test_the_same_look_again_builds_nothing_anew(running: Running) -> None:
    await running.show(TODAY_READY)
    assert running.engine.callback_look is not None
    running.engine.callback_look(Appearance(text_percent=120))
    await running.frame()
    await running.frame()
    worn = running.widget("get-ready")
    running.engine.callback_look(Appearance(text_percent=120))
    await running.frame()
    await running.frame()
    assert running.widget("get-ready") is worn


async def test_what_was_typed_goes_on_being_known(running: Running) -> None:
    await running.show(WELCOME)
    code, born = running.widget("code"), running.widget("birth-date")
    assert isinstance(code, Entry)
    assert isinstance(born, Entry)
    code.text, born.text = "QX7", "1980-04-12"
    running.app.stage.wear(Theme(text_scale=1.2))
    await running.tap("enrol")
    assert running.engine.acts == [Enrol("QX7", "1980-04-12")]


def test_a_theme_has_what_the_appearance_says() -> None:
    theme = theme_of(Appearance(Contrast.DARK, 200, mirrored=True, still=True))
    assert (theme.text_scale, theme.mirrored, theme.still) == (2.0, True, True)
