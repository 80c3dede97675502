"""Of Kivy's own style sheet only what our screens need, until more is asked for.

Kivy reads the looks of all its widgets when it's imported, which takes a quarter of that time;
ours are drawn by the kit. Lines to type into still look as Kivy's, and ask for the rest.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

_SHEET = "style.kv"
_NEEDED = {"<Label>:", "<StencilView>:", "<ScrollView>:"}
_rest = ""


def import_lean(home: Path) -> None:
    """Import Kivy's builder with the rules of labels and scrolling views alone.

    ``home`` is Kivy's own folder. Where the builder is there already, all of it stays.
    """
    if "kivy.lang.builder" in sys.modules:
        return
    import kivy
    import kivy.resources

    global _rest
    own = kivy.kivy_data_dir
    blocks = re.split(r"(?m)^(?=<)", Path(own, _SHEET).read_text("utf-8"))
    head, rules = blocks[0], blocks[1:]
    needed = [rule for rule in rules if rule.split("\n", 1)[0].strip() in _NEEDED]
    (home / _SHEET).write_text(head + "".join(needed), "utf-8")
    kivy.kivy_data_dir = str(home)
    try:
        import kivy.lang.builder
    finally:
        kivy.kivy_data_dir = own
    _rest = head + "".join(rule for rule in rules if rule not in needed)


def import_rest() -> None:
    """Take the other rules too; nothing happens the second time."""
    global _rest
    from kivy.lang import Builder

    rest, _rest = _rest, ""
    if rest:
        Builder.load_string(rest, rulesonly=True)
