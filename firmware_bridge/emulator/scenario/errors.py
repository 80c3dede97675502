"""A scenario that can't be read: the file, the line, the field, and what is wanted there."""

from __future__ import annotations


class ScenarioBroken(Exception):
    """A scenario file is not what one is."""

    code = "scenario_broken"

    def __init__(self, file: str, line: int | None, field: str, problem: str) -> None:
        place = file if line is None else f"{file}, line {line}"
        super().__init__(f"{place}: {field}: {problem}")
        self.file = file
        self.line = line
        self.field = field
