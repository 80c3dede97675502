"""Reads docs/safety/hazards.toml and rules.toml into a `SafetyCase`, or says all that is wrong.

Only the files' own form is judged here. Whether tests, places and guards exist is for `findings`.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.trace.case import (
    RULES,
    Control,
    HandedOver,
    Hazard,
    Kind,
    Level,
    Receiver,
    Risk,
    Rule,
    SafetyCase,
    Scales,
    Standing,
)
from scripts.trace.toml_rows import CaseError, Finding, Row

HAZARDS_FILE = "docs/safety/hazards.toml"
RULES_FILE = "docs/safety/rules.toml"
RULE_NAME = re.compile(r"R([1-9]\d?)")


def read_case(root: Path) -> SafetyCase:
    """Return the safety case of a tree; raise CaseError with every finding."""
    wrong: list[Finding] = []
    hazards_file = _table(root / HAZARDS_FILE, HAZARDS_FILE, wrong)
    rules_file = _table(root / RULES_FILE, RULES_FILE, wrong)
    if wrong:
        raise CaseError(wrong)
    scales = _scales(hazards_file, wrong)
    groups = _levels(hazards_file, "group", wrong)
    controls = [_control(row) for row in _rows(hazards_file, "control", wrong)]
    known = _Known(scales, groups, {control.id for control in controls})
    case = SafetyCase(
        scales=scales,
        groups=groups,
        controls={control.id: control for control in controls},
        hazards=tuple(_hazard(row, known) for row in _rows(hazards_file, "hazard", wrong)),
        rules=tuple(_rule(row) for row in _rows(rules_file, "rule", wrong)),
        retired=frozenset(_top(hazards_file, wrong).texts("retired")),
    )
    wrong += _numbering(case, [control.id for control in controls])
    if wrong:
        raise CaseError(wrong)
    return case


def _table(path: Path, name: str, wrong: list[Finding]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        wrong.append(Finding(name, "file", "is missing"))
    except tomllib.TOMLDecodeError as error:
        wrong.append(Finding(name, "file", f"is no TOML: {error}"))
    return {}


def _top(file: dict[str, Any], wrong: list[Finding]) -> Row:
    return Row(HAZARDS_FILE, file, wrong)


def _rows(file: dict[str, Any], kind: str, wrong: list[Finding]) -> Iterator[Row]:
    tables = file.get(kind, [])
    if not isinstance(tables, list) or not tables:
        wrong.append(Finding(kind, "rows", f"the file has no [[{kind}]]"))
        return
    for position, values in enumerate(tables, start=1):
        row = Row(str(values.get("id", f"{kind} {position}")), values, wrong)
        yield row
        row.end()


def _levels(file: dict[str, Any], kind: str, wrong: list[Finding]) -> tuple[Level, ...]:
    return tuple(Level(row.text("id"), row.text("words")) for row in _rows(file, kind, wrong))


def _scales(file: dict[str, Any], wrong: list[Finding]) -> Scales:
    severity = _levels(file, "severity", wrong)
    probability = _levels(file, "probability", wrong)
    row = Row("risk", file.get("risk", {}), wrong)
    risk = {level.id: _risks(row, level.id, len(probability)) for level in severity}
    row.end()
    return Scales(severity, probability, risk)


def _risks(row: Row, field: str, wanted: int) -> tuple[Risk, ...]:
    row.read.add(field)
    names = row.values.get(field)
    known = [risk.value for risk in Risk]
    if isinstance(names, list) and len(names) == wanted and all(name in known for name in names):
        return tuple(map(Risk, names))
    row.complain(field, f"should be {wanted} of {', '.join(known)}, is {names!r}")
    return (Risk.HIGH,) * wanted


class _Known:
    """The ids that a hazard may name."""

    def __init__(self, scales: Scales, groups: tuple[Level, ...], controls: set[str]) -> None:
        self.severity = [level.id for level in scales.severity] or ["S1"]
        self.probability = [level.id for level in scales.probability] or ["P1"]
        self.groups = [level.id for level in groups] or ["-"]
        self.controls = controls


def _control(row: Row) -> Control:
    control = Control(
        id=row.text("id"),
        text=row.text("text"),
        kind=Kind(row.choice("kind", [kind.value for kind in Kind])),
        rules=tuple(_rule_number(row, name) for name in row.texts("rules")),
        planned=row.choice("status", ["verified", "planned"]) == "planned",
        places=row.texts("places"),
        tests=row.texts("tests"),
        guards=row.texts("guards"),
    )
    if control.planned and control.tests:
        row.complain("status", 'is "planned", yet the control names tests: call it "verified"')
    return control


def _rule_number(row: Row, name: str) -> int:
    match = RULE_NAME.fullmatch(name)
    number = int(match[1]) if match else 0
    if not 1 <= number <= RULES:
        row.complain("rules", f"{name!r} is none of R1 to R{RULES}")
    return number


def _hazard(row: Row, known: _Known) -> Hazard:
    return Hazard(
        id=row.text("id"),
        group=row.choice("group", known.groups),
        hazard=row.text("hazard"),
        situation=row.text("situation"),
        harm=row.text("harm"),
        severity=row.choice("severity", known.severity),
        before=row.choice("before", known.probability),
        after=row.choice("after", known.probability),
        controls=_control_names(row, "controls", known),
        made_by=_control_names(row, "made_by", known),
        residual=row.text("residual"),
        to_close=row.texts("to_close"),
        handed_over=tuple(_handed_over(row, line) for line in row.texts("handed_over")),
    )


def _handed_over(row: Row, line: str) -> HandedOver:
    """Read ``a board: The countdown measured.``"""
    to, _, words = line.partition(": ")
    known = [each.value for each in Receiver]
    if to not in known or not words:
        row.complain("handed_over", f"should be one of {', '.join(known)}, a colon, words: {line}")
        return HandedOver(Receiver.BOARD, line)
    return HandedOver(Receiver(to), words)


def _control_names(row: Row, field: str, known: _Known) -> tuple[str, ...]:
    names = row.texts(field)
    strange = [name for name in names if name not in known.controls]
    if strange:
        row.complain(field, f"there is no control {', '.join(strange)}")
    return tuple(name for name in names if name in known.controls)


def _rule(row: Row) -> Rule:
    name = row.text("id")
    return Rule(
        number=_rule_number(row, name),
        name=row.text("name"),
        section=row.text("section"),
        standing=Standing(row.choice("standing", [each.value for each in Standing])),
        missing=row.text("missing", default=""),
    )


def _numbering(case: SafetyCase, controls: list[str]) -> Iterator[Finding]:
    """Ids are for ever: none is used twice, none leaves but by the list of retired ones."""
    yield from _series("H", [hazard.id for hazard in case.hazards], case.retired)
    yield from _series("C", controls, case.retired)
    if [rule.number for rule in case.rules] != list(range(1, RULES + 1)):
        yield Finding(RULES_FILE, "id", f"should be R1 to R{RULES}, each once, in order")


def _series(letter: str, ids: list[str], retired: frozenset[str]) -> Iterator[Finding]:
    form = re.compile(rf"{letter}(0[1-9]|[1-9]\d+)")
    strange = [name for name in ids if not form.fullmatch(name)]
    for name in strange:
        yield Finding(name, "id", f"should be {letter} and a number, such as {letter}07")
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield Finding(name, "id", "is used twice")
    for name in sorted(retired & set(ids)):
        yield Finding(name, "id", "is retired and never used again")
    used = set(ids) | {name for name in retired if form.fullmatch(name)}
    last = max((int(name[1:]) for name in used if form.fullmatch(name)), default=0)
    for gone in sorted({f"{letter}{n:02}" for n in range(1, last + 1)} - used):
        yield Finding(gone, "id", 'is left out: a row that goes is named in "retired"')
