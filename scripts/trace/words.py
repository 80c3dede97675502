"""The safety case's tables and paragraphs in Markdown, from its rows and nothing else."""

from collections.abc import Iterable, Iterator

from scripts.trace.case import Control, Hazard, Level, Rule, SafetyCase

EMPTY = "-"


def table(heads: list[str], rows: Iterable[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cell or EMPTY for cell in line)} |\n" for line in lines)


def quoted(names: Iterable[str]) -> str:
    """Return places or tests under each other, as code."""
    return "<br>".join(f"`{name}`" for name in names)


def plain(names: Iterable[str]) -> str:
    return ", ".join(names)


def rule_names(numbers: Iterable[int]) -> str:
    return plain(f"R{number}" for number in numbers)


def levels(kind: tuple[Level, ...]) -> str:
    return table(["class", "means"], [[level.id, level.words] for level in kind])


def risk_table(case: SafetyCase) -> str:
    scales = case.scales
    return table(
        ["", *(level.id for level in scales.probability)],
        [[level.id, *(risk.value for risk in scales.risk[level.id])] for level in scales.severity],
    )


def state(case: SafetyCase, hazard: Hazard) -> str:
    if case.is_open(hazard):
        return "**open**"
    return "controlled here, **handed over**" if hazard.handed_over else "controlled"


def judged(case: SafetyCase, hazard: Hazard, probability: str) -> str:
    return f"{probability} {case.scales.risk_of(hazard.severity, probability).value}"


def overview(case: SafetyCase) -> str:
    rows = [
        [
            f"[{hazard.id}](#{hazard.id.lower()})",
            hazard.hazard,
            hazard.severity,
            judged(case, hazard, hazard.before),
            judged(case, hazard, hazard.after),
            state(case, hazard),
        ]
        for hazard in case.hazards
    ]
    return table(["id", "hazard", "severity", "before", "after", "state"], rows)


def hazards(case: SafetyCase) -> str:
    return "\n".join(_group(case, group) for group in case.groups)


def _group(case: SafetyCase, group: Level) -> str:
    members = [hazard for hazard in case.hazards if hazard.group == group.id]
    return f"### {group.words}\n\n" + "\n".join(_hazard(case, hazard) for hazard in members)


def _hazard(case: SafetyCase, hazard: Hazard) -> str:
    """One hazard as a block that can be read aloud."""
    before, after = (judged(case, hazard, each) for each in (hazard.before, hazard.after))
    risk = f"severity {hazard.severity}; risk before {before}, with all controls {after}"
    anchor = f'<a id="{hazard.id.lower()}"></a>'
    lines = [
        f"{anchor}**{hazard.id} {hazard.hazard}** ({state(case, hazard)})\n",
        f"- How it comes about: {hazard.situation}",
        f"- Harm: {hazard.harm}",
        f"- Estimate: {risk}.",
        *(f"- Control {_control_line(control)}" for control in case.controls_of(hazard)),
        *([f"- Brought about by {plain(hazard.made_by)}."] if hazard.made_by else []),
        f"- What is left: {hazard.residual}",
        *(f"- To close it: {words}" for words in what_closes(case, hazard)),
        *(f"- Handed over to {each.to.value}: {each.words}" for each in hazard.handed_over),
    ]
    return "\n".join(lines) + "\n"


def _control_line(control: Control) -> str:
    by = f", {rule_names(control.rules)}" if control.rules else ""
    planned = " **Planned.**" if control.planned else ""
    return (
        f"[{control.id}](#{control.id.lower()}) ({control.kind.value}{by}): {control.text}{planned}"
    )


def what_closes(case: SafetyCase, hazard: Hazard) -> list[str]:
    """Return what a hazard waits for, in words; nothing where it is controlled."""
    planned = plain(control.id for control in case.planned_of(hazard))
    return [*hazard.to_close, *([f"What is planned: {planned}."] if planned else [])]


def controls(case: SafetyCase) -> str:
    rows = [
        [
            f'<a id="{control.id.lower()}"></a>{control.id}',
            control.text,
            control.kind.value,
            rule_names(control.rules),
            quoted(control.places),
            "**planned**" if control.planned else quoted(control.tests),
            quoted(control.guards),
            plain(hazard.id for hazard in case.hazards_of(control)),
        ]
        for control in case.controls.values()
    ]
    heads = ["id", "control", "kind", "rules", "places", "tests", "model guards", "hazards"]
    return table(heads, rows)


def open_hazards(case: SafetyCase) -> str:
    rows = [
        [hazard.id, hazard.hazard, " ".join(what_closes(case, hazard))]
        for hazard in case.hazards
        if case.is_open(hazard)
    ]
    return table(["id", "hazard", "to close it"], rows) if rows else "Nothing is open.\n"


def handed_over(case: SafetyCase) -> str:
    rows = [
        [hazard.id, hazard.hazard, each.to.value, each.words]
        for hazard in case.hazards
        for each in hazard.handed_over
    ]
    return table(["id", "hazard", "to", "what"], rows) if rows else "Nothing is handed over.\n"


def planned_controls(case: SafetyCase) -> str:
    rows = [
        [control.id, control.text, rule_names(control.rules)]
        for control in case.controls.values()
        if control.planned
    ]
    return table(["id", "control", "rules"], rows) if rows else "No control is planned.\n"


def counted(case: SafetyCase) -> str:
    open_ones = sum(case.is_open(hazard) for hazard in case.hazards)
    planned = sum(control.planned for control in case.controls.values())
    tests = {test for control in case.controls.values() for test in control.tests}
    handed = sum(bool(hazard.handed_over) for hazard in case.hazards)
    controlled, verified = len(case.hazards) - open_ones, len(case.controls) - planned
    return (
        f"{len(case.hazards)} hazards: {controlled} controlled, {open_ones} open; "
        f"{handed} handed over in part to who can show what software can't. "
        f"{len(case.controls)} controls: {verified} verified by {len(tests)} tests, "
        f"{planned} planned.\n"
    )


def rule_sections(case: SafetyCase) -> str:
    sections = dict.fromkeys(rule.section for rule in case.rules)
    return "\n".join(f"## {section}\n\n{_rules(case, section)}" for section in sections)


def _rules(case: SafetyCase, section: str) -> str:
    heads = ["rule", "standing", "place", "tests", "model guards", "hazards", "missing"]
    return table(heads, [_rule(case, rule) for rule in case.rules if rule.section == section])


def _rule(case: SafetyCase, rule: Rule) -> list[str]:
    own = case.controls_for(rule)
    return [
        f"R{rule.number} {rule.name}",
        rule.standing.value,
        quoted(_each(control.places for control in own)),
        quoted(_each(control.tests for control in own)),
        quoted(_each(control.guards for control in own)),
        plain(hazard.id for hazard in case.hazards_for(rule)),
        rule.missing,
    ]


def _each(lists: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield from dict.fromkeys(name for names in lists for name in names)


def recalled(figures: list[tuple[str, str]], digest: str) -> str:
    rows = [[f"`{where}`", what] for where, what in figures]
    said = f"SHA-256 of the list of catalogue and limits: `{digest}`\n"
    return table(["where", "recalled"], rows) + "\n" + said


def open_in_short(case: SafetyCase) -> str:
    """Return what is open for a terminal, one line a hazard."""
    lines = [
        f"open  {hazard.id}  {hazard.hazard}: {' '.join(what_closes(case, hazard))}"
        for hazard in case.hazards
        if case.is_open(hazard)
    ]
    return "\n".join([*lines, ""])
