"""The safety case as values: hazards, controls, rules, and the scales that they are judged by.

What belongs together is derived here and nowhere else: the tests of a rule are those of its
controls, and a hazard is open exactly as long as something of it is.
"""

from dataclasses import dataclass, field
from enum import StrEnum

RULES = 31


class Kind(StrEnum):
    """Risk control options in the order in which ISO 14971 (7.1) wants them chosen."""

    DESIGN = "inherent design"
    MEASURE = "protective measure"
    INFORMATION = "information for safety"


class Standing(StrEnum):
    """How far a rule is carried out."""

    REAL = "real"
    SIMPLE = "simple"
    PARTLY = "partly"
    TO_COME = "to come"


class Receiver(StrEnum):
    """Who shows what no software can."""

    BOARD = "a board"
    PEOPLE = "people"
    CLINIC = "a clinic"


class Risk(StrEnum):
    """What severity and probability make together."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True)
class Level:
    """One step of a scale."""

    id: str
    words: str


@dataclass(frozen=True)
class Scales:
    """Severity, probability, and the risk that a pair of them makes."""

    severity: tuple[Level, ...]
    probability: tuple[Level, ...]
    risk: dict[str, tuple[Risk, ...]]

    def risk_of(self, severity: str, probability: str) -> Risk:
        """Return the risk of a severity at a probability."""
        return self.risk[severity][self.rank(probability)]

    def rank(self, probability: str) -> int:
        """Return a probability's place on its scale, 0 for the least."""
        return [level.id for level in self.probability].index(probability)


@dataclass(frozen=True)
class Control:
    """One thing that makes a hazard less likely or less grave, with its evidence.

    ``planned`` says that it isn't there yet, or that nothing shows it.
    """

    id: str
    text: str
    kind: Kind
    rules: tuple[int, ...]
    planned: bool
    places: tuple[str, ...]
    tests: tuple[str, ...]
    guards: tuple[str, ...]


@dataclass(frozen=True)
class HandedOver:
    """What stays to be shown where no software can show it, and who can."""

    to: Receiver
    words: str


@dataclass(frozen=True)
class Hazard:
    """One hazard with what leads to harm, what is done about it, and what is left.

    ``after`` is the probability once every control named stands. ``made_by`` names the controls
    that bring this hazard about (ISO 14971, 7.5); ``to_close`` says what this product
    still has to do beside controls that are planned; ``handed_over`` what it can't do.
    """

    id: str
    group: str
    hazard: str
    situation: str
    harm: str
    severity: str
    before: str
    after: str
    controls: tuple[str, ...]
    made_by: tuple[str, ...]
    residual: str
    to_close: tuple[str, ...]
    handed_over: tuple[HandedOver, ...]


@dataclass(frozen=True)
class Rule:
    """One of the device's rules, and how far it stands."""

    number: int
    name: str
    section: str
    standing: Standing
    missing: str


@dataclass(frozen=True)
class SafetyCase:
    """All rows, with the questions that documents and checks ask of them."""

    scales: Scales
    groups: tuple[Level, ...]
    controls: dict[str, Control]
    hazards: tuple[Hazard, ...]
    rules: tuple[Rule, ...]
    retired: frozenset[str] = field(default_factory=frozenset)

    def controls_of(self, hazard: Hazard) -> list[Control]:
        """Return a hazard's controls, in its own order."""
        return [self.controls[name] for name in hazard.controls]

    def planned_of(self, hazard: Hazard) -> list[Control]:
        """Return those of a hazard's controls that don't stand yet."""
        return [control for control in self.controls_of(hazard) if control.planned]

    def is_open(self, hazard: Hazard) -> bool:
        """Tell whether something of a hazard is still to be done here."""
        return bool(hazard.to_close or self.planned_of(hazard))

    def hazards_of(self, control: Control) -> list[Hazard]:
        """Return the hazards that a control works against."""
        return [hazard for hazard in self.hazards if control.id in hazard.controls]

    def controls_for(self, rule: Rule) -> list[Control]:
        """Return the controls that carry a rule out."""
        return [each for each in self.controls.values() if rule.number in each.rules]

    def hazards_for(self, rule: Rule) -> list[Hazard]:
        """Return the hazards that a rule works against, by its controls."""
        names = {control.id for control in self.controls_for(rule)}
        return [hazard for hazard in self.hazards if names & set(hazard.controls)]
