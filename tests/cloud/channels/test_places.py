"""Places: what a gateway that takes long may keep from the others."""

import pytest

from cloud.channels.places import (
    ALL_PLACES,
    CLINIC_PLACES,
    GATEWAY_PLACES,
    HOST_PLACES,
    SLOW_S,
    Gateway,
    Places,
)
from cloud.channels.service import MAIL, WEBHOOK

ONE = Gateway("clinic", "one.example")
QUICK_S, LONG_S = SLOW_S, SLOW_S + 0.1


def fill(places: Places, gateway: Gateway) -> int:
    """Take all that there is for a gateway; return how many that were."""
    count = 0
    while places.free(gateway):
        places.take(gateway)
        count += 1
    return count


def slow(places: Places, gateway: Gateway) -> Gateway:
    """Let a gateway have taken long."""
    places.take(gateway)
    places.leave(gateway, LONG_S)
    return gateway


def test_a_gateway_leaves_its_clinics_others_something() -> None:
    places = Places()
    assert fill(places, ONE) == GATEWAY_PLACES
    assert fill(places, Gateway("clinic", "two.example")) == CLINIC_PLACES - GATEWAY_PLACES
    assert places.free(Gateway("another", "one.example"))


@pytest.mark.parametrize(
    ("host", "most"), [("one.example", HOST_PLACES), ("{}.example", ALL_PLACES)]
)
def test_many_clinics_share_a_host_and_all_share_the_whole(host: str, most: int) -> None:
    places = Places()
    taken = [fill(places, Gateway(f"clinic-{n}", host.format(n))) for n in range(ALL_PLACES)]
    assert sum(taken) == most
    assert bool(places.free(Gateway("new", "new.example"))) == (most < ALL_PLACES)


def test_slow_gateways_share_half_and_leave_the_rest_to_those_that_answer() -> None:
    places = Places()
    assert fill(places, slow(places, ONE)) == GATEWAY_PLACES // 2
    beside = slow(places, Gateway("clinic", "two.example"))
    assert fill(places, beside) == CLINIC_PLACES // 2 - GATEWAY_PLACES // 2
    assert fill(places, Gateway("clinic", "three.example")) == CLINIC_PLACES // 2
    for number in range(ALL_PLACES):
        fill(places, slow(places, Gateway(f"clinic-{number}", f"{number}.example")))
    assert fill(places, Gateway("new", "new.example")) == GATEWAY_PLACES


def test_slow_clinics_of_one_host_leave_half_of_it_to_the_others() -> None:
    places = Places()
    taken = [
        fill(places, slow(places, Gateway(f"clinic-{n}", "one.example"))) for n in range(ALL_PLACES)
    ]
    assert sum(taken) == HOST_PLACES // 2
    assert fill(places, Gateway("new", "one.example")) == GATEWAY_PLACES


def test_a_gateway_that_answers_in_time_again_is_slow_no_more() -> None:
    places = Places()
    slow(places, ONE)
    places.take(ONE)
    places.leave(ONE, QUICK_S)
    assert fill(places, ONE) == GATEWAY_PLACES


def test_places_come_back() -> None:
    places = Places()
    for _ in range(2):
        taken = fill(places, ONE)
        assert taken == GATEWAY_PLACES
        for _ in range(taken):
            places.leave(ONE, QUICK_S)


def test_a_gateway_is_the_host_that_is_called_or_the_mail_server() -> None:
    one = Gateway.of("a", WEBHOOK, "https://Ring.example:8443/first?to=1")
    assert one == Gateway.of("a", WEBHOOK, "https://ring.example:8443/second")
    assert one != Gateway.of("a", WEBHOOK, "https://ring.example/first")
    assert one != Gateway.of("b", WEBHOOK, "https://ring.example:8443/first?to=1")
    assert Gateway.of("a", MAIL, "x@one.example") == Gateway.of("a", MAIL, "y@two.example")
