"""Writes the style sheets' custom properties from the design tokens.

`mobile/kit/tokens.json` is the one source: the app's kit reads it, the pages, the signing desk and
the emulator's page get it as `tokens.css`. Run it after a change: `make tokens`. It adds no rule of
its own but the typeface.
"""

import json
from pathlib import Path
from typing import Any

TREE = Path(__file__).resolve().parent.parent
SOURCE = TREE / "mobile/kit/tokens.json"
TARGETS = tuple(
    TREE / folder / "static/tokens.css"
    for folder in ("cloud/web", "cloud/desk", "firmware_bridge/emulator/control")
)

HEADER = (
    "/* Made by scripts/tokens.py from mobile/kit/tokens.json; `make tokens` after a change. */\n"
)
PAGES = TARGETS[0]
WAITING = {PAGES: "optional"}
"""The clinic's pages move nothing once they are painted: on a slow first visit they keep the
system's letters, and have their own on the next page. The others, opened seldom, swap them in."""


def faces(display: str) -> str:
    return "".join(
        f"""
@font-face {{
  font-family: "Atkinson Hyperlegible Next";
  font-weight: {weight};
  font-display: {display};
  src: url("fonts/atkinson-hyperlegible-next-latin-{weight}-normal.woff2") format("woff2");
}}
"""
        for weight in (400, 700)
    )


def css_name(name: str) -> str:
    return name.replace("_", "-")


def colours(palette: dict[str, str]) -> dict[str, str]:
    return {css_name(name): value for name, value in palette.items()}


def light(tokens: dict[str, Any]) -> dict[str, str]:
    on = tokens["on"]
    return colours(tokens["light"]) | {
        "stop-text": tokens["light"]["stop"],
        "on-teal": on["teal"],
        "on-stop": on["stop"],
    }


def dark(tokens: dict[str, Any]) -> dict[str, str]:
    on = tokens["on"]
    return colours(tokens["dark"]) | {"on-teal": on["teal_dark"], "on-stop": on["stop"]}


def measures(tokens: dict[str, Any]) -> dict[str, str]:
    sizes = dict(tokens["type_page_px"])
    line_height = sizes.pop("line_height")
    radius = tokens["radius"]
    return (
        {"font": '"Atkinson Hyperlegible Next", system-ui, sans-serif'}
        | {f"text-{css_name(name)}": f"{px / 16:g}rem" for name, px in sizes.items()}
        | {"line-height": f"{line_height:g}"}
        | {f"space-{step}": f"{px}px" for step, px in enumerate(tokens["space"], start=1)}
        | {"radius-card": f"{radius['page_card']}px", "radius-button": f"{radius['page_button']}px"}
        | {"touch-least": f"{tokens['touch_dp']['least']}px"}
    )


def block(selector: str, scheme: str, properties: dict[str, str]) -> str:
    lines = [f"  color-scheme: {scheme};"]
    lines += [f"  --{name}: {value};" for name, value in properties.items()]
    return "\n".join([f"{selector} {{", *lines, "}"]) + "\n"


def indented(text: str) -> str:
    return "".join(f"  {line}" for line in text.splitlines(keepends=True))


def style_sheet(tokens: dict[str, Any], display: str) -> str:
    by_system = indented(block(':root:not([data-theme="light"])', "dark", dark(tokens)))
    return "\n".join(
        [
            HEADER + faces(display),
            block(":root", "light", light(tokens) | measures(tokens)),
            f"@media (prefers-color-scheme: dark) {{\n{by_system}}}\n",
            block(':root[data-theme="dark"]', "dark", dark(tokens)),
        ]
    )


def current_style_sheet(target: Path) -> str:
    return style_sheet(json.loads(SOURCE.read_text()), WAITING.get(target, "swap"))


if __name__ == "__main__":
    for target in TARGETS:
        target.write_text(current_style_sheet(target))
