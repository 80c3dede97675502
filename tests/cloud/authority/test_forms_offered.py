"""No page offers a form that its reader's role may not send."""

import re

from fastapi import FastAPI
from starlette.routing import compile_path
from starlette.testclient import TestClient

from cloud.channels.service import MAIL, add_channel
from cloud.oncall.rota import Turn
from cloud.oncall.service import add_turn
from cloud.people.authority import Role
from cloud.people.service import add_member
from tests.cloud.authority.expected import DASHBOARD
from tests.cloud.authority.people import Town
from tests.cloud.authority.test_matrix import knock
from tests.cloud.worlds import World

FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)


def offered(text: str) -> set[str]:
    """Where the page's forms go that have a button."""
    return {action for action, body in FORM.findall(text) if "<button" in body}


def test_no_page_offers_a_form_that_its_reader_may_not_send(
    world: World, app: FastAPI, pages: TestClient, town: Town
) -> None:
    now_ms = world.clock.now_ms
    with world.database.write("demo") as session:
        member = add_member(session, "demo", "On Call", Role.PRESCRIBER, now_ms=now_ms)
        add_turn(session, "demo", Turn(1, member.staff_id, 0, 0))
        add_channel(session, "demo", member.staff_id, MAIL, "a@clinic.example", now_ms=now_ms)
    # The longest pattern first: what names less would match it too.
    posts = sorted((path for method, path in DASHBOARD if method == "POST"), key=len, reverse=True)
    known = [(compile_path(path)[0], DASHBOARD["POST", path]) for path in posts]
    wrong, seen = [], 0
    for name in (each.value for each in Role):
        for method, path in sorted(DASHBOARD):
            if method != "GET" or path.endswith("/events"):
                continue
            answer = knock(pages, town.visitors[name], method, path, town.own)
            if answer.status_code != 200 or "<form" not in answer.text:
                continue
            for action in offered(answer.text):
                seen += 1
                route = next(r for pattern, r in known if pattern.match(action.partition("?")[0]))
                if not route.nobody and name not in route.who:
                    wrong.append((name, path, action))
    assert wrong == []
    assert seen > 100
