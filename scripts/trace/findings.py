"""Says what of a safety case doesn't hold, as findings that name the row and the field.

A claim without evidence is a finding; that something is open is none, it is printed.
"""

from collections.abc import Iterator

from scripts.trace.case import Control, Hazard, Risk, Rule, SafetyCase, Standing
from scripts.trace.places import Places
from scripts.trace.runs import NO_REPORT, Model, TestRun
from scripts.trace.toml_rows import Finding


def claims(case: SafetyCase) -> Iterator[Finding]:
    """What the rows say of each other, with nothing else looked at."""
    for control in case.controls.values():
        yield from _claim(case, control)
    for hazard in case.hazards:
        yield from _judgement(case, hazard)
    for rule in case.rules:
        yield from _carried(case, rule)


def _claim(case: SafetyCase, control: Control) -> Iterator[Finding]:
    if not control.planned and not control.tests:
        yield Finding(
            control.id, "tests", 'a claimed control has none: name one, or call it "planned"'
        )
    if not control.planned and not control.places:
        yield Finding(control.id, "places", "a claimed control stands nowhere")
    if not case.hazards_of(control):
        yield Finding(control.id, "id", "no hazard names this control")


def _judgement(case: SafetyCase, hazard: Hazard) -> Iterator[Finding]:
    scales = case.scales
    if not hazard.controls and not hazard.to_close:
        yield Finding(hazard.id, "controls", "there is none, and nothing that would close it")
    if scales.rank(hazard.after) > scales.rank(hazard.before):
        yield Finding(hazard.id, "after", "is more probable than before the controls")
    if hazard.handed_over and len(case.planned_of(hazard)) == len(hazard.controls):
        yield Finding(hazard.id, "handed_over", "nothing of it is controlled here")
    left_to = hazard.to_close or hazard.handed_over
    if scales.risk_of(hazard.severity, hazard.after) is Risk.HIGH and not left_to:
        yield Finding(hazard.id, "after", "the risk stays high, and nothing is named to close it")


def _carried(case: SafetyCase, rule: Rule) -> Iterator[Finding]:
    name, controls = f"R{rule.number}", case.controls_for(rule)
    if not controls:
        yield Finding(name, "controls", "no hazard has a control by this rule")
        return
    planned = [control.id for control in controls if control.planned]
    if rule.standing is Standing.REAL and planned:
        yield Finding(name, "standing", f"is real, yet {', '.join(planned)} are planned")
    if rule.standing is Standing.TO_COME and len(planned) < len(controls):
        yield Finding(name, "standing", "is to come, yet a control by it is verified")
    if rule.standing in (Standing.SIMPLE, Standing.PARTLY) and len(planned) == len(controls):
        yield Finding(name, "standing", "all its controls are planned: it is to come")
    if rule.standing is not Standing.REAL and not rule.missing:
        yield Finding(name, "missing", f"is {rule.standing.value}: say what is missing")


def existence(case: SafetyCase, places: Places, model: Model) -> Iterator[Finding]:
    """Whether code, tests and guards that the rows name are there."""
    for control in case.controls.values():
        for place in control.places:
            if problem := places.problem_of(place):
                yield Finding(control.id, "places", problem)
        for test in control.tests:
            if problem := places.problem_of_test(test):
                yield Finding(control.id, "tests", problem)
        for guard in control.guards:
            if problem := model.problem_of(guard, control.rules):
                yield Finding(control.id, "guards", problem)


def evidence(case: SafetyCase, run: TestRun) -> Iterator[Finding]:
    """Whether the tests named passed when they last ran."""
    if not run.reports:
        yield Finding("the last run", "reports", NO_REPORT)
        return
    for control in case.controls.values():
        for test in control.tests:
            if problem := run.problem_of(test):
                yield Finding(control.id, "tests", problem)
