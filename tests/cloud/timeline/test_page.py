"""The patient's page in Chromium: zoom by keyboard and mouse, tables that say the same, axe."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from cloud.people import service as people
from cloud.people.authority import Role
from cloud.timeline.dose import TALLEST
from tests.cloud.axe import assert_accessible
from tests.cloud.browser import dashboard_of, page_of
from tests.cloud.timeline.worlds import Lived

pytestmark = pytest.mark.asyncio(loop_scope="package")
SHOWN = "() => ['from', 'to'].map(each => Number(document.getElementById('lanes').dataset[each]))"
MARKS = """name => [...document.querySelectorAll(`#lane-${name} g.mark`)].map(each => [
    each.dataset.href ?? '', Number(each.querySelector('rect.bar')?.getAttribute('height'))])"""
ROWS = """name => [...document.querySelectorAll(`#table-${name} tbody tr`)].map(each => [
    each.querySelector('a')?.getAttribute('href') ?? '', each.cells[2].textContent])"""


@dataclass
class Looking:
    """A clinician's open page."""

    page: Page
    origin: str
    life: Lived
    expected: str = "nothing"

    def phone_is_heard(self) -> None:
        """Let the phone ask for its items, so that something may have come."""
        self.life.world.clock.now_ms += 1000
        assert self.life.phone.get("/v1/sync?cursor=0").status_code == 200

    async def shown(self) -> list[float]:
        found: list[float] = await self.page.evaluate(SHOWN)
        return found


@pytest_asyncio.fixture(loop_scope="package")
async def looking(life: Lived, browser: Browser) -> AsyncIterator[Looking]:
    world = life.world
    with world.database.write("demo") as session:
        member = people.add_member(
            session, "demo", "A. Example", Role.PRESCRIBER, now_ms=world.clock.now_ms
        )
        cookie = people.open_sign_in(session, member, hours=10, now_ms=world.clock.now_ms)
    with dashboard_of(world) as origin:
        async with page_of(browser=browser) as page:
            await page.context.add_cookies([{"name": "circlet", "value": cookie, "url": origin}])
            complaints: list[str] = []
            page.on("console", lambda line: complaints.append(line.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto(f"{origin}{life.address}")
            await expect(page.locator("#lanes")).to_have_attribute("data-from", "0")
            looking = Looking(page, origin, life)
            yield looking
            assert [each for each in complaints if looking.expected not in each] == []


async def test_axis_is_zoomed_by_keys_and_by_mouse_and_all_lanes_go_with_it(
    looking: Looking,
) -> None:
    page = looking.page
    whole = await looking.shown()
    assert whole == [0, 28]
    day = page.get_by_label("Day", exact=True)
    await day.focus()
    await page.keyboard.press("+")
    closer = await looking.shown()
    assert closer[1] - closer[0] == 14
    await page.keyboard.press("0")
    assert await looking.shown() == whole
    plot = page.locator("#lane-dose svg.plot")
    await plot.scroll_into_view_if_needed()
    box = await plot.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 20)
    await page.mouse.down()
    await page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 20, steps=4)
    await page.mouse.up()
    assert await looking.shown() == [8, 14]
    lines = page.locator("line.crosshair")
    places = {await each.get_attribute("x1") for each in await lines.all()}
    assert len(places) == 1
    await page.get_by_role("button", name="All days").click()
    assert await looking.shown() == whole


async def test_day_is_chosen_by_keys_said_in_words_and_its_session_opened(
    looking: Looking,
) -> None:
    page = looking.page
    day = page.get_by_label("Day", exact=True)
    await day.focus()
    await page.keyboard.press("Home")
    for _ in range(2):
        await page.keyboard.press("ArrowRight")
    await expect(day).to_have_attribute("aria-valuetext", "Wed 4 Mar 2026")
    told = page.locator("#of-day")
    await expect(told).to_contain_text("Pulses delivered: 420; Planned: 600")
    await expect(told).to_contain_text("What became of it: partial")
    await page.keyboard.press("Enter")
    await expect(page.locator("#outcome")).to_have_text("Partial")
    await expect(page.locator("#story")).to_contain_text("420 of 600 pulses were given")
    await expect(page.locator("h1")).to_have_text("Maria Sample, 45")
    await assert_accessible(page)


async def test_what_is_drawn_is_what_the_table_says(looking: Looking) -> None:
    page = looking.page
    marks = await page.evaluate(MARKS, "dose")
    rows = await page.evaluate(ROWS, "dose")
    drawn = [(href, height) for href, height in marks if href]
    listed = [(href, round(TALLEST * int(pulses) / 600, 1)) for href, pulses in rows if href]
    assert drawn == listed
    assert len(listed) == 6
    lanes = {each.id: each for each in looking.life.timeline().lanes}
    for name, lane in lanes.items():
        assert len(await page.evaluate(MARKS, name)) == len(lane.marks), name
        assert await page.locator(f"#table-{name} tbody tr[data-day]").count() == len(lane.rows)


async def test_page_breaks_no_rule_open_or_closed_light_or_dark(looking: Looking) -> None:
    page = looking.page
    await assert_accessible(page)
    await page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    await page.emulate_media(color_scheme="dark")
    await assert_accessible(page)
    await page.set_viewport_size({"width": 400, "height": 800})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 400


async def test_something_new_is_drawn_at_once_where_one_has_zoomed_and_a_failure_is_said(
    looking: Looking,
) -> None:
    page = looking.page
    await page.get_by_label("Day", exact=True).press("+")
    closer = await looking.shown()
    await page.route("**/timeline?*", lambda route: route.fulfill(status=503))
    looking.expected = "503"
    await page.evaluate("document.getElementById('lanes').dataset.old = 'true'")
    looking.phone_is_heard()
    await expect(page.locator("#lanes-stale")).to_contain_text("may be out of date")
    await page.unroute_all()
    await expect(page.locator("#lanes-stale")).to_be_hidden(timeout=15_000)
    await expect(page.locator("#lanes[data-old]")).to_have_count(0)
    assert await looking.shown() == closer
    await assert_accessible(page)


async def test_the_time_axis_begins_on_the_first_screen_of_a_desk(looking: Looking) -> None:
    page = looking.page
    await page.set_viewport_size({"width": 1280, "height": 800})
    assert await page.locator(".asking").count() > 2
    tops = await page.evaluate(
        "['.lane.axis', '#lane-dose'].map(each => document.querySelector(each)"
        ".getBoundingClientRect().top + scrollY)"
    )
    assert tops == sorted(tops)
    assert tops[-1] < 800


async def test_the_line_of_the_day_stands_behind_every_word(looking: Looking) -> None:
    over = await looking.page.evaluate(
        "[...document.querySelectorAll('svg.plot')].map(plot => { const all = [...plot.children];"
        " const line = all.findIndex(each => each.classList.contains('crosshair'));"
        " const word = all.findIndex(each => each.matches('text, g:has(text)'));"
        " return plot.closest('.axis') ? Number(all[line].getAttribute('y2')) > 8"
        " : line < 0 || (word >= 0 && word < line); })"
    )
    assert len(over) > 8
    assert not any(over)
