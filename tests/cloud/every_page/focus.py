"""Whether somebody who goes by keys can see where they are.

The look of what has the focus is held against its own look without it: a ring at least two pixels
wide, or another border, ground or shadow. What stays as it was can't be seen.
"""

from __future__ import annotations

from playwright.async_api import Page

_DRAWN = """
const drawn = (at) => {
  const style = getComputedStyle(at);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const { outlineColor, borderColor, backgroundColor, boxShadow } = style;
  return [ring && outlineColor, borderColor, backgroundColor, boxShadow].join();
};
const words = (at) =>
  (at.getAttribute("aria-label") || at.labels?.[0]?.innerText || at.innerText || at.tagName).trim();
const shown = (at) => at.checkVisibility({ visibilityProperty: true });
"""
_REACHED = (
    "a[href], summary, [tabindex='0'], "
    "button:enabled, input:enabled, select:enabled, textarea:enabled"
)
_REMEMBER = f"""
window.plain ??= new WeakMap();
for (const each of document.querySelectorAll("{_REACHED}")) {{
  if (each !== document.activeElement) plain.set(each, drawn(each));
}}
"""
_FOCUSED = f"""() => {{ {_DRAWN}
  const at = document.activeElement, {{ width, height }} = at.getBoundingClientRect();
  if (at === document.body) return ["", true];
  const changed = plain.has(at) && drawn(at) !== plain.get(at);
  return [words(at), changed && width > 1 && height > 1];
}}"""
_UNSEEN = f"""() => {{ {_DRAWN}
  const unseen = [];
  for (const at of document.querySelectorAll("{_REACHED}")) {{
    if (!shown(at) || at.type === "hidden") continue;
    document.activeElement.blur();
    const without = drawn(at);
    at.focus({{ preventScroll: true }});
    if (document.activeElement !== at || drawn(at) === without) unseen.push(words(at));
  }}
  document.activeElement.blur();
  return unseen;
}}"""
PRESSES_MAX = 150
_PLACE = f"[...document.querySelectorAll({_REACHED!r})].indexOf(document.activeElement)"


async def press_tab(page: Page) -> str:
    """Press Tab and return the words of what has the focus, none where Tab left the page.

    AssertionError where the focus can't be seen. Nothing is taken out of focus for that: in a
    date's field Tab would begin anew.
    """
    await page.evaluate(f"() => {{ {_DRAWN} {_REMEMBER} }}")
    await page.keyboard.press("Tab")
    words, seen = await page.evaluate(_FOCUSED)
    assert seen, f"the focus can't be seen on {words!r}"
    return str(words)


async def unseen(page: Page) -> list[str]:
    """Return the words of each thing on the page whose focus can't be seen."""
    found: list[str] = await page.evaluate(_UNSEEN)
    return found


async def tab_stops(page: Page) -> list[tuple[int, str]]:
    """Press Tab until it leaves the page; return each stop's place in the page and its words.

    A field of several parts, as a date's, is one stop. AssertionError where the way is a trap, or
    a stop's focus can't be seen.
    """
    stops: list[tuple[int, str]] = []
    for _ in range(2 * PRESSES_MAX):
        words = await press_tab(page)
        place = int(await page.evaluate(_PLACE))
        if place < 0:
            return stops
        if not stops or stops[-1][0] != place:
            stops.append((place, words))
    raise AssertionError(f"Tab doesn't leave {stops[-1]}")


async def tab_to(page: Page, words: str) -> int:
    """Press Tab until the focus is on what begins with these words; return how often."""
    for presses in range(1, PRESSES_MAX):
        found = await press_tab(page)
        if found.startswith(words):
            return presses
    raise AssertionError(f"{PRESSES_MAX} presses of Tab don't reach {words!r}")
