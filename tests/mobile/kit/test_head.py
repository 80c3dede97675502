"""The button at a head's end never squeezes what is said beside it."""

from __future__ import annotations

import pytest

from mobile.kit.button import ButtonKind, PushButton
from mobile.kit.head import Head
from mobile.kit.theme import Theme

LARGEST = Theme(text_scale=2.0)


def head(title: str, subtitle: str, width: float) -> Head:
    button = PushButton(
        LARGEST,
        "Emergency",
        drive_id="help",
        act=lambda: None,
        kind=ButtonKind.OUTLINE,
        small=True,
    )
    shown = Head(LARGEST, button)
    shown.width = width
    shown.say(title, subtitle)
    for _ in range(3):
        shown.do_layout()
        shown._row.do_layout()
        shown._words.do_layout()
    return shown


@pytest.mark.parametrize("subtitle", ["Step 1 of 2", "13 of 30 sessions done", "Demo clinic"])
@pytest.mark.parametrize("width", [340, 430, 700])
def test_a_subtitle_takes_no_more_lines_than_it_would_alone(subtitle: str, width: float) -> None:
    shown = head("Medicine log", subtitle, width)
    shown.subtitle.texture_update()
    assert shown.subtitle.texture_size[1] <= shown.subtitle.height_at(width) + 2
