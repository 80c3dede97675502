"""Each task of a clinician can be done by what stands on the pages, and the database says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.usability import table
from scripts.usability.__main__ import run
from scripts.usability.hands import Counted
from scripts.usability.tasks import TASKS


@pytest.mark.long
@pytest.mark.alone
@pytest.mark.timeout(900)
async def test_every_task_is_done(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    done = await run(tmp_path, pictures)
    assert len(done) == len(TASKS)
    assert all(each.counted.steps for each in done)
    assert len(list(pictures.glob("page-*.png"))) >= len(TASKS)


def test_an_estimate_is_the_sum_of_what_hands_and_head_do() -> None:
    assert Counted().estimate_s == 0
    one_click = Counted(clicks=1, steps=1)
    assert one_click.estimate_s == pytest.approx(1.10 + 0.20 + 1.35)
    typed = Counted(keys=5, steps=1, homings=1)
    assert typed.estimate_s == pytest.approx(5 * 0.28 + 0.40 + 1.35)


def test_the_page_has_a_line_for_each_task() -> None:
    page = table.PAGE.read_text("utf-8")
    made = page.partition(table.BEGIN)[2].partition(table.END)[0]
    assert made.count("\n| ") == len(TASKS) + 1
