"""One monkey from its seed to its end, with the words to let it loose again where it fails.

It hardly finds its way into a session, so that it may be put into one at the start.
"""

from __future__ import annotations

from pathlib import Path

from tests.mobile.monkey.house import open_house
from tests.mobile.monkey.monkey import Monkey
from tests.mobile.monkey.watch import watching


async def let_loose(folder: Path, seed: int, touches: int, *, in_session: bool = False) -> Monkey:
    """Return the monkey after so many touches; an AssertionError says how to see it again."""
    async with open_house(folder) as house:
        with watching() as watch:
            house.world.prescribe()
            monkey = Monkey(house, watch, seed)
            try:
                await house.world.enrol_and_pair()
                if in_session:
                    await house.world.answer_safety_questions()
                    await house.world.begin_session()
                await monkey.live(touches)
            except Exception as problem:
                again = f"python -m tests.mobile.monkey --seed {seed} --touches {touches}"
                again += " --in-session" if in_session else ""
                raise AssertionError(
                    f"{problem}\nat touch {monkey.touches} on {house.app.stage.screen}; wrong: "
                    f"{watch.wrong}\nto see it again: xvfb-run -a {again}"
                ) from problem
        return monkey
