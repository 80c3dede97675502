"""What axe-core finds wrong with a page by WCAG 2.2, A and AA.

It runs by the browser's own tools, so a page's content security policy stands as it is. It sees
what a rule can see: whether a name says enough, it can't tell.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Page

SOURCE = Path(__file__).parent / "vendor/axe.min.js"
LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
OPTIONS = {
    "runOnly": {"type": "tag", "values": LEVELS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
"""Rules of WCAG 2.2 are asked for by name: axe leaves them off by itself."""


@dataclass(frozen=True)
class Violation:
    """A rule that a page breaks, and where."""

    rule: str
    why: str
    places: tuple[str, ...]

    def __str__(self) -> str:
        return "\n    ".join((f"{self.rule}: {self.why}", *self.places))


@functools.cache
def _source() -> str:
    return SOURCE.read_text("utf-8")


async def violations_of(page: Page) -> list[Violation]:
    """Return every rule that the page breaks as it stands now."""
    tools = await page.context.new_cdp_session(page)
    try:
        await _evaluated(tools, f"window.axe ? 0 : void {_source()}".rstrip(";\n "))
        found = await _evaluated(
            tools,
            f"axe.run(document, {json.dumps(OPTIONS)}).then(found => JSON.stringify("
            "found.violations.map(rule => [rule.id, rule.help, rule.nodes.map(node =>"
            " node.html.slice(0, 200) + ' | ' + node.failureSummary)])))",
        )
    finally:
        await tools.detach()
    return [Violation(rule, why, tuple(places)) for rule, why, places in json.loads(found)]


async def _evaluated(tools: Any, expression: str) -> Any:
    asked = {"expression": expression, "awaitPromise": True, "returnByValue": True}
    answer = await tools.send("Runtime.evaluate", asked)
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"].get("value")


async def assert_accessible(page: Page) -> None:
    """Fail with each rule that the page breaks."""
    found = await violations_of(page)
    assert not found, "\n".join([page.url, *map(str, found)])
