"""Each state can be left, none is reached but by the table, and a wrong step is loud."""

import pytest

from firmware_bridge.link import LinkLost, LinkState, OutOfTurn
from firmware_bridge.link.states import FOLLOWS, Standing

PAIRS = [(one, other) for one in LinkState for other in LinkState if one is not other]


def standing_at(state: LinkState) -> Standing:
    """Led there by the table alone."""
    ways: dict[LinkState, list[LinkState]] = {LinkState.OFF: []}
    while state not in ways:
        for here, way in list(ways.items()):
            for there in FOLLOWS[here]:
                ways.setdefault(there, [*way, there])
    standing = Standing()
    for step in ways[state]:
        standing.enter(step)
    return standing


@pytest.mark.parametrize("state", LinkState)
def test_every_state_can_be_reached_and_let_go(state: LinkState) -> None:
    standing = standing_at(state)
    assert standing.state is state
    standing.enter(LinkState.OFF)
    assert standing.state is LinkState.OFF


@pytest.mark.parametrize(("present", "wanted"), PAIRS)
def test_only_what_the_table_says_follows(present: LinkState, wanted: LinkState) -> None:
    standing = standing_at(present)
    if wanted in FOLLOWS[present]:
        standing.enter(wanted)
        assert standing.state is wanted
        return
    with pytest.raises(OutOfTurn):
        standing.enter(wanted)
    assert standing.state is present


def test_ready_is_reached_by_securing_and_syncing_alone() -> None:
    before = [state for state, after in FOLLOWS.items() if LinkState.READY in after]
    assert before == [LinkState.SYNCING]
    before = [state for state, after in FOLLOWS.items() if LinkState.SYNCING in after]
    assert before == [LinkState.SECURING]


def test_a_state_keeps_its_reason_until_it_is_left() -> None:
    standing = standing_at(LinkState.READY)
    why = LinkLost()
    standing.enter(LinkState.LOST, why)
    standing.enter(LinkState.LOST)
    assert standing.reason is why
    standing.enter(LinkState.SECURING)
    assert standing.reason is None
