"""One table of a TOML file, read field by field; what is wrong is gathered, not raised at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing that doesn't hold: where (an id), which field, and a sentence."""

    where: str
    field: str
    words: str

    def __str__(self) -> str:
        return f"{self.where} {self.field}: {self.words}"


class CaseError(ValueError):
    """The files aren't a safety case; ``findings`` names every row and field at fault."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


@dataclass
class Row:
    """A table and the name that it is complained about under."""

    where: str
    values: dict[str, Any]
    wrong: list[Finding]
    read: set[str] = field(default_factory=set)

    def complain(self, field: str, words: str) -> None:
        """Note what is wrong with a field."""
        self.wrong.append(Finding(self.where, field, words))

    def text(self, field: str, *, default: str | None = None) -> str:
        """Return a text that isn't empty."""
        self.read.add(field)
        value = self.values.get(field, default)
        if isinstance(value, str) and (value.strip() or value == default):
            return value.strip()
        self.complain(field, "is missing" if value is None else f"should be words, is {value!r}")
        return ""

    def choice(self, field: str, known: Iterable[str], *, default: str | None = None) -> str:
        """Return one of the known words; the first of them where it is none."""
        options = list(known)
        value = self.text(field, default=default)
        if value in options:
            return value
        if value:
            self.complain(field, f"{value!r} is unknown; known are {', '.join(options)}")
        return options[0]

    def texts(self, field: str) -> tuple[str, ...]:
        """Return a list of texts, each once; an absent list is empty."""
        self.read.add(field)
        value = self.values.get(field, [])
        if not isinstance(value, list) or not all(isinstance(e, str) and e for e in value):
            self.complain(field, f"should be a list of words, is {value!r}")
            return ()
        twice = sorted({each for each in value if value.count(each) > 1})
        if twice:
            self.complain(field, f"names {', '.join(twice)} twice")
        return tuple(dict.fromkeys(value))

    def end(self) -> None:
        """Complain about every field that nobody asked for."""
        for name in sorted(self.values.keys() - self.read):
            self.complain(name, "is no field of this row")
