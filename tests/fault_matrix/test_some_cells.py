"""Some cells of the matrix, under either profile; `make fault-matrix` runs them all."""

from __future__ import annotations

import pytest

from tests.fault_matrix.cells import cells_of
from tests.fault_matrix.ills import ILLS
from tests.fault_matrix.phases import PHASES
from tests.fault_matrix.result import Verdict
from tests.fault_matrix.running import Work, run_piece

SAMPLE = (
    Work("desktop", "scan", ("dropped values", "watchdog reboot"), seed=1),
    Work("cortex-m4", "pair", ("link loss",), seed=1),
    Work("cortex-m4", "secure", ("lost bond", "frozen firmware"), seed=1),
    Work("desktop", "sync", ("self-test failure", "bad flash block"), seed=1),
    Work("desktop", "transfer", ("link loss", "reordered values"), seed=1),
    Work("cortex-m4", "arm", ("link loss", "frozen firmware"), seed=1),
    Work("desktop", "start", ("contact lost",), seed=1),
    Work("desktop", "train", ("power cut at a flash byte", "one pulse more", "lost bond"), seed=1),
    Work("cortex-m4", "train", ("link loss", "bad flash block"), seed=1),
    Work("desktop", "pause", ("clock lost", "stuck button"), seed=1),
    Work("desktop", "update, sending", ("power cut at a flash byte", "battery at 5 %"), seed=1),
    Work("cortex-m4", "update, swap", ("brown-out", "bad flash block"), seed=1),
    Work("cortex-m4", "update, trial", ("watchdog reboot", "self-test failure"), seed=1),
    Work("cortex-m4", "close", ("corrupted values", "watchdog reboot"), seed=1),
)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("work", SAMPLE, ids=lambda work: f"{work.profile} {work.phase}")
def test_the_day_goes_on_and_nothing_is_lost(work: Work) -> None:
    results = run_piece(work)
    assert {result.ill for result in results} == set(work.ills)
    assert {result.key: result.why for result in results if result.verdict is Verdict.FAILS} == {}


def test_every_fault_meets_every_phase_or_says_why_not() -> None:
    cells = [cell for phase in PHASES for cell in cells_of(phase)]
    assert len(cells) == len(ILLS) * len(PHASES)
    assert all(cell.impossible is None or cell.impossible.endswith(".") for cell in cells)
    for ill in ILLS:
        assert any(cell.impossible is None for cell in cells if cell.ill is ill)
