"""The matrix as a page: a summary, then a table for each phase. The same results, the same page.

Times are simulated and rounded up to seconds; hours of the clock are left out. Not for running.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from string import Template

from firmware_bridge.emulator.profile.figures import PROFILES
from tests.fault_matrix.ills import ILLS
from tests.fault_matrix.judging import PROMISES, STANDSTILL_LIMIT_MS
from tests.fault_matrix.phases import PHASES, Phase
from tests.fault_matrix.result import Result, Verdict

_HOURS = re.compile(r"\b\d{1,2}:\d\d(?::\d\d)?\b")
_AT_ONCE_MS = 1_000
_SENTENCES = 2
_PAGE = Path(__file__).parent / "page.md"
_NOTHING = "nothing: there is nothing to do"


def page(results: Iterable[Result]) -> str:
    """The whole page."""
    found = {result.key: result for result in results}
    tables = (f"## {phase.name.capitalize()}\n\n{_phase(phase, found)}" for phase in PHASES)
    return Template(_PAGE.read_text()).substitute(
        summary="\n\n".join(_summary(list(found.values()))),
        promises=_promises(),
        standstill=STANDSTILL_LIMIT_MS // 1000,
        faults=_faults(),
        phases=_phases(),
        tables="\n\n".join(tables),
    )


def _summary(results: list[Result]) -> Iterator[str]:
    lines = ["| profile | cells | hold | fail | impossible |", "|---|---|---|---|---|"]
    for profile in PROFILES:
        mine = [result for result in results if result.profile == profile]
        counts = [sum(result.verdict is verdict for result in mine) for verdict in Verdict]
        lines.append(f"| {profile} | {len(mine)} | {counts[0]} | {counts[1]} | {counts[2]} |")
    yield "\n".join(lines)
    lived = [result for result in results if result.recovered_ms is not None]
    if lived:
        worst = max(lived, key=lambda result: (result.recovered_ms or 0, result.key))
        yield (
            f"Worst cell by time to recover: **{worst.ill}** in **{worst.phase}** under "
            f"{worst.profile}, {_time(worst.recovered_ms)}."
        )
    failing = [result for result in results if result.verdict is Verdict.FAILS]
    if failing:
        yield "Cells that don't hold:"
        yield "\n".join(f"- {' / '.join(each.key)}: {'; '.join(each.why)}" for each in failing)


def _promises() -> str:
    return "\n".join(f"- {_words(each.__name__)}: {_sentence(each.__doc__)}" for each in PROMISES)


def _faults() -> str:
    lines = ["| fault | in the emulator's table | ends |", "|---|---|---|"]
    for ill in ILLS:
        names = ", ".join(f"`{name}` = {value}" for name, value in ill.faults.items())
        lines.append(f"| {ill.name} | {names} | {ill.over} |")
    return "\n".join(lines)


def _phases() -> str:
    lines = ["| phase | the fault strikes when |", "|---|---|"]
    return "\n".join([*lines, *(f"| {phase.name} | {phase.meaning} |" for phase in PHASES)])


def _phase(phase: Phase, found: dict[tuple[str, str, str], Result]) -> str:
    lines = [
        "| fault | app and device | recovers | the patient is told | in the end |",
        "|---|---|---|---|---|",
    ]
    for ill in ILLS:
        pair = [found.get((profile, phase.name, ill.name)) for profile in PROFILES]
        lines.append(_row(ill.name, [each for each in pair if each is not None]))
    return "\n".join(lines)


def _row(name: str, results: Sequence[Result]) -> str:
    if not results:
        return f"| {name} | not run | | | |"
    first = results[0]
    if first.verdict is Verdict.IMPOSSIBLE:
        return f"| {name} | impossible: {first.why[0]} | | | |"
    cells = [name, _each(results, _together), _each(results, lambda r: _time(r.recovered_ms))]
    return "| " + " | ".join([*cells, _told(first), _each(results, _end)]) + " |"


def _each(results: Sequence[Result], said: Callable[[Result], str]) -> str:
    return "; ".join(dict.fromkeys(said(result) for result in results))


def _together(result: Result) -> str:
    return f"{_without_hours(result.app)} / {result.device}"


def _end(result: Result) -> str:
    verdict = "" if result.verdict is Verdict.HOLDS else "**fails**: "
    end = result.end.partition(":")[0]
    said = [end, result.update, f"{result.fired} fired, {result.charged} charged"]
    return verdict + "; ".join(filter(None, said))


def _told(result: Result) -> str:
    whole = [text for text in result.told if text.rstrip().endswith((".", "?"))]
    said = (whole or list(result.told))[:_SENTENCES]
    return _without_hours(" ".join(f'"{text}"' for text in said)) or _NOTHING


def _time(milliseconds: int | None) -> str:
    if milliseconds is None:
        return "never"
    return "at once" if milliseconds < _AT_ONCE_MS else f"{-(-milliseconds // 1000)} s"


def _without_hours(text: str) -> str:
    return _HOURS.sub("hh:mm", text).replace("|", "/")


def _words(name: str) -> str:
    return name.replace("_", " ")


def _sentence(doc: str | None) -> str:
    text = " ".join((doc or "").split()).rstrip(".")
    return text[:1].lower() + text[1:] + "."
