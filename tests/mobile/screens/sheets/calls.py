"""Which functions of the presenters that make a view no sample calls.

    python -m tests.mobile.screens.sheets.calls

A process of its own, since samples are made at import. Prints a line for each; exit code 1 where
there are any.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Any, get_args

from mobile import presenters
from mobile.presenters.views import View

VIEWS = {"View", *(kind.__name__ for kind in get_args(View))}


def view_functions() -> Iterator[tuple[str, CodeType]]:
    """Yield each public function that returns a view, with its module's name."""
    for module_info in pkgutil.walk_packages(presenters.__path__, "mobile.presenters."):
        module = importlib.import_module(module_info.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            returned = function.__annotations__.get("return")
            is_own = function.__module__ == module.__name__
            if is_own and not name.startswith("_") and returned in VIEWS:
                yield f"{module.__name__}.{name}", function.__code__


def main() -> int:
    """Make every sample; print what wasn't called."""
    functions = dict(view_functions())
    called: set[CodeType] = set()

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            called.add(frame.f_code)

    sys.setprofile(note)
    try:
        from tests.mobile.screens.sheets.every import every_view

        every_view()
    finally:
        sys.setprofile(None)
    missing = sorted(name for name, code in functions.items() if code not in called)
    print("\n".join(missing), end="\n" if missing else "")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
