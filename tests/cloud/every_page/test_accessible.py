"""Every page of the dashboard, of somebody close and of the desk is one that all can use.

Each page is judged in one look in ``make test`` and in two more in ``make test-long``; `looks` says
why that is enough.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import pytest
from playwright.async_api import Browser, Page

from cloud.dashboard.app import create_app
from tests.cloud.axe import violations_of
from tests.cloud.desk.worlds import running_desk, sample_bytes, signing_link
from tests.cloud.every_page.addresses import Address, pages_of
from tests.cloud.every_page.clinic import PageClinic
from tests.cloud.every_page.focus import unseen
from tests.cloud.every_page.looks import LOOKS, Look, enlarge, further_at, look_at
from tests.cloud.every_page.opening import EXCESS, Opened, is_page, visiting

MOVES = "Number(document.getAnimations().length > 0)"
VISITORS = ("everything", "caregiver", "nobody")
HANGING = (".more", ".keep")
"""What opens over the list of patients."""


@dataclass
class Walk:
    """What was seen of the pages, and what is wrong with them."""

    seen: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    async def judge(self, page: Page, name: str, look: Look) -> None:
        """Judge a page that stands open."""
        self.seen.append(name)
        found = [f"{each} px" for each in await beyond_their_window(page)]
        if look.percent != 100:
            await enlarge(page, look.percent)
        excess = await page.evaluate(EXCESS)
        found += [f"{excess} px too wide"] * (excess > 0)
        found += map(str, await violations_of(page))
        found += [f"no focus is seen on {each!r}" for each in await unseen(page)]
        found += ["something moves"] * await page.evaluate(MOVES)
        self.problems += [f"{name}, {look}: {each}" for each in found]


def pages(clinic: PageClinic) -> Sequence[Address]:
    return pages_of(create_app(clinic.settings, clinic.clock), clinic.ids)


async def beyond_their_window(page: Page) -> list[str]:
    """At 200 and 400 % of a screen 1280 wide (WCAG 1.4.10): nothing is scrolled sideways."""
    size, found = page.viewport_size, []
    assert size is not None
    for width in (640, 320):
        await page.set_viewport_size({"width": width, "height": 400})
        excess = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if excess > 0:
            found.append(f"{excess} px too wide at {width}")
    await page.set_viewport_size(size)
    return found


async def open_and_judge(opened: Opened, each: Address, look: Look, walk: Walk) -> None:
    answer = await opened.open(each)
    assert await is_page(answer), each
    walk.problems += [f"{each.path}: {answer.status}"] * (answer.status != 200)
    await walk.judge(opened.page, each.name, look)


async def walked(
    browser: Browser,
    origin: str,
    clinic: PageClinic,
    looks_of: Callable[[int], Sequence[Look]],
) -> Walk:
    """Walk all pages, each in the looks of its place in the list."""
    walk, places = Walk(), tuple(enumerate(pages(clinic)))
    for look in LOOKS:
        async with visiting(browser, origin, clinic, "nobody", **look.options) as opened:
            for visitor in VISITORS:
                await opened.become(clinic.cookies[visitor])
                for at, each in places:
                    if each.visitor == visitor and look in looks_of(at):
                        await open_and_judge(opened, each, look, walk)
            walk.problems += opened.complaints
    print(f"\naxe: {len(walk.seen)} looks at {len(places)} pages, {len(walk.problems)} violations")
    return walk


@pytest.mark.early
@pytest.mark.asyncio(loop_scope="package")
async def test_every_page_is_accessible(browser: Browser, origin: str, clinic: PageClinic) -> None:
    walk = await walked(browser, origin, clinic, lambda place: [look_at(place)])
    assert walk.problems == [], "\n".join(walk.problems)
    assert len(walk.seen) == len(pages(clinic)) > 20


@pytest.mark.long
@pytest.mark.parametrize("further", [0, 1])
@pytest.mark.asyncio(loop_scope="package")
async def test_every_page_is_so_in_german_in_the_dark_on_a_phone_and_in_large_letters(
    browser: Browser, origin: str, clinic: PageClinic, further: int
) -> None:
    walk = await walked(browser, origin, clinic, lambda place: [further_at(place)[further]])
    assert walk.problems == [], "\n".join(walk.problems)
    assert len(walk.seen) == len(pages(clinic))


@pytest.mark.asyncio(loop_scope="package")
@pytest.mark.parametrize(
    "looks", [LOOKS[1:4:2], pytest.param(LOOKS[::2], marks=pytest.mark.long)], ids=["two", "others"]
)
async def test_the_desk_is_so(
    browser: Browser, origin: str, clinic: PageClinic, looks: Sequence[Look]
) -> None:
    walk = Walk()
    with running_desk() as desk:
        link = signing_link(desk, [sample_bytes()], back="http://cloud.localhost:1/desk-return")
        for look in looks:
            async with visiting(browser, origin, clinic, "nobody", **look.options) as opened:
                for name, address in (("desk", desk), ("desk with a request", link)):
                    await opened.page.goto("about:blank")
                    await opened.page.goto(address)
                    await opened.page.locator("#main h1").wait_for()
                    await walk.judge(opened.page, name, look)
    assert walk.problems == [], "\n".join(walk.problems)


@pytest.mark.asyncio(loop_scope="package")
@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
async def test_what_opens_over_the_list_leaves_all_else_to_be_touched(
    browser: Browser, origin: str, clinic: PageClinic, language: str
) -> None:
    found = []
    async with visiting(browser, origin, clinic, "everything", locale=language) as opened:
        page = opened.page
        for width in (1360, 900, 390):
            await page.set_viewport_size({"width": width, "height": 820})
            await opened.open("/")
            for name in HANGING:
                await page.locator(f"{name} > summary").click()
                found += [f"{width} {name}: {each}" for each in await violations_of(page)]
                found += [f"{width} {name}: too wide"] * (await page.evaluate(EXCESS) > 0)
                await page.keyboard.press("Escape")
    assert found == [], "\n".join(found)


def test_looks_are_pairwise_and_every_page_is_seen_in_each_value_that_is_not_plain() -> None:
    values = [(one.language, one.scheme, one.width, one.percent, one.motion) for one in LOOKS]
    for one, other in combinations(range(5), 2):
        assert len({(each[one], each[other]) for each in values}) == 4, (one, other)
    for place in range(len(LOOKS)):
        looks = (look_at(place), *further_at(place))
        assert len(set(looks)) == 3
        for name, value in (
            ("language", "de"),
            ("scheme", "dark"),
            ("width", "phone"),
            ("percent", 200),
            ("motion", "reduce"),
        ):
            assert value in [getattr(each, name) for each in looks], (place, name)
