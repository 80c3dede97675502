"""With a tremor of 6 Hz and 15 dp every answer is the one aimed at, once; STOP needs no aim."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Iterator

import pytest
from _pytest.mark import ParameterSet
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.metrics import dp

from mobile.kit.choice import ChoiceButton
from mobile.kit.finger import FingerTouch
from mobile.kit.press import Touchable, bring_into_view, touchables
from mobile.kit.steady import HAND, REPEAT_S
from mobile.presenters.actions import Choose, Press, Stop
from mobile.presenters.views import View
from tests.mobile.screens.running import Running
from tests.mobile.screens.samples import QUESTION, SAMPLES, SESSION, TODAY_READY
from tests.mobile.screens.thirds import in_thirds
from tests.mobile.screens.tremor import AMPLITUDE_DP, shaking

HOLD_S = 0.25
LIFTED_S = 0.2
"""The toolkit lets a button go so long after a finger that didn't scroll."""


class SimulatedTime:
    """What the steady hand goes by."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedTime]:
    time = SimulatedTime()
    monkeypatch.setattr(HAND, "now_s", time)
    HAND.forget()
    yield time
    HAND.forget()


ALWAYS = {
    "pair",
    "screening",
    "seat-softer",
    "after-list",
    "after-grade",
    "check-in-choices",
    "blocks",
}
"""Forms of each kind, in the short tests; the long ones shake at all."""


def forms() -> list[ParameterSet]:
    """Samples with something to answer."""
    found = [name for name, view in SAMPLES.items() if "Choice(" in repr(view)]
    assert set(found) >= ALWAYS
    return [pytest.param(name, marks=() if name in ALWAYS else pytest.mark.long) for name in found]


def is_answer(widget: Touchable) -> bool:
    return isinstance(widget, ChoiceButton)


async def shake(running: Running, widget: Touchable, chance: random.Random) -> None:
    """Press a widget's middle with a finger that shakes, and wait until it was let go."""
    bring_into_view(widget)
    await running.frame()
    x_px, y_px = widget.to_window(*widget.center)
    path = list(shaking(chance, x_px, y_px, HOLD_S))
    finger = FingerTouch(*path[0])
    finger.down()
    for place in path[1:]:
        finger.move(*place)
    finger.up()
    await let_go(running)


async def let_go(running: Running) -> None:
    """Until the toolkit has let the button go and has drawn it."""
    passed = asyncio.Event()
    Clock.schedule_once(lambda _: passed.set(), LIFTED_S + 0.02)
    await passed.wait()
    await running.frame()


@pytest.mark.parametrize("name", forms())
async def test_no_form_takes_a_wrong_answer(
    running: Running, hand: SimulatedTime, name: str
) -> None:
    chance = random.Random(name)
    await running.show(SAMPLES[name])
    choices = [
        each.drive_id for each in touchables(running.app.stage) if isinstance(each, ChoiceButton)
    ]
    for wanted in choices:
        hand.now_s += 1.0
        running.engine.acts.clear()
        await shake(running, running.widget(wanted), chance)
        given = [act.choice for act in running.engine.acts if isinstance(act, Choose)]
        assert given == [wanted]
        assert len(running.engine.acts) == 1


async def test_a_page_rests_under_a_finger_that_only_shakes(
    running: Running, hand: SimulatedTime
) -> None:
    await running.show(SAMPLES["after-list"])
    page = running.app.stage.page
    assert page is not None
    scroll = page.scroll
    middle = running.widget("mood_up")
    bring_into_view(middle)
    await running.frame()
    stood = scroll.scroll_y
    assert 0 < stood < 1
    x_px, y_px = middle.to_window(*middle.center)
    finger = FingerTouch(x_px, y_px - dp(AMPLITUDE_DP))
    finger.down()
    finger.move(x_px, y_px + dp(AMPLITUDE_DP))
    finger.up()
    await let_go(running)
    assert scroll.scroll_y == stood
    assert running.engine.acts == [Choose("mood_up", "noticed")]


async def test_a_finger_lifted_elsewhere_answers_nothing(
    running: Running, hand: SimulatedTime
) -> None:
    await running.show(QUESTION)
    first, second = (each for each in touchables(running.app.stage) if each.drive_id in ("0", "1"))
    finger = FingerTouch(*first.to_window(*first.center))
    finger.down()
    finger.move(*second.to_window(*second.center))
    finger.up()
    await let_go(running)
    assert running.engine.acts == []


async def test_a_bounce_within_400_ms_is_the_same_touch(
    running: Running, hand: SimulatedTime
) -> None:
    await running.show(TODAY_READY)
    for _ in range(2):
        finger = running.finger_on("get-ready")
        finger.down()
        finger.up()
        await let_go(running)
        hand.now_s += REPEAT_S / 2
    assert running.engine.acts == [Press("get-ready")]
    hand.now_s += REPEAT_S
    finger = running.finger_on("get-ready")
    finger.down()
    finger.up()
    await let_go(running)
    assert running.engine.acts == [Press("get-ready")] * 2


async def test_stop_answers_each_touch_down_however_fast(
    running: Running, hand: SimulatedTime
) -> None:
    await running.show(SESSION)
    chance = random.Random("stop")
    panel = running.widget("stop")
    for count in range(1, 6):
        x_px = chance.uniform(1, panel.width - 2)
        finger = FingerTouch(x_px, chance.uniform(1, panel.height - 2))
        finger.down()
        assert running.engine.acts == [Stop()] * count
        finger.move(x_px, Window.height - 10)
        finger.up()


@in_thirds
async def test_what_can_be_touched_is_large_and_answers_stand_apart(
    running: Running, samples: dict[str, View]
) -> None:
    for name, view in samples.items():
        await running.open(view)
        wanted = list(touchables(running.app.stage))
        for each in wanted:
            assert each.height >= dp(48), (name, each.drive_id)
        answers = [each for each in wanted if is_answer(each)]
        for each in answers:
            assert each.height >= dp(60), (name, each.drive_id)
        for one, other in itertools.combinations(answers, 2):
            assert apart_px(one, other) >= dp(12) - 0.5, (name, one.drive_id, other.drive_id)


def apart_px(one: Touchable, other: Touchable) -> float:
    """How far two answers are from each other, across or upward, whichever is more."""
    (x, y), (other_x, other_y) = one.to_window(*one.pos), other.to_window(*other.pos)
    across = max(other_x - (x + one.width), x - (other_x + other.width))
    upward = max(other_y - (y + one.height), y - (other_y + other.height))
    return float(max(across, upward))
