"""Only the phone's own, unchanged and fresh requests are answered."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.trust.keys import SoftwareKey
from tests.cloud.phone import Phone


def test_signed_request_is_answered(phone: Phone) -> None:
    assert phone.get("/v1/sync?cursor=0").status_code == 200


def test_replayed_request_is_refused(phone: Phone) -> None:
    request = phone.signed("GET", "/v1/sync?cursor=0")
    assert phone.send(request).status_code == 200
    again = phone.send(request)
    assert (again.status_code, again.json()["code"]) == (401, "replay")


def test_request_signed_by_another_key_is_refused(phone: Phone) -> None:
    request = phone.signed("GET", "/v1/sync?cursor=0", key=SoftwareKey.generate())
    assert phone.send(request).status_code == 401


def test_request_of_an_unknown_phone_is_refused(phone: Phone) -> None:
    phone.given["phone_id"] = "demo." + "00" * 16
    assert phone.get("/v1/sync?cursor=0").status_code == 401


def test_unsigned_request_is_refused(phone: Phone) -> None:
    answer = phone.client.get("/v1/sync?cursor=0")
    assert (answer.status_code, answer.json()["code"]) == (401, "signature")


def test_changed_body_is_refused(phone: Phone) -> None:
    request = phone.signed("POST", "/v1/items", {"items": []})
    changed = phone.client.build_request(
        "POST", "/v1/items", content=b'{"items":[ ]}', headers=dict(request.headers)
    )
    assert phone.send(changed).status_code == 401


def test_signature_for_another_address_is_refused(phone: Phone) -> None:
    request = phone.signed("GET", "/v1/sync?cursor=0")
    moved = phone.client.build_request("GET", "/v1/sync?cursor=9", headers=dict(request.headers))
    assert phone.send(moved).status_code == 401


@pytest.mark.parametrize(("hours", "status"), [(-23, 200), (23, 200), (-25, 401), (25, 401)])
def test_phone_clock_may_be_wrong_by_a_day(phone: Phone, hours: int, status: int) -> None:
    phone.ahead = timedelta(hours=hours)
    assert phone.get("/v1/sync?cursor=0").status_code == status


def test_body_above_the_limit_is_refused(phone: Phone) -> None:
    answer = phone.client.post("/v1/items", content=bytes(8 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("spelling", [str.upper, lambda name: f" {name}", lambda name: f"{name} "])
def test_a_phone_has_one_name(phone: Phone, spelling: Callable[[str], str]) -> None:
    clinic_id, _, name = phone.given["phone_id"].rpartition(".")
    phone.given["phone_id"] = f"{clinic_id}.{spelling(name)}"
    answer = phone.post("/v1/items", {"items": []})
    assert (answer.status_code, answer.json()["code"]) == (401, "signature")
