"""Who has a role or two sees the whole menu; who has all of them keeps one line."""

import pytest
from playwright.async_api import expect

from cloud.dashboard.menu import AT_ONCE, BESIDE_MORE, menu_of
from cloud.language import conversation
from cloud.people import service as people
from cloud.people.authority import Role
from tests.cloud.browser import dashboard_of, page_of
from tests.cloud.worlds import World

ALL = tuple(role for role in Role if role is not Role.CAREGIVER)


def cookie_of(world: World, *roles: Role) -> str:
    with world.database.write("demo") as session:
        member = people.add_member(session, "demo", "A. Example", *roles, now_ms=0)
        return people.open_sign_in(session, member, hours=10, now_ms=world.clock.now_ms)


@pytest.mark.parametrize("role", ALL)
def test_nothing_is_behind_more_for_who_has_one_role(world: World, role: Role) -> None:
    cookie = cookie_of(world, role)
    with world.database.write("demo") as session, conversation("en"):
        person = people.signed_in(session, cookie, idle_minutes=60, now_ms=world.clock.now_ms)
        menu = menu_of(person)
    assert menu.more == ()
    assert 0 < len(menu.shown) <= AT_ONCE


async def test_all_roles_keep_one_line_and_reach_the_rest_by_keys(world: World) -> None:
    cookie = cookie_of(world, *ALL)
    with dashboard_of(world) as origin:
        async with page_of(1360) as page:
            await page.context.add_cookies([{"name": "circlet", "value": cookie, "url": origin}])
            await page.goto(f"{origin}/audit")
            shown = page.locator("nav > a")
            await expect(shown).to_have_count(BESIDE_MORE)
            tops = await page.locator("nav > *").evaluate_all(
                "all => all.map(each => each.getBoundingClientRect().top)"
            )
            assert len(set(tops)) == 1
            more = page.get_by_text("More: Audit")
            staff = page.get_by_role("link", name="Staff", exact=True)
            await expect(staff).to_be_hidden()
            await more.focus()
            await page.keyboard.press("Enter")
            await expect(staff).to_be_visible()
            await page.keyboard.press("Escape")
            await expect(staff).to_be_hidden()
            await expect(page.locator("#more summary")).to_be_focused()
            await page.keyboard.press("Enter")
            await page.keyboard.press("Tab")
            await page.keyboard.press("Enter")
            await page.wait_for_url(f"{origin}/leave")
